using System.Text.Json.Nodes;
using Rectify.Diagnostics;

namespace Rectify.Reports;

/// <summary>The signal at each layer, as predicted and as measured, at the start of training and now.</summary>
internal static class SignalChart
{
    private const string Start = "at the start";
    private const string End = "now";

    /// <summary>The responses on the way forward.</summary>
    public static Chart Forward(SignalFacts signal) => Create(
        signal,
        "chart-signal-forward",
        "Forward",
        "Root mean square of each layer's responses over that of the first layer.",
        row => row.PredictedForward,
        row => row.MeasuredForward);

    /// <summary>The gradient on the way back.</summary>
    public static Chart Backward(SignalFacts signal) => Create(
        signal,
        "chart-signal-backward",
        "Backward",
        "Root mean square of the gradient that each layer hands down over that of the last layer.",
        row => row.PredictedBackward,
        row => row.MeasuredBackward);

    private static Chart Create(
        SignalFacts signal, string id, string title, string description, Func<PropagationRow, double?> predicted, Func<PropagationRow, double?> measured)
    {
        JsonArray values = [];
        foreach ((string when, IReadOnlyList<PropagationRow> rows) in new[] { (Start, signal.Start), (End, signal.End) })
        {
            for (int i = 0; i < rows.Count; i++)
            {
                // The first layer hands no gradient down: its prediction alone would look like a measurement.
                if (measured(rows[i]) is { } found)
                {
                    Add(values, when, "measured", rows[i].Name, i, found);
                    Add(values, when, "predicted", rows[i].Name, i, predicted(rows[i]));
                }
            }
        }

        JsonObject dash = Specify.Field(
            "kind",
            "nominal",
            "",
            ("scale", new JsonObject { ["domain"] = Specify.Names(["measured", "predicted"]), ["range"] = new JsonArray(new JsonArray(1, 0), new JsonArray(4, 3)) }),
            ("legend", new JsonObject { ["title"] = null, ["symbolType"] = "stroke", ["symbolStrokeColor"] = Specify.Ink }));
        JsonObject line = Specify.Layer(
            Specify.Mark("line", ("point", new JsonObject { ["size"] = 24, ["filled"] = true })),
            new JsonObject
            {
                ["y"] = Specify.Field("layer", "nominal", "", ("sort", null), ("axis", new JsonObject { ["title"] = null, ["grid"] = true })),
                ["x"] = Specify.Field(
                    "value",
                    "quantitative",
                    "ratio, logarithmic",
                    ("scale", new JsonObject { ["type"] = "log" }),
                    ("axis", Specify.LogAxis([.. values.Select(row => (double)row!["value"]!)], "~g"))),
                ["order"] = new JsonObject { ["field"] = "place", ["type"] = "quantitative" },
                ["color"] = Specify.Colours("when", "stroke", (Start, Specify.Second), (End, Specify.First)),
                ["strokeDash"] = dash,
                ["tooltip"] = new JsonArray(
                    Specify.Field("layer", "nominal", "layer"),
                    Specify.Field("when", "nominal", "when"),
                    Specify.Field("kind", "nominal", "how"),
                    Specify.Field("value", "quantitative", "ratio", ("format", ".3~g"))),
            });
        return new Chart(id, title, $"{description} From the first layer (top) to the last.", Specify.Layers(values, signal.End.Count * Specify.RowHeight, line));
    }

    private static void Add(JsonArray values, string when, string kind, string layer, int place, double? value)
    {
        // A logarithmic axis has no place for 0.
        if (value is { } number && double.IsFinite(number) && number > 0)
        {
            values.Add(new JsonObject { ["when"] = when, ["kind"] = kind, ["layer"] = layer, ["place"] = place, ["value"] = number });
        }
    }
}
