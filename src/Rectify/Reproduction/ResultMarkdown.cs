using System.Globalization;
using System.Text;

namespace Rectify.Reproduction;

/// <summary>A result as Markdown: claims and judgements, numbers, setting, what differs from the paper.</summary>
internal static class ResultMarkdown
{
    /// <summary>The text.</summary>
    public static string Of(ExperimentResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        StringBuilder text = new();
        string scale = result.Scale.Length > 0 ? $", {result.Scale}" : "";
        Line(text, $"# {result.Name}{scale}: {Judgements.NameOf(result.Judgement)}");
        Line(text, "");
        Line(text, $"{result.Place} of He, Zhang, Ren and Sun (2015).");
        Line(text, "");
        if (result.Claims.Count > 0)
        {
            Table(
                text,
                ["the paper", "its numbers", "ours", "test, fixed beforehand", "judgement"],
                result.Claims.Select(claim => (IReadOnlyList<string>)[claim.Claim, claim.Paper, claim.Ours, claim.Test, Judgements.NameOf(claim.Judgement)]));
        }

        foreach (ResultTable table in ResultTables.Of(result))
        {
            Line(text, $"## {table.Title}");
            Line(text, "");
            Table(text, table.Columns, table.Rows);
        }

        Line(text, "## How it was run");
        Line(text, "");
        Table(text, ["", ""], Facts(result));
        if (result.Differences.Count > 0)
        {
            Line(text, "## What differs from the paper");
            Line(text, "");
            foreach (string difference in result.Differences)
            {
                Line(text, $"- {difference}");
            }

            Line(text, "");
        }

        return text.ToString();
    }

    private static IEnumerable<IReadOnlyList<string>> Facts(ExperimentResult result)
    {
        (string What, string Is)[] facts =
        [
            ("setting", result.Setting),
            ("seeds", result.Seeds > 0 ? result.Seeds.ToString(CultureInfo.InvariantCulture) : ""),
            ("intervals", result.Seeds > 1 ? "95 %, Student's t over the seeds" : ""),
            ("command", result.Command.Length > 0 ? $"`{result.Command}`" : ""),
            ("minutes", result.Minutes.ToString("F1", CultureInfo.InvariantCulture)),
            ("machine", result.Machine),
        ];
        return facts.Where(fact => fact.Is.Length > 0).Select(fact => (IReadOnlyList<string>)[fact.What, fact.Is]);
    }

    private static void Table(StringBuilder text, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        Line(text, $"| {string.Join(" | ", columns.Select(Cell))} |");
        Line(text, $"|{string.Concat(Enumerable.Repeat("---|", columns.Count))}");
        foreach (IReadOnlyList<string> row in rows)
        {
            Line(text, $"| {string.Join(" | ", row.Select(Cell))} |");
        }

        Line(text, "");
    }

    private static string Cell(string cell) => cell.Replace("|", "\\|", StringComparison.Ordinal).Replace('\n', ' ');

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
