using System.Text.Json.Nodes;
using Rectify.Training;

namespace Rectify.Reports;

/// <summary>Top-1 error over epochs, as in the paper's Figures 2 and 3.</summary>
internal static class ErrorCurves
{
    /// <summary>The chart; null where no epoch has an error.</summary>
    public static Chart? Create(IReadOnlyList<RunFacts> runs)
    {
        JsonArray values = [];
        foreach (RunFacts run in runs)
        {
            foreach (EpochPoint epoch in run.History.Epochs)
            {
                Curves.Add(values, run.Name, Curves.Training, epoch.Epoch, epoch.TrainingTop1Error);
                Curves.Add(values, run.Name, Curves.Validation, epoch.Epoch, epoch.Top1Error);
            }
        }

        return values.Count == 0 ? null : new Chart(
            "chart-error",
            "Top-1 error",
            "In percent, over epochs: on the training crops (dashed) and on the validation images (solid).",
            Specify.Layers(values, Specify.CurveHeight, Curves.Line(runs, "top-1 error, %", points: true, ("scale", new JsonObject { ["zero"] = false }))));
    }
}
