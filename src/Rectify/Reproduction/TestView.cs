using Rectify.Data;
using Rectify.Evaluation;

namespace Rectify.Reproduction;

/// <summary>What is looked at of each test image.</summary>
/// <param name="Kind">Center, ten views, or dense.</param>
/// <param name="Scales">The shorter sides to which it is resized, in pixels.</param>
internal sealed record TestView(ViewKind Kind, IReadOnlyList<int> Scales)
{
    // The paper's, for crops of 224 (Table 4).
    private static readonly int[] PaperScales = [256, 384, 480];

    /// <summary>Dense testing at the paper's three scales, in proportion to the crop; their scores are averaged.</summary>
    public static TestView DenseFor(int crop) => new(ViewKind.Dense, [.. PaperScales.Select(scale => (int)Math.Round((double)scale * crop / Preprocessing.PaperCrop))]);

    /// <summary>Ten views at the scale of evaluation.</summary>
    public static TestView TenFor(int crop) => new(ViewKind.TenView, [ViewOptions.DefaultScale(ViewKind.TenView, crop)]);
}
