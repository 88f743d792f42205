using System.Text.Json.Nodes;
using Rectify.Diagnostics;

namespace Rectify.Reports;

/// <summary>The learned slopes of each PReLU: mean, least and largest, beside the 0.25 at which they started.</summary>
internal static class SlopesChart
{
    private const double Start = 0.25;

    /// <summary>The chart; null without PReLU.</summary>
    public static Chart? Create(IReadOnlyList<SlopeStatistics> slopes)
    {
        if (slopes.Count == 0)
        {
            return null;
        }

        JsonArray values = [];
        foreach (SlopeStatistics slope in slopes)
        {
            values.Add(new JsonObject
            {
                ["layer"] = slope.Layer,
                ["mean"] = Specify.Number(slope.Mean),
                ["least"] = Specify.Number(slope.Least),
                ["most"] = Specify.Number(slope.Most),
                ["slopes"] = slope.Count,
            });
        }

        JsonObject Layers() => Specify.Field("layer", "nominal", "", ("sort", null), ("axis", new JsonObject { ["title"] = null }));
        JsonArray Tooltip() => new(
            Specify.Field("layer", "nominal", "rectifier"),
            Specify.Field("mean", "quantitative", "mean", ("format", ".3f")),
            Specify.Field("least", "quantitative", "least", ("format", ".3f")),
            Specify.Field("most", "quantitative", "largest", ("format", ".3f")),
            Specify.Field("slopes", "quantitative", "slopes"));
        JsonObject start = Specify.Layer(
            Specify.Mark("rule", ("strokeDash", new JsonArray(4, 3)), ("color", Specify.Quiet)),
            new JsonObject { ["x"] = new JsonObject { ["datum"] = Start } });
        JsonObject range = Specify.Layer(
            Specify.Mark("rule", ("color", Specify.First), ("opacity", 0.45), ("strokeWidth", 2)),
            new JsonObject
            {
                ["y"] = Layers(),
                ["x"] = Specify.Field("least", "quantitative", "slope a", ("scale", new JsonObject { ["zero"] = false })),
                ["x2"] = new JsonObject { ["field"] = "most" },
                ["tooltip"] = Tooltip(),
            });
        JsonObject mean = Specify.Layer(
            Specify.Mark("point", ("filled", true), ("size", 70), ("opacity", 1), ("color", Specify.First)),
            new JsonObject { ["y"] = Layers(), ["x"] = Specify.Field("mean", "quantitative", "slope a", ("scale", new JsonObject { ["zero"] = false })), ["tooltip"] = Tooltip() });
        return new Chart(
            "chart-slopes",
            "Learned slopes",
            "Each rectifier's mean slope (dot) between its least and its largest (line); the dashed line is 0.25, where all started.",
            Specify.Layers(values, slopes.Count * Specify.RowHeight, start, range, mean));
    }
}
