using System.Globalization;
using System.Text.Json;
using Rectify.Diagnostics;
using Rectify.Initialization;
using Spectre.Console;

namespace Rectify.Cli;

/// <summary>Shows diagnoses: tables with bars for people, JSON for machines.</summary>
internal static class DiagnosisPrinter
{
    // Below this many columns the table leaves out what can be looked up with a wider one.
    private const int Wide = 150;

    // A bar spans so many powers of ten below 1.
    private const double Decades = 6.0;
    private const int BarWidth = 8;

    public static void Write(TextWriter people, Diagnosis diagnosis)
    {
        IAnsiConsole console = Tables.ConsoleOn(people);
        bool wide = console.Profile.Width >= Wide;
        console.Write(wide ? WideTable(diagnosis) : NarrowTable(diagnosis));
        if (!wide)
        {
            people.WriteLine($"(fan-in, fan-out and predictions: {Wide} columns or more)");
        }

        people.WriteLine("std: of the weights; he: the std that keeps the gradient's variance; ×: on it");
        people.WriteLine("forward, backward: std relative to the first and to the last layer");
        people.WriteLine($"bars: empty at 1e-{Decades:0}, full at 1, + beyond 2");
        people.WriteLine(diagnosis.Advice.Length > 0 ? $"{diagnosis.Sentence}; {diagnosis.Advice}" : diagnosis.Sentence);
    }

    public static void WriteComparison(TextWriter people, IReadOnlyList<(InitializationScheme Scheme, Diagnosis Diagnosis)> all)
    {
        Table table = Tables.New(["init", "verdict"], ["first loss", "forward gain", "backward gain"]);
        table.AddColumn(new TableColumn("backward").NoWrap());
        foreach ((InitializationScheme scheme, Diagnosis diagnosis) in all)
        {
            table.AddRow(
                scheme.ToString(),
                NameOf(diagnosis.Verdict),
                diagnosis.Evidence.Loss.ToString("G4", CultureInfo.InvariantCulture),
                Gain(diagnosis.Evidence.ForwardGain),
                Gain(diagnosis.Evidence.BackwardGain),
                Bar(diagnosis.Evidence.BackwardGain));
        }

        Tables.ConsoleOn(people).Write(table);
    }

    public static void WriteJson(TextWriter output, Diagnosis diagnosis) => JsonLine.Write(output, json =>
    {
        WriteVerdict(json, diagnosis);
        json.WriteString("sentence", diagnosis.Sentence);
        json.WriteString("advice", diagnosis.Advice);
        Number(json, "loss", diagnosis.Evidence.Loss);
        json.WriteStartArray("layers");
        foreach (PropagationRow row in diagnosis.Layers)
        {
            json.WriteStartObject();
            json.WriteString("name", row.Name);
            json.WriteNumber("fanIn", row.FanIn);
            json.WriteNumber("fanOut", row.FanOut);
            Number(json, "std", row.Std);
            Number(json, "heStd", row.HeStd);
            Number(json, "forwardFactor", row.ForwardFactor);
            Number(json, "backwardFactor", row.BackwardFactor);
            Number(json, "predictedForward", row.PredictedForward);
            Number(json, "measuredForward", row.MeasuredForward);
            Number(json, "predictedBackward", row.PredictedBackward);
            Number(json, "measuredBackward", row.MeasuredBackward);
            Number(json, "deadShare", row.DeadShare);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public static void WriteComparisonJson(TextWriter output, IReadOnlyList<(InitializationScheme Scheme, Diagnosis Diagnosis)> all) =>
        JsonLine.Write(output, json =>
        {
            json.WriteStartArray("comparison");
            foreach ((InitializationScheme scheme, Diagnosis diagnosis) in all)
            {
                json.WriteStartObject();
                json.WriteString("init", scheme.ToString());
                WriteVerdict(json, diagnosis);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });

    private static void WriteVerdict(Utf8JsonWriter json, Diagnosis diagnosis)
    {
        json.WriteString("verdict", NameOf(diagnosis.Verdict));
        Number(json, "forwardGain", diagnosis.Evidence.ForwardGain);
        Number(json, "backwardGain", diagnosis.Evidence.BackwardGain);
    }

    private static Table WideTable(Diagnosis diagnosis)
    {
        Table table = Tables.New(
            ["layer"],
            ["fan-in", "fan-out", "std", "he", "×forward", "×backward", "forward:\npredicted", "\nmeasured", "backward:\npredicted", "\nmeasured", "dead"]);
        AddBars(table);
        foreach (PropagationRow row in diagnosis.Layers)
        {
            table.AddRow(
                Markup.Escape(row.Name),
                Tables.Number(row.FanIn),
                Tables.Number(row.FanOut),
                Std(row.Std),
                Std(row.HeStd),
                Factor(row.ForwardFactor),
                Factor(row.BackwardFactor),
                Gain(row.PredictedForward),
                Gain(row.MeasuredForward),
                Gain(row.PredictedBackward),
                Gain(row.MeasuredBackward),
                Percent(row.DeadShare),
                Bar(row.MeasuredForward),
                Bar(row.MeasuredBackward));
        }

        return table;
    }

    private static Table NarrowTable(Diagnosis diagnosis)
    {
        Table table = Tables.New(["layer"], ["std", "he", "×fwd", "×bwd", "fwd", "bwd", "dead"]);
        AddBars(table);
        foreach (TableColumn column in table.Columns)
        {
            column.Padding(0, 1);
        }

        foreach (PropagationRow row in diagnosis.Layers)
        {
            table.AddRow(
                Markup.Escape(row.Name),
                Std(row.Std),
                Std(row.HeStd),
                Factor(row.ForwardFactor),
                Factor(row.BackwardFactor),
                Gain(row.MeasuredForward),
                Gain(row.MeasuredBackward),
                Percent(row.DeadShare),
                Bar(row.MeasuredForward),
                Bar(row.MeasuredBackward));
        }

        return table;
    }

    private static void AddBars(Table table)
    {
        table.AddColumn(new TableColumn("forward").NoWrap());
        table.AddColumn(new TableColumn("backward").NoWrap());
    }

    private static string Bar(double? gain)
    {
        if (gain is not { } value || double.IsNaN(value))
        {
            return "";
        }

        if (value > 2.0)
        {
            return new string('█', BarWidth - 1) + "+";
        }

        double full = value > 0 ? Math.Clamp(BarWidth * (1.0 + (Math.Log10(value) / Decades)), 0.0, BarWidth) : 0.0;
        int halves = (int)Math.Round(2 * full);
        return (new string('█', halves / 2) + (halves % 2 == 1 ? "▌" : "")).PadRight(BarWidth, '·');
    }

    private static string NameOf(Verdict verdict) => verdict.ToString().ToLowerInvariant();

    private static string Std(double std) => std >= 0.0001 ? std.ToString("0.0000", CultureInfo.InvariantCulture) : Gain(std);

    private static string Factor(double factor) => factor is >= 0.01 and < 100 or 0 ? factor.ToString("0.00", CultureInfo.InvariantCulture) : Gain(factor);

    private static string Gain(double? gain) => gain switch
    {
        null => "",
        >= 0.01 and < 100 or 0 => gain.Value.ToString("0.000", CultureInfo.InvariantCulture),
        _ => gain.Value.ToString("0.0e0", CultureInfo.InvariantCulture),
    };

    private static string Percent(double share) => share.ToString("P0", CultureInfo.InvariantCulture);

    // JSON has no NaN and no infinity.
    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
