using System.Text.Json.Nodes;
using Rectify.Reproduction;

namespace Rectify.Reports;

/// <summary>Numbers by name as bars, as in the paper's Figures 6 and 7.</summary>
internal static class ResultBarsChart
{
    /// <summary>The chart.</summary>
    /// <param name="id">Unique in the page.</param>
    /// <param name="bars">The numbers.</param>
    public static Chart Create(string id, ResultBars bars)
    {
        bool named = bars.Names.Count <= ClassErrorsChart.MostNamed;
        JsonArray values =
        [
            .. bars.Names.Zip(bars.Values, (name, value) => (Name: name, Value: value))
                .Select((bar, i) => new JsonObject { ["name"] = bar.Name, ["place"] = i + 1, ["value"] = Specify.Number(bar.Value) }),
        ];
        JsonObject place = named
            ? Specify.Field("name", "nominal", "", ("sort", null), ("axis", new JsonObject { ["title"] = null }))
            : Specify.Field("place", "ordinal", "classes", ("sort", null), ("axis", new JsonObject { ["labels"] = false, ["ticks"] = false }));
        JsonObject layer = Specify.Layer(
            Specify.Mark("bar"),
            new JsonObject
            {
                [named ? "y" : "x"] = place,
                [named ? "x" : "y"] = Specify.Field("value", "quantitative", bars.Quantity),
                ["color"] = new JsonObject
                {
                    ["condition"] = new JsonObject { ["test"] = "datum.value < 0", ["value"] = Specify.Second },
                    ["value"] = Specify.First,
                },
                ["tooltip"] = new JsonArray(Specify.Field("name", "nominal", "class"), Specify.Field("value", "quantitative", bars.Quantity, ("format", ".2f"))),
            });
        return new Chart(
            id, bars.Title, "Point at a bar for its number.", Specify.Layers(values, named ? bars.Names.Count * Specify.RowHeight : Specify.CurveHeight, layer));
    }
}
