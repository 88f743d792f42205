using System.Globalization;
using Rectify.Evaluation;

namespace Rectify.Reproduction;

/// <summary>Errors on the test images beside the paper's, with intervals: over the seeds where there are several, else over the images.</summary>
internal static class ViewErrorTable
{
    /// <summary>The table.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="what">Heading of the first column.</param>
    /// <param name="rows">Its rows.</param>
    public static ResultTable Of(string title, string what, IReadOnlyList<Row> rows) => new(
        $"{title}, with 95 % intervals over the {(rows[0].Errors.Count > 1 ? "seeds" : "images")}",
        [what, "paper: top-1", "top-5", "ours: top-1", "top-5"],
        [.. rows.Select(row => (IReadOnlyList<string>)[row.Name, Paper(row.PaperTop1), Paper(row.PaperTop5), Errors(row.Errors, 1), Errors(row.Errors, 5)])]);

    /// <summary>What was counted, with its interval.</summary>
    public static string Errors(IReadOnlyList<ErrorCounts> seeds, int top)
    {
        if (seeds.Count > 1)
        {
            return MeanInterval.Of([.. seeds.Select(errors => errors.ErrorPercent(top))]).ToString();
        }

        WilsonInterval interval = seeds[0].Interval(top);
        return string.Create(CultureInfo.InvariantCulture, $"{seeds[0].ErrorPercent(top):F2} ({interval.Lower:F1} to {interval.Upper:F1})");
    }

    private static string Paper(double percent) => double.IsNaN(percent) ? "" : percent.ToString("F2", CultureInfo.InvariantCulture);

    /// <summary>A row.</summary>
    /// <param name="Name">What it is of.</param>
    /// <param name="PaperTop1">The paper's, in percent; NaN where it has none.</param>
    /// <param name="PaperTop5">Likewise.</param>
    /// <param name="Errors">Ours, a seed each.</param>
    internal sealed record Row(string Name, double PaperTop1, double PaperTop5, IReadOnlyList<ErrorCounts> Errors);
}
