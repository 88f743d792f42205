using System.Text.Json.Nodes;
using Rectify.Reproduction;

namespace Rectify.Reports;

/// <summary>Curves of an experiment: a colour each.</summary>
internal static class ResultCurvesChart
{
    private const int MostPoints = 240;

    // The paper draws its own initialization in red and Xavier's in blue.
    private static readonly string[] InOrder = [Specify.Second, Specify.First, Specify.Third, Specify.Quiet];

    /// <summary>The chart.</summary>
    /// <param name="id">Unique in the page.</param>
    /// <param name="curves">Curves of one quantity, at most four.</param>
    public static Chart Create(string id, IReadOnlyList<ResultCurve> curves)
    {
        JsonArray values = [];
        int together = Math.Max(1, (curves.Max(curve => curve.Values.Count) + MostPoints - 1) / MostPoints);
        foreach (ResultCurve curve in curves)
        {
            int first = 1;
            foreach (double[] chunk in curve.Values.Chunk(together))
            {
                double[] finite = [.. chunk.Where(value => double.IsFinite(value) && (value > 0 || !curve.IsLogarithmic))];
                if (finite.Length > 0)
                {
                    values.Add(new JsonObject { ["curve"] = curve.Name, ["at"] = first + ((chunk.Length - 1) / 2.0), ["value"] = finite.Average() });
                }

                first += chunk.Length;
            }
        }

        string title = curves[0].Quantity;
        string averaged = together > 1 ? $", averaged over {Numbers.Count(together)} {curves[0].Unit}s at a time" : "";
        JsonObject line = Specify.Layer(
            Specify.Mark("line", ("point", together == 1 ? new JsonObject { ["size"] = 26, ["filled"] = true } : JsonValue.Create(false))),
            new JsonObject
            {
                ["x"] = Specify.Field(
                    "at",
                    "quantitative",
                    curves[0].Unit,
                    ("axis", new JsonObject { ["grid"] = false, ["tickMinStep"] = 1 }),
                    ("scale", new JsonObject { ["nice"] = false })),
                ["y"] = Specify.Field("value", "quantitative", title, Vertical(curves)),
                ["color"] = Specify.Colours("curve", "stroke", [.. curves.Select((curve, i) => (curve.Name, InOrder[i % InOrder.Length]))]),
                ["tooltip"] = new JsonArray(
                    Specify.Field("curve", "nominal", "curve"),
                    Specify.Field("at", "quantitative", curves[0].Unit, ("format", ".4~g")),
                    Specify.Field("value", "quantitative", title, ("format", ".4~g"))),
            });
        return new Chart(id, Capital(title), $"By {curves[0].Unit}{averaged}, of the first seed.", Specify.Layers(values, Specify.CurveHeight, line));
    }

    private static (string Name, JsonNode? Value)[] Vertical(IReadOnlyList<ResultCurve> curves) => curves[0].IsLogarithmic
        ? [("scale", new JsonObject { ["type"] = "log" }), ("axis", Specify.LogAxis([.. curves.SelectMany(curve => curve.Values).Where(value => value > 0)], ".0e"))]
        : [("scale", new JsonObject { ["zero"] = false })];

    private static string Capital(string words) => char.ToUpperInvariant(words[0]) + words[1..];
}
