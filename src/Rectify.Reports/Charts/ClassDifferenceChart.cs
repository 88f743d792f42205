using System.Text.Json.Nodes;

namespace Rectify.Reports;

/// <summary>By how much each class's error differs between two runs, as in the paper's Figure 7.</summary>
internal static class ClassDifferenceChart
{
    /// <summary>The chart.</summary>
    /// <param name="differences">A row for each class: its name, the error of the run less that of the other in percentage points, both errors in percent.</param>
    /// <param name="run">The run.</param>
    /// <param name="other">The other.</param>
    /// <param name="top">1 or 5.</param>
    public static Chart Create(IReadOnlyList<(string Class, double Difference, double Error, double Before)> differences, string run, string other, int top)
    {
        bool named = differences.Count <= ClassErrorsChart.MostNamed;
        JsonArray values = [];
        int place = 0;
        foreach ((string name, double difference, double error, double before) in differences.OrderBy(row => row.Difference))
        {
            values.Add(new JsonObject { ["class"] = name, ["place"] = ++place, ["difference"] = difference, ["error"] = error, ["before"] = before });
        }

        JsonObject classes = named
            ? Specify.Field("class", "nominal", "", ("sort", null), ("axis", new JsonObject { ["title"] = null }))
            : Specify.Field("place", "ordinal", "classes", ("sort", null), ("axis", new JsonObject { ["labels"] = false, ["ticks"] = false }));
        JsonObject bars = Specify.Layer(
            Specify.Mark("bar"),
            new JsonObject
            {
                [named ? "y" : "x"] = classes,
                [named ? "x" : "y"] = Specify.Field("difference", "quantitative", "difference, percentage points"),
                ["color"] = new JsonObject
                {
                    ["condition"] = new JsonObject { ["test"] = "datum.difference > 0", ["value"] = Specify.Second },
                    ["value"] = Specify.Third,
                },
                ["tooltip"] = new JsonArray(
                    Specify.Field("class", "nominal", "class"),
                    Specify.Field("difference", "quantitative", "difference", ("format", "+.2f")),
                    Specify.Field("error", "quantitative", run, ("format", ".2f")),
                    Specify.Field("before", "quantitative", other, ("format", ".2f"))),
            });
        return new Chart(
            "chart-difference",
            $"Top-{top} error: {run} less {other}",
            $"By class, in percentage points: {(named ? "to the left" : "below")} (green) {run} errs less, {(named ? "to the right" : "above")} (orange) more.",
            Specify.Layers(values, named ? Specify.Step() : Specify.CurveHeight, bars));
    }
}
