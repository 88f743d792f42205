using System.CommandLine;
using Rectify.Data;
using Rectify.Evaluation;
using Spectre.Console;
using static System.FormattableString;

namespace Rectify.Cli;

/// <summary>rectify compare.</summary>
internal static class CompareCommand
{
    private const string Help =
        """
        Compares two evaluations of the same images: whether B is really better than A, and in which classes.

        Example: rectify compare relu.scores.safetensors prelu.scores.safetensors
        Example: rectify compare relu-1 prelu-1 --top 1 --json
        A and B are files that rectify evaluate or rectify combine has saved, or runs in whose folder scores/ there is one such file.
        Only images that one gets right and the other wrong tell the two apart (McNemar's test); classes are counted as in the paper's Figure 7.
        """;

    private const int ClassesShown = 10;

    public static Command Create()
    {
        Argument<string> first = new("A") { Description = "Scores, or a run that holds some." };
        Argument<string> second = new("B") { Description = "Scores of the same images." };
        TopOption top = new();
        Option<bool> json = new("--json") { Description = "Print one JSON object as the last line of standard output." };
        Command command = new("compare", Help) { first, second, top.Option, json };
        command.SetAction(result =>
        {
            ScoreMember a = ScorePlace.Load(result.GetValue(first)!);
            int counted = top.For(result, a.Table.Classes.Count);
            ScoreMember b = ScorePlace.Load(result.GetValue(second)!);
            b = b with { Table = ScoreAlignment.To(a, b) };
            Comparison comparison = new(
                a, b, ErrorCounts.Of(a.Table), ErrorCounts.Of(b.Table), McNemarTest.Between(a.Table, b.Table, counted), ClassComparison.Of(a.Table, b.Table, counted));
            TextWriter output = result.InvocationConfiguration.Output;
            Print(result.GetValue(json) ? result.InvocationConfiguration.Error : output, comparison, ScorePlace.WordsOf(a.Name));
            if (result.GetValue(json))
            {
                WriteJson(output, comparison);
            }
        });
        return command;
    }

    private static void Print(TextWriter people, Comparison comparison, IReadOnlyDictionary<string, string> words)
    {
        int top = comparison.Classes.Top;
        IAnsiConsole console = Tables.ConsoleOn(people);
        Table table = Tables.New(["", "scores", "of"], ["top-1 error (95 %)", "top-5 error (95 %)"]);
        foreach ((string letter, ScoreMember member, ErrorCounts counts) in
            (ReadOnlySpan<(string, ScoreMember, ErrorCounts)>)[("A", comparison.A, comparison.First), ("B", comparison.B, comparison.Second)])
        {
            string origin = $"{member.Table.Origin.Model}, {member.Table.Origin.View}";
            table.AddRow(letter, Markup.Escape(member.Name), Markup.Escape(origin), ErrorText.Rate(counts, 1), ErrorText.Rate(counts, 5));
        }

        console.Write(table);
        if (ErrorText.Human(comparison.A.Table.Classes) is { } human)
        {
            people.WriteLine(human);
        }

        double gain = comparison.Gain;
        McNemarTest test = comparison.Test;
        people.WriteLine(Invariant($"on {comparison.First.Images:N0} images B's top-{top} error is ")
            + (gain == 0 ? "that of A" : Invariant($"{Math.Abs(gain):F2} points {(gain > 0 ? "lower" : "higher")} than A's"))
            + Invariant($"; A alone is wrong on {test.FirstOnly:N0}, B alone on {test.SecondOnly:N0}"));
        string p = test.P < 1e-4 ? "p < 0.0001" : Invariant($"p = {test.P:F4}");
        people.WriteLine(test.IsReal ? $"the difference is real at 5 % (McNemar's test, {p})" : $"the difference could be chance (McNemar's test, {p})");
        ClassComparison classes = comparison.Classes;
        people.WriteLine(Invariant($"top-{top} error by classes, from A to B: improved in {classes.Improved:N0}, ")
            + Invariant($"unchanged in {classes.Unchanged:N0}, worse in {classes.Worse:N0}"));
        IEnumerable<ClassChange> changed = classes.Classes.Where(each => each.Reduction != 0);
        ClassChange[] most = [.. changed.OrderByDescending(each => Math.Abs(each.Reduction)).ThenBy(each => each.Class).Take(ClassesShown)];
        if (most.Length > 0)
        {
            Table changes = Tables.New(["classes that changed most"], ["images", "errors of A", "errors of B", "points lower"]);
            foreach (ClassChange each in most)
            {
                changes.AddRow(
                    Markup.Escape(ClassWords.Label(each.Name, words)),
                    Tables.Number(each.Images),
                    Tables.Number(each.FirstErrors),
                    Tables.Number(each.SecondErrors),
                    Invariant($"{each.Reduction:F2}"));
            }

            console.Write(changes);
        }
    }

    private static void WriteJson(TextWriter output, Comparison comparison) => JsonLine.Write(output, json =>
    {
        json.WriteString("a", comparison.A.Name);
        json.WriteString("b", comparison.B.Name);
        json.WriteNumber("top", comparison.Classes.Top);
        ErrorText.Write(json, "errorsOfA", comparison.First);
        ErrorText.Write(json, "errorsOfB", comparison.Second);
        json.WriteNumber("pointsLower", comparison.Gain);
        json.WriteNumber("onlyAWrong", comparison.Test.FirstOnly);
        json.WriteNumber("onlyBWrong", comparison.Test.SecondOnly);
        json.WriteNumber("p", comparison.Test.P);
        json.WriteBoolean("real", comparison.Test.IsReal);
        json.WriteNumber("improved", comparison.Classes.Improved);
        json.WriteNumber("unchanged", comparison.Classes.Unchanged);
        json.WriteNumber("worse", comparison.Classes.Worse);
        json.WriteStartArray("classes");
        foreach (ClassChange each in comparison.Classes.Classes)
        {
            json.WriteStartObject();
            json.WriteString("class", each.Name);
            json.WriteNumber("images", each.Images);
            json.WriteNumber("errorsOfA", each.FirstErrors);
            json.WriteNumber("errorsOfB", each.SecondErrors);
            json.WriteNumber("pointsLower", each.Reduction);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private sealed record Comparison(ScoreMember A, ScoreMember B, ErrorCounts First, ErrorCounts Second, McNemarTest Test, ClassComparison Classes)
    {
        public double Gain => First.ErrorPercent(Classes.Top) - Second.ErrorPercent(Classes.Top);
    }
}
