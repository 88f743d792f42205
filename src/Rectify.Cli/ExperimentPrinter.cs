using Rectify.Reproduction;
using Spectre.Console;
using static System.FormattableString;

namespace Rectify.Cli;

/// <summary>Shows what an experiment found: its curves, its numbers, its claims and their judgements.</summary>
internal static class ExperimentPrinter
{
    public static void Print(TextWriter people, ExperimentResult result)
    {
        foreach (IGrouping<(string Quantity, string Unit), ResultCurve> curves in result.Curves.Where(curve => !curve.IsLogarithmic).GroupBy(curve => (curve.Quantity, curve.Unit)))
        {
            people.WriteLine();
            people.WriteLine(Invariant($"{curves.Key.Quantity} by {curves.Key.Unit}"));
            CurvePlot.Write(people, [.. curves]);
        }

        IAnsiConsole console = Tables.ConsoleOn(people);
        foreach (ResultTable numbers in ResultTables.Of(result))
        {
            people.WriteLine();
            people.WriteLine(numbers.Title);
            Table table = Tables.New([numbers.Columns[0]], [.. numbers.Columns.Skip(1)]);
            foreach (IReadOnlyList<string> row in numbers.Rows)
            {
                table.AddRow([.. row.Select(Markup.Escape)]);
            }

            console.Write(table);
        }

        foreach (JudgedClaim claim in result.Claims)
        {
            people.WriteLine(Invariant($"{Judgements.NameOf(claim.Judgement)}: {claim.Claim}{(claim.Paper.Length > 0 ? $" ({claim.Paper})" : "")}"));
            people.WriteLine($"  ours: {claim.Ours}");
            people.WriteLine($"  test: {claim.Test}");
        }

        foreach (string difference in result.Differences)
        {
            people.WriteLine($"differs from the paper: {difference}");
        }

        people.WriteLine(Invariant($"{result.Name}: {Judgements.NameOf(result.Judgement)}; {result.Minutes:F1} minutes of training and measuring"));
    }
}
