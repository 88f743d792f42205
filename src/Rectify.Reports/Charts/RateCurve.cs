using System.Text.Json.Nodes;
using Rectify.Training;

namespace Rectify.Reports;

/// <summary>The learning rate over epochs, on a logarithmic axis.</summary>
internal static class RateCurve
{
    /// <summary>The chart; null where no step is in the log.</summary>
    public static Chart? Create(IReadOnlyList<RunFacts> runs)
    {
        JsonArray values = [];
        double[] rates = [.. runs.SelectMany(run => run.History.Steps).Select(step => step.Rate).Where(rate => rate > 0)];
        if (rates.Length == 0)
        {
            return null;
        }

        foreach (RunFacts run in runs)
        {
            IReadOnlyList<StepPoint> steps = run.History.Steps;
            for (int i = 0; i < steps.Count; i++)
            {
                // The first, the last, and where it changes.
                if (steps[i].Rate > 0 && (i == 0 || i == steps.Count - 1 || steps[i].Rate != steps[i - 1].Rate))
                {
                    Curves.Add(values, run.Name, Curves.Training, (steps[i].Step - (i == steps.Count - 1 ? 0 : 1)) / run.History.StepsPerEpoch, steps[i].Rate);
                }
            }
        }

        JsonObject scale = new() { ["type"] = "log", ["domain"] = new JsonArray(rates.Min() / 2, rates.Max() * 2), ["nice"] = false };
        JsonObject line = Specify.Layer(
            Specify.Mark("line", ("interpolate", "step-after")),
            new JsonObject
            {
                ["x"] = Curves.Epochs(),
                ["y"] = Specify.Field("value", "quantitative", "learning rate", ("scale", scale), ("axis", Specify.LogAxis([rates.Min() / 2, rates.Max() * 2], "~g"))),
                ["color"] = Curves.Colour(runs),
                ["tooltip"] = new JsonArray(Specify.Field("run", "nominal", "run"), Specify.Field("value", "quantitative", "learning rate", ("format", ".3~g"))),
            });
        return new Chart("chart-rate", "Learning rate", "Over epochs, on a logarithmic axis.", Specify.Layers(values, 140, line));
    }
}
