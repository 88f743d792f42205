using System.Text.Json.Nodes;
using Rectify.Training;

namespace Rectify.Reports;

/// <summary>Cross-entropy over epochs: of mini-batches, averaged over some at a time, and of the validation images.</summary>
internal static class LossCurves
{
    private const int MostPoints = 120;

    /// <summary>The chart; null where there is no loss.</summary>
    public static Chart? Create(IReadOnlyList<RunFacts> runs)
    {
        JsonArray values = [];
        foreach (RunFacts run in runs)
        {
            foreach ((double epoch, double loss) in Averages(run.History))
            {
                Curves.Add(values, run.Name, Curves.Training, epoch, loss);
            }

            foreach (EpochPoint epoch in run.History.Epochs)
            {
                Curves.Add(values, run.Name, Curves.Validation, epoch.Epoch, epoch.Loss);
            }
        }

        return values.Count == 0 ? null : new Chart(
            "chart-loss",
            "Loss",
            "Cross-entropy over epochs: of the mini-batches (dashed, averaged over some at a time) and of the validation images (solid).",
            Specify.Layers(values, Specify.CurveHeight, Curves.Line(runs, "cross-entropy", points: false, ("scale", new JsonObject { ["zero"] = false }))));
    }

    /// <summary>The loss of mini-batches, thinned out by averages.</summary>
    /// <param name="history">The run.</param>
    /// <param name="most">Points at most.</param>
    public static IEnumerable<(double Epoch, double Loss)> Averages(RunHistory history, int most = MostPoints)
    {
        int together = Math.Max(1, (history.Steps.Count + most - 1) / most);
        double steps = history.StepsPerEpoch;
        foreach (StepPoint[] chunk in history.Steps.Chunk(together))
        {
            double[] losses = [.. chunk.Select(step => step.Loss).OfType<double>()];
            if (losses.Length > 0)
            {
                yield return (chunk.Average(step => step.Step) / steps, losses.Average());
            }
        }
    }
}
