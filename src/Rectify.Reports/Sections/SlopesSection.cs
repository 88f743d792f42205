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
        page.AddMarkup("<details><summary>The same as a table</summary><div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Slopes\"><table><caption>Learned slopes</caption>");
        page.AddMarkup("<thead><tr><th scope=\"col\">rectifier</th><th scope=\"col\" class=\"number\">slopes</th><th scope=\"col\" class=\"number\">mean</th>");
        page.AddMarkup("<th scope=\"col\" class=\"number\">least</th><th scope=\"col\" class=\"number\">largest</th></tr></thead><tbody>\n");
        foreach (SlopeStatistics slope in slopes)
        {
            page.Add($"<tr><th scope=\"row\">{slope.Layer}</th><td class=\"number\">{slope.Count:N0}</td><td class=\"number\">{slope.Mean:F3}</td>");
            page.Add($"<td class=\"number\">{slope.Least:F3}</td><td class=\"number\">{slope.Most:F3}</td></tr>\n");
        }

        page.AddMarkup("</tbody></table></div></details>\n");
        return new Section(Id, Title, page);
    }
}
