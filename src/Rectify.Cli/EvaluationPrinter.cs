using System.Globalization;
using System.Text.Json;
using Rectify.Data;
using Rectify.Evaluation;
using Spectre.Console;
using static System.FormattableString;

namespace Rectify.Cli;

/// <summary>Prints what rectify evaluate counted, for people or machines.</summary>
internal static class EvaluationPrinter
{
    private const int FailuresShown = 5;

    /// <summary>The table and a sentence.</summary>
    public static void Print(TextWriter people, ViewEvaluation evaluation, ViewOptions views, EvaluatedRuns runs)
    {
        Table table = Tables.New(["run", "shorter side"], ["top-1 error (95 %)", "top-5 error (95 %)"]);
        bool several = evaluation.Members.Count > 1;
        foreach (MemberErrors member in evaluation.Members)
        {
            foreach (ScaleErrors scale in member.Scales)
            {
                Row(table, member.Name, Invariant($"{scale.Scale}"), scale.Errors);
            }

            if (member.Scales.Count > 1)
            {
                Row(table, member.Name, "all", member.Errors);
            }
        }

        if (several)
        {
            Row(table, "together", "", evaluation.Errors);
        }

        Tables.ConsoleOn(people).Write(table);
        string model = several ? Invariant($"{evaluation.Members.Count} runs") : runs.Networks[0].Recipe.Model;
        string checkpoint = string.Join(", ", runs.Networks.Select(network => network.Checkpoint).Distinct());
        string scales = evaluation.Members.Max(member => member.Scales.Count) is > 1 and int count ? Invariant($", {count} scales") : "";
        string view = views.Kind == ViewKind.TenView ? "10 views" : $"{ViewNames.Of(views.Kind)} view";
        string speed = evaluation.ImagesPerSecond.ToString(evaluation.ImagesPerSecond < 100 ? "G3" : "N0", CultureInfo.InvariantCulture);
        ErrorCounts errors = evaluation.Errors;
        people.WriteLine(
            Invariant($"top-1 error {errors.Top1ErrorPercent:F2} %, top-5 error {errors.Top5ErrorPercent:F2} % on {errors.Images:N0} images ")
            + Invariant($"({model}, checkpoint {checkpoint}, {view}{scales}; {speed} images/s)"));
        if (evaluation.Failures.Count > 0)
        {
            people.WriteLine(views.SkipUnreadable
                ? Invariant($"{evaluation.Failures.Count:N0} more could not be read and are left out.")
                : Invariant($"{evaluation.Failures.Count:N0} of them could not be read and count as errors."));
        }

        if (ErrorText.Human(runs.Networks[0].Recipe.Classes) is { } human)
        {
            people.WriteLine(human);
        }
    }

    /// <summary>Names the images that could not be read: the first few, and how many more.</summary>
    public static void Name(TextWriter errors, IReadOnlyList<SampleFailure> failures)
    {
        foreach (SampleFailure failure in failures.Take(FailuresShown))
        {
            CommandTree.Tell(errors, $"could not be read: {failure.Reason}");
        }

        if (failures.Count > FailuresShown)
        {
            CommandTree.Tell(errors, Invariant($"and {failures.Count - FailuresShown:N0} more; rectify dataset check names them all"));
        }
    }

    /// <summary>The same as one object; "scales" are those of a run alone, of several each has its own.</summary>
    public static void WriteJson(TextWriter output, ViewEvaluation evaluation, ViewOptions views, Action<Utf8JsonWriter> more) => JsonLine.Write(output, json =>
    {
        ErrorText.WriteRates(json, evaluation.Errors);
        json.WriteNumber("images", evaluation.Errors.Images);
        json.WriteNumber("unreadable", evaluation.Failures.Count);
        json.WriteBoolean("unreadableSkipped", views.SkipUnreadable);
        json.WriteString("view", ViewNames.Of(views.Kind));
        json.WriteNumber("imagesPerSecond", evaluation.ImagesPerSecond);
        if (evaluation.Members is [var one])
        {
            WriteScales(json, one);
        }
        else
        {
            json.WriteStartArray("runs");
            foreach (MemberErrors member in evaluation.Members)
            {
                json.WriteStartObject();
                json.WriteString("run", member.Name);
                ErrorText.WriteRates(json, member.Errors);
                WriteScales(json, member);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        more(json);
    });

    private static void Row(Table table, string run, string scale, ErrorCounts errors) =>
        table.AddRow(Markup.Escape(run), scale, ErrorText.Rate(errors, 1), ErrorText.Rate(errors, 5));

    private static void WriteScales(Utf8JsonWriter json, MemberErrors member)
    {
        json.WriteStartArray("scales");
        foreach (ScaleErrors scale in member.Scales)
        {
            json.WriteStartObject();
            json.WriteNumber("s", scale.Scale);
            ErrorText.WriteRates(json, scale.Errors);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
