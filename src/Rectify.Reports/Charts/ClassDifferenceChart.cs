using System.Text.Json.Nodes;
using Rectify.Evaluation;

namespace Rectify.Reports;

/// <summary>By how much each class's error is lower than with another run, as in the paper's Figure 7.</summary>
internal static class ClassDifferenceChart
{
    /// <summary>The chart.</summary>
    /// <param name="comparison">The other run first, the run second.</param>
    /// <param name="run">The run.</param>
    /// <param name="other">The other.</param>
    public static Chart Create(ClassComparison comparison, RunFacts run, RunFacts other)
    {
        bool named = comparison.Classes.Count <= ClassErrorsChart.MostNamed;
        JsonArray values = [];
        for (int i = 0; i < comparison.Classes.Count; i++)
        {
            ClassChange change = comparison.Classes[i];
            values.Add(new JsonObject
            {
                ["class"] = run.ClassName(change.Name),
                ["place"] = i + 1,
                ["reduction"] = change.Reduction,
                ["run"] = 100.0 * change.SecondErrors / change.Images,
                ["other"] = 100.0 * change.FirstErrors / change.Images,
            });
        }

        return new Chart(
            $"chart-difference-{comparison.Top}",
            $"Top-{comparison.Top} error by class",
            $"By how many points of percent {run.Name} errs less than {other.Name}; bars on the other side of 0 (orange) are classes in which it errs more.",
            Specify.Layers(values, named ? comparison.Classes.Count * Specify.RowHeight : Specify.CurveHeight, Bars(named, run.Name, other.Name)));
    }

    private static JsonObject Bars(bool named, string run, string other)
    {
        JsonObject classes = named
            ? Specify.Field("class", "nominal", "", ("sort", null), ("axis", new JsonObject { ["title"] = null }))
            : Specify.Field("place", "ordinal", "classes", ("sort", null), ("axis", new JsonObject { ["labels"] = false, ["ticks"] = false }));
        return Specify.Layer(
            Specify.Mark("bar"),
            new JsonObject
            {
                [named ? "y" : "x"] = classes,
                [named ? "x" : "y"] = Specify.Field("reduction", "quantitative", "error lower by, points of percent"),
                ["color"] = new JsonObject
                {
                    ["condition"] = new JsonObject { ["test"] = "datum.reduction < 0", ["value"] = Specify.Second },
                    ["value"] = Specify.Third,
                },
                ["tooltip"] = new JsonArray(
                    Specify.Field("class", "nominal", "class"),
                    Specify.Field("reduction", "quantitative", "lower by", ("format", "+.2f")),
                    Specify.Field("run", "quantitative", $"{run}, %", ("format", ".2f")),
                    Specify.Field("other", "quantitative", $"{other}, %", ("format", ".2f"))),
            });
    }
}
