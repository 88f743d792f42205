using System.Text.Json.Nodes;
using Rectify.Evaluation;

namespace Rectify.Reports;

/// <summary>What was answered to the images of each class.</summary>
internal static class ConfusionChart
{
    /// <summary>More classes than this would be a cloud of dots.</summary>
    public const int MostClasses = 50;

    private const int MostNumbered = 14;

    /// <summary>The chart.</summary>
    /// <param name="matrix">The counts.</param>
    /// <param name="classes">Errors of each class; those without images have no row.</param>
    /// <param name="name">What a class is called.</param>
    public static Chart Create(ConfusionMatrix matrix, IReadOnlyList<ClassErrors> classes, Func<string, string> name)
    {
        JsonArray values = [];
        foreach (ClassErrors row in classes.Where(row => row.Images > 0))
        {
            for (int answer = 0; answer < matrix.Classes.Count; answer++)
            {
                int images = matrix[row.Class, answer];
                values.Add(new JsonObject
                {
                    ["label"] = name(row.Name),
                    ["answer"] = name(matrix.Classes[answer]),
                    ["images"] = images,
                    ["share"] = 100.0 * images / row.Images,
                    ["right"] = row.Class == answer,
                });
            }
        }

        bool numbered = matrix.Classes.Count <= MostNumbered;
        JsonObject Answers() => Specify.Field(
            "answer", "nominal", "answered", ("sort", null), ("axis", new JsonObject { ["orient"] = "top", ["labelAngle"] = -45, ["labelAlign"] = "left", ["labelLimit"] = 90 }));
        JsonObject Labels() => Specify.Field("label", "nominal", "label", ("sort", null), ("axis", new JsonObject { ["labelLimit"] = 90 }));
        JsonObject cells = Specify.Layer(
            Specify.Mark("rect", ("cornerRadius", 2)),
            new JsonObject
            {
                ["x"] = Answers(),
                ["y"] = Labels(),
                ["color"] = new JsonObject
                {
                    ["condition"] = new JsonObject { ["test"] = "datum.right", ["value"] = Specify.First },
                    ["value"] = Specify.Second,
                },
                ["opacity"] = new JsonObject
                {
                    ["field"] = "share",
                    ["type"] = "quantitative",
                    ["scale"] = new JsonObject { ["domain"] = new JsonArray(0, 100), ["range"] = new JsonArray(0.04, 1) },
                    ["legend"] = null,
                },
                ["tooltip"] = new JsonArray(
                    Specify.Field("label", "nominal", "label"),
                    Specify.Field("answer", "nominal", "answered"),
                    Specify.Field("images", "quantitative", "images"),
                    Specify.Field("share", "quantitative", "% of the label's", ("format", ".1f"))),
            });
        JsonObject counts = Specify.Layer(
            Specify.Mark("text", ("fontSize", 11), ("color", Specify.Ink)),
            new JsonObject { ["x"] = Answers(), ["y"] = Labels(), ["text"] = new JsonObject { ["field"] = "images", ["type"] = "quantitative" } },
            "datum.images > 0");
        return new Chart(
            "chart-confusion",
            "Answers to each class",
            "Rows are labels, columns the first answers: right ones blue, wrong ones orange, the stronger the more of the row.",
            Specify.Layers(values, classes.Count(row => row.Images > 0) * (numbered ? 28 : 16), numbered ? [cells, counts] : [cells]));
    }
}
