using Rectify.Layers;

namespace Rectify.Diagnostics;

/// <summary>The slopes that a PReLU has learned: what the paper's Table 1 lists.</summary>
/// <param name="Layer">The rectifier.</param>
/// <param name="Count">How many slopes: 1 where channels share one.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Least">The least.</param>
/// <param name="Most">The largest.</param>
public sealed record SlopeStatistics(string Layer, int Count, double Mean, double Least, double Most)
{
    /// <summary>Those of every PReLU of a network, in the order in which they run.</summary>
    public static IReadOnlyList<SlopeStatistics> Of(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return
        [
            .. network.Nodes.Select(node => node.Layer).OfType<PReLU>().Select(prelu =>
            {
                float[] slopes = prelu.Slope.Values[..prelu.Slope.Dimensions[0]].ToArray();
                return new SlopeStatistics(prelu.Name, slopes.Length, slopes.Average(slope => (double)slope), slopes.Min(), slopes.Max());
            }),
        ];
    }
}
