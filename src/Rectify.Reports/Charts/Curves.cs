using System.Text.Json.Nodes;

namespace Rectify.Reports;

/// <summary>Curves over epochs: a colour a run, dashes for what was measured in training.</summary>
internal static class Curves
{
    /// <summary>Measured on training crops.</summary>
    public const string Training = "training";

    /// <summary>Measured on validation images.</summary>
    public const string Validation = "validation";

    /// <summary>Adds a point; nothing where there is no number.</summary>
    public static void Add(JsonArray values, string run, string kind, double epoch, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            values.Add(new JsonObject { ["run"] = run, ["kind"] = kind, ["epoch"] = epoch, ["value"] = number });
        }
    }

    /// <summary>The layer of lines.</summary>
    /// <param name="runs">The runs, in order.</param>
    /// <param name="title">Of the vertical axis, with its unit.</param>
    /// <param name="points">Whether each number is marked.</param>
    /// <param name="properties">More of the vertical channel.</param>
    public static JsonObject Line(IReadOnlyList<RunFacts> runs, string title, bool points, params (string Name, JsonNode? Value)[] properties) => Specify.Layer(
        points ? Specify.Mark("line", ("point", new JsonObject { ["size"] = 26, ["filled"] = true })) : Specify.Mark("line"),
        Encoding(runs, title, properties));

    /// <summary>The channels of a layer of curves.</summary>
    public static JsonObject Encoding(IReadOnlyList<RunFacts> runs, string title, params (string Name, JsonNode? Value)[] properties)
    {
        JsonObject dash = Specify.Field(
            "kind",
            "nominal",
            "measured in",
            ("scale", new JsonObject
            {
                ["domain"] = Specify.Names([Training, Validation]),
                ["range"] = new JsonArray(new JsonArray(4, 3), new JsonArray(1, 0)),
            }),
            ("legend", new JsonObject { ["title"] = null, ["symbolType"] = "stroke", ["symbolStrokeColor"] = Specify.Ink }));
        return new JsonObject
        {
            ["x"] = Epochs(),
            ["y"] = Specify.Field("value", "quantitative", title, properties),
            ["color"] = Colour(runs),
            ["strokeDash"] = dash,
            ["tooltip"] = new JsonArray(
                Specify.Field("run", "nominal", "run"),
                Specify.Field("kind", "nominal", "measured in"),
                Specify.Field("epoch", "quantitative", "epoch", ("format", ".4~g")),
                Specify.Field("value", "quantitative", title, ("format", ".4~g"))),
        };
    }

    /// <summary>The horizontal axis.</summary>
    public static JsonObject Epochs() => Specify.Field(
        "epoch", "quantitative", "epoch", ("axis", new JsonObject { ["grid"] = false, ["tickMinStep"] = 1 }), ("scale", new JsonObject { ["zero"] = false, ["nice"] = false }));

    /// <summary>A colour a run.</summary>
    public static JsonObject Colour(IReadOnlyList<RunFacts> runs)
    {
        string[] colours = [Specify.First, Specify.Second];
        return Specify.Colours("run", "stroke", [.. runs.Select((run, i) => (run.Name, colours[i % colours.Length]))]);
    }
}
