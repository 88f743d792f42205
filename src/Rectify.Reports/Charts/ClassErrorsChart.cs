using System.Text.Json.Nodes;
using Rectify.Evaluation;

namespace Rectify.Reports;

/// <summary>Errors of each class, top-5 errors ascending, as in the paper's Figure 6.</summary>
internal static class ClassErrorsChart
{
    /// <summary>Up to so many classes each has a row with its name.</summary>
    public const int MostNamed = 60;

    private const string TopOne = "top-1 error";
    private const string TopFive = "top-5 error";

    /// <summary>The chart.</summary>
    /// <param name="classes">Classes that have images.</param>
    /// <param name="name">What a class is called.</param>
    public static Chart Create(IReadOnlyList<ClassErrors> classes, Func<string, string> name)
    {
        ClassErrors[] ascending = [.. classes.OrderBy(each => each.ErrorPercent(5)).ThenBy(each => each.ErrorPercent(1)).ThenBy(each => each.Class)];
        bool named = ascending.Length <= MostNamed;
        JsonArray values = [];
        for (int i = 0; i < ascending.Length; i++)
        {
            foreach ((string kind, int top) in new[] { (TopOne, 1), (TopFive, 5) })
            {
                WilsonInterval interval = WilsonInterval.Of(ascending[i].Errors(top), ascending[i].Images);
                values.Add(new JsonObject
                {
                    ["class"] = name(ascending[i].Name),
                    ["place"] = i + 1,
                    ["kind"] = kind,
                    ["error"] = ascending[i].ErrorPercent(top),
                    ["lower"] = interval.Lower,
                    ["upper"] = interval.Upper,
                    ["images"] = ascending[i].Images,
                });
            }
        }

        string description = named
            ? "In percent of the class's images, top-5 errors ascending; point at a bar for its 95 % interval."
            : $"In percent of the class's images, {Numbers.Count(ascending.Length)} classes, top-5 errors ascending; point at a bar for its name.";
        return new Chart(
            "chart-classes",
            "Errors of each class",
            description,
            Specify.Layers(values, named ? ascending.Length * Specify.RowHeight : Specify.CurveHeight, Bars(named)));
    }

    private static JsonObject Bars(bool named)
    {
        JsonObject error = Specify.Field("error", "quantitative", "error, %", ("stack", null));
        JsonObject place = named
            ? Specify.Field("class", "nominal", "", ("sort", null), ("axis", new JsonObject { ["title"] = null }))
            : Specify.Field("place", "ordinal", "classes", ("sort", null), ("axis", new JsonObject { ["labels"] = false, ["ticks"] = false }));
        return Specify.Layer(
            Specify.Mark("bar"),
            new JsonObject
            {
                [named ? "y" : "x"] = place,
                [named ? "x" : "y"] = error,
                ["color"] = Specify.Colours("kind", "square", (TopOne, "var(--c1-soft)"), (TopFive, Specify.First)),
                ["tooltip"] = new JsonArray(
                    Specify.Field("class", "nominal", "class"),
                    Specify.Field("kind", "nominal", "counted"),
                    Specify.Field("error", "quantitative", "error, %", ("format", ".2f")),
                    Specify.Field("lower", "quantitative", "95 % from", ("format", ".2f")),
                    Specify.Field("upper", "quantitative", "to", ("format", ".2f")),
                    Specify.Field("images", "quantitative", "images", ("format", ","))),
            });
    }
}
