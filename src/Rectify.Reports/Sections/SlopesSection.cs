using Rectify.Diagnostics;

namespace Rectify.Reports;

/// <summary>The learned slopes, as in the paper's Table 1.</summary>
internal static class SlopesSection
{
    private const string Id = "slopes";
    private const string Title = "The slopes that it learned";

    public static Section Create(ReportFacts report)
    {
        RunFacts run = report.Run;
        IReadOnlyList<SlopeStatistics> slopes = run.Slopes;
        if (SlopesChart.Create(slopes) is not { } chart)
        {
            return Section.Without(Id, Title, run.Network is null
                ? run.WhyNoNetwork
                : $"Learned slopes: its rectifiers ({run.Recipe.Activation}) have none; train with --activation prelu.");
        }

        Html page = new();
        SlopeStatistics first = slopes[0];
        page.Add($"<p>Checkpoint {run.Network!.Checkpoint}: the first rectifier, {first.Layer}, has a mean slope of {Numbers.Decimals(first.Mean, 3)}");
        if (slopes.Count > 1)
        {
            double deeper = slopes.Skip(1).Average(slope => slope.Mean);
            page.Add($", the deeper ones {Numbers.Decimals(deeper, 3)} on average");
        }

        page.AddMarkup(". In the paper's Table 1 the first layer has 0.681 where its channels share a slope and 0.596 where each has its own, so that it keeps both ");
        page.AddMarkup("signs of its edges, and deeper layers in general have less.</p>\n");
        chart.Write(page);
        page.AddMarkup("<details><summary>The same as a table</summary>");
        HtmlTable table = new(page, "Learned slopes", "rectifier", "#slopes", "#mean", "#least", "#largest");
        foreach (SlopeStatistics slope in slopes)
        {
            table.Add(slope.Layer, Numbers.Count(slope.Count), Numbers.Decimals(slope.Mean, 3), Numbers.Decimals(slope.Least, 3), Numbers.Decimals(slope.Most, 3));
        }

        table.End();
        page.AddMarkup("</details>\n");
        return new Section(Id, Title, page);
    }
}
