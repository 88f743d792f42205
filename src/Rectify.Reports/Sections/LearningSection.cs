using Rectify.Training;

namespace Rectify.Reports;

/// <summary>How it learned: error, loss and learning rate over epochs.</summary>
internal static class LearningSection
{
    private const string Id = "learning";
    private const string Title = "How it learned";

    public static Section Create(ReportFacts report)
    {
        RunHistory history = report.Run.History;
        Chart?[] charts = [ErrorCurves.Create(report.Runs), LossCurves.Create(report.Runs), RateCurve.Create(report.Runs)];
        if (charts.All(chart => chart is null))
        {
            return Section.Without(Id, Title, $"The run has no log of steps or epochs yet; go on with: rectify train --resume {report.Run.Name}");
        }

        Html page = new();
        if (history.Best is { } best)
        {
            page.Add($"<p>The least validation error, {Numbers.Percent(best.Top1Error)}, came in epoch {best.Epoch} of {history.Epochs[^1].Epoch}.");
            if (history.Epochs[^1] is { TrainingTop1Error: { } training, Top1Error: { } last })
            {
                page.Add($" In the last epoch it erred on {Numbers.Percent(training)} of its training crops and on {Numbers.Percent(last)} of the validation images.");
            }

            page.AddMarkup("</p>\n");
        }

        if (history.FadedAt is { } faded)
        {
            page.Add($"<p>At step {faded:N0} training warned that no gradient arrived.</p>\n");
        }

        foreach (Chart chart in charts.OfType<Chart>())
        {
            chart.Write(page);
        }

        WriteTable(page, history);
        return new Section(Id, Title, page);
    }

    private static void WriteTable(Html page, RunHistory history)
    {
        if (history.Epochs.Count == 0)
        {
            return;
        }

        page.AddMarkup("<details><summary>The same as a table, epoch by epoch</summary>");
        HtmlTable table = new(page, "Errors in percent", "#epoch", "#training loss", "#training top-1", "#loss", "#top-1", "#top-5", "#images/s");
        foreach (EpochPoint epoch in history.Epochs)
        {
            table.Add(
                Numbers.Count(epoch.Epoch),
                Numbers.Decimals(epoch.TrainingLoss, 4),
                Numbers.Decimals(epoch.TrainingTop1Error, 2),
                Numbers.Decimals(epoch.Loss, 4),
                Numbers.Decimals(epoch.Top1Error, 2),
                Numbers.Decimals(epoch.Top5Error, 2),
                Numbers.Decimals(epoch.ImagesPerSecond, 0));
        }

        table.End();
        page.AddMarkup("</details>\n");
    }
}
