using Rectify.Diagnostics;

namespace Rectify.Reports;

/// <summary>The signal at each layer, at the start of training and now.</summary>
internal static class SignalSection
{
    private const string Id = "signal";
    private const string Title = "The signal through its layers";

    public static Section Create(ReportFacts report)
    {
        RunFacts run = report.Run;
        if (run.Signal is not { } signal)
        {
            return Section.Without(Id, Title, run.WhyNoSignal);
        }

        Html page = new();
        page.Add($"<p>One forward and one backward pass of {Numbers.Of(signal.Images, "picture")}, measured and, by section 2.2 of the paper with the maps' edges, strides and ");
        page.Add($"poolings reckoned in, predicted. ");
        if (signal.Start.Count > 0)
        {
            page.Add($"“At the start” is the initialization ({run.Recipe.Initialization}, seed {run.Recipe.Training.Seed}) drawn anew, ");
            page.Add($"“now” the checkpoint {run.Network?.Checkpoint}.</p>\n");
        }
        else
        {
            page.Add($"The start is not shown: {signal.WhyNoStart}.</p>\n");
        }

        page.AddMarkup("<div class=\"pair\">\n");
        SignalChart.Forward(signal).Write(page);
        SignalChart.Backward(signal).Write(page);
        page.AddMarkup("</div>\n");
        WriteTable(page, signal);
        return new Section(Id, Title, page);
    }

    private static void WriteTable(Html page, SignalFacts signal)
    {
        page.AddMarkup("<details><summary>The same as a table, as it is now</summary>");
        HtmlTable table = new(page, "Signal by layer, over the first and the last", "layer", "#forward, predicted", "#measured", "#backward, predicted", "#measured");
        foreach (PropagationRow row in signal.End)
        {
            string backward = row.MeasuredBackward is { } measured ? Numbers.Short(measured) : "–";
            table.Add(row.Name, Numbers.Short(row.PredictedForward), Numbers.Short(row.MeasuredForward), Numbers.Short(row.PredictedBackward), backward);
        }

        table.End();
        page.AddMarkup("</details>\n");
    }
}
