using System.Text.Json.Nodes;

namespace Rectify.Reports;

/// <summary>The words of Vega-Lite that several charts use.</summary>
internal static class Specify
{
    /// <summary>Colours, by name: the page's style sheet says which they are in light and in dark.</summary>
    public const string First = "var(--c1)";

    /// <summary>The second colour.</summary>
    public const string Second = "var(--c2)";

    /// <summary>The third colour.</summary>
    public const string Third = "var(--c3)";

    /// <summary>What is said in a low voice.</summary>
    public const string Quiet = "var(--quiet)";

    /// <summary>The page's own ink.</summary>
    public const string Ink = "var(--ink)";

    /// <summary>Height of a chart of curves, in pixels.</summary>
    public const int CurveHeight = 280;

    /// <summary>Height of a row in charts of names, in pixels.</summary>
    public const int RowHeight = 19;

    /// <summary>A specification as wide as its place.</summary>
    /// <param name="values">The data's rows.</param>
    /// <param name="height">In pixels. A number also for rows of names: Vega-Lite has a word for that, but warns of it where the width is the place's.</param>
    /// <param name="layers">What is drawn, from the back to the front.</param>
    public static JsonObject Layers(JsonArray values, int height, params JsonNode[] layers) => new()
    {
        ["width"] = "container",
        ["height"] = height,
        ["autosize"] = new JsonObject { ["type"] = "fit-x", ["contains"] = "padding" },
        ["data"] = new JsonObject { ["values"] = values },
        ["layer"] = new JsonArray(layers),
    };

    /// <summary>A layer.</summary>
    public static JsonObject Layer(JsonNode mark, JsonObject encoding, string? filter = null)
    {
        JsonObject layer = new() { ["mark"] = mark, ["encoding"] = encoding };
        if (filter is not null)
        {
            layer["transform"] = new JsonArray(new JsonObject { ["filter"] = filter });
        }

        return layer;
    }

    /// <summary>A mark with some properties.</summary>
    public static JsonObject Mark(string type, params (string Name, JsonNode Value)[] properties)
    {
        JsonObject mark = new() { ["type"] = type };
        foreach ((string name, JsonNode value) in properties)
        {
            mark[name] = value;
        }

        return mark;
    }

    /// <summary>A channel that shows a field.</summary>
    public static JsonObject Field(string field, string type, string title, params (string Name, JsonNode? Value)[] properties)
    {
        JsonObject channel = new() { ["field"] = field, ["type"] = type, ["title"] = title };
        foreach ((string name, JsonNode? value) in properties)
        {
            channel[name] = value;
        }

        return channel;
    }

    /// <summary>A colour for each of some names.</summary>
    /// <param name="field">The names.</param>
    /// <param name="symbol">How the legend shows a colour: "stroke" for lines, "square" for areas.</param>
    /// <param name="colours">Colours by name.</param>
    public static JsonObject Colours(string field, string symbol, params (string Name, string Colour)[] colours) => Field(
        field,
        "nominal",
        "",
        ("scale", new JsonObject
        {
            ["domain"] = Names(colours.Select(pair => pair.Name)),
            ["range"] = Names(colours.Select(pair => pair.Colour)),
        }),
        ("legend", colours.Length > 1 ? new JsonObject { ["title"] = null, ["symbolType"] = symbol } : null));

    /// <summary>A logarithmic axis with a line at each power of ten; at the usual places where the numbers span less than two.</summary>
    /// <param name="numbers">The numbers, above 0.</param>
    /// <param name="format">How they are written.</param>
    public static JsonObject LogAxis(IReadOnlyCollection<double> numbers, string format)
    {
        JsonObject axis = new() { ["format"] = format, ["labelOverlap"] = true, ["tickCount"] = 4 };
        (int first, int last) = numbers.Count > 0 ? ((int)Math.Ceiling(Math.Log10(numbers.Min())), (int)Math.Floor(Math.Log10(numbers.Max()))) : (0, 0);
        if (last > first)
        {
            axis["values"] = new JsonArray([.. Enumerable.Range(first, last - first + 1).Select(power => JsonValue.Create(Math.Pow(10, power)))]);
        }

        return axis;
    }

    /// <summary>Names as an array.</summary>
    public static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(name => JsonValue.Create(name))]);

    /// <summary>A number; null where it is none or not finite, which JSON has not.</summary>
    public static JsonNode? Number(double? value) => value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;
}
