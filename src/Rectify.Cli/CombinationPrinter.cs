using System.Text.Json;
using Rectify.Evaluation;
using Spectre.Console;
using static System.FormattableString;

namespace Rectify.Cli;

/// <summary>Prints what rectify combine found, for people or machines.</summary>
internal static class CombinationPrinter
{
    /// <summary>For people.</summary>
    public static void Print(TextWriter people, CombinedScores combined)
    {
        IAnsiConsole console = Tables.ConsoleOn(people);
        Table table = Tables.New(["scores", "of"], ["top-1 error (95 %)", "top-5 error (95 %)"]);
        foreach (ScoreMember member in combined.All.Members)
        {
            ErrorCounts counts = ErrorCounts.Of(member.Table);
            string origin = $"{member.Table.Origin.Model}, {member.Table.Origin.View}";
            table.AddRow(Markup.Escape(member.Name), Markup.Escape(origin), ErrorText.Rate(counts, 1), ErrorText.Rate(counts, 5));
        }

        table.AddRow("together", "", ErrorText.Rate(combined.Together, 1), ErrorText.Rate(combined.Together, 5));
        console.Write(table);
        people.WriteLine(Invariant($"top-1 error {combined.Together.Top1ErrorPercent:F2} %, top-5 error {combined.Together.Top5ErrorPercent:F2} % ")
            + Invariant($"of {combined.All.Members.Count} together on {combined.Together.Images:N0} images"));
        if (combined.Together.Unreadable > 0)
        {
            people.WriteLine(Invariant($"{combined.Together.Unreadable:N0} of them could not be read and count as errors."));
        }

        if (ErrorText.Human(combined.All.Members[0].Table.Classes) is { } human)
        {
            people.WriteLine(human);
        }

        if (combined.LeftOut.Count > 0)
        {
            console.Write(LeftOutTable(combined));
        }

        if (combined.Steps.Count > 0)
        {
            PrintChoice(people, console, combined);
        }
    }

    /// <summary>What a reader should know before believing the numbers.</summary>
    public static void Warn(TextWriter errors, CombinedScores combined)
    {
        foreach ((ScoreMember first, ScoreMember again) in combined.All.Repeated())
        {
            errors.WriteLine($"Warning: {first.Name} and {again.Name} are scores of the same weights by the same view: that network counts twice.");
        }

        if (combined.Steps.Count > 0 && !combined.ChosenOnOthers)
        {
            errors.WriteLine("Warning: chosen on the very images whose errors are shown, the few look better than they are; choose on others with --choose-on.");
        }
    }

    /// <summary>For machines.</summary>
    public static void WriteJson(TextWriter output, CombinedScores combined) => JsonLine.Write(output, json =>
    {
        ErrorText.Write(json, combined.Together);
        json.WriteStartArray("members");
        foreach (ScoreMember member in combined.All.Members)
        {
            json.WriteStartObject();
            json.WriteString("scores", member.Name);
            json.WriteString("model", member.Table.Origin.Model);
            ErrorText.Write(json, ErrorCounts.Of(member.Table));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (combined.LeftOut.Count > 0)
        {
            json.WriteStartArray("leaveOneOut");
            foreach (LeftOut each in combined.LeftOut)
            {
                json.WriteStartObject();
                json.WriteString("without", each.Name);
                ErrorText.Write(json, each.Without);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (combined.Steps.Count > 0)
        {
            WriteChoice(json, combined);
        }
    });

    private static Table LeftOutTable(CombinedScores combined)
    {
        Table table = Tables.New(["all without"], ["top-1 error", "points more", "top-5 error", "points more"]);
        foreach (LeftOut each in combined.LeftOut)
        {
            table.AddRow(
                Markup.Escape(each.Name),
                ErrorText.Percent(each.Without.Top1ErrorPercent),
                Invariant($"{each.Without.Top1ErrorPercent - combined.Together.Top1ErrorPercent:F2}"),
                ErrorText.Percent(each.Without.Top5ErrorPercent),
                Invariant($"{each.Without.Top5ErrorPercent - combined.Together.Top5ErrorPercent:F2}"));
        }

        return table;
    }

    private static void PrintChoice(TextWriter people, IAnsiConsole console, CombinedScores combined)
    {
        Table table = Tables.New(["one by one", ""], [$"top-{combined.Top} error where chosen", "top-1 error", "top-5 error"]);
        for (int i = 0; i < combined.Steps.Count; i++)
        {
            (SelectionStep step, ErrorCounts reported) = combined.Steps[i];
            table.AddRow(
                Markup.Escape($"{(i == 0 ? "" : "+ ")}{combined.All.Members[step.Member].Name}"),
                i < combined.Chosen.Count ? "chosen" : "",
                ErrorText.Percent(step.Errors.ErrorPercent(combined.Top)),
                ErrorText.Percent(reported.Top1ErrorPercent),
                ErrorText.Percent(reported.Top5ErrorPercent));
        }

        console.Write(table);
        people.WriteLine(Invariant($"{combined.Chosen.Count} of {combined.All.Members.Count} chosen by top-{combined.Top} error: top-1 error ")
            + $"{ErrorText.Rate(combined.ChosenErrors, 1)}, top-5 error {ErrorText.Rate(combined.ChosenErrors, 5)}");
    }

    private static void WriteChoice(Utf8JsonWriter json, CombinedScores combined)
    {
        json.WriteStartObject("greedy");
        json.WriteNumber("top", combined.Top);
        json.WriteBoolean("chosenOnOtherImages", combined.ChosenOnOthers);
        json.WriteStartArray("chosen");
        foreach (int member in combined.Chosen)
        {
            json.WriteStringValue(combined.All.Members[member].Name);
        }

        json.WriteEndArray();
        ErrorText.Write(json, combined.ChosenErrors);
        json.WriteStartArray("steps");
        foreach ((SelectionStep step, ErrorCounts reported) in combined.Steps)
        {
            json.WriteStartObject();
            json.WriteString("add", combined.All.Members[step.Member].Name);
            ErrorText.Write(json, "whereChosen", step.Errors);
            ErrorText.Write(json, "reported", reported);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
