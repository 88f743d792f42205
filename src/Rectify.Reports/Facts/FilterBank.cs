using Rectify.Layers;

namespace Rectify.Reports;

/// <summary>The filters of a first convolution, which reads RGB.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Count">K.</param>
/// <param name="Rows">R.</param>
/// <param name="Columns">S.</param>
/// <param name="Values">[K,3,R,S].</param>
public sealed record FilterBank(string Layer, int Count, int Rows, int Columns, float[] Values)
{
    private const int Channels = 3;

    /// <summary>Those of a network; null where its first layer with weights is no convolution of three channels.</summary>
    public static FilterBank? Of(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (network.Nodes.FirstOrDefault(node => node.Weight is not null)?.Layer is not Convolution { InChannels: Channels } first)
        {
            return null;
        }

        float[] values = new float[first.Weight.Count];
        first.Weight.ToFile(first.Weight.Values, values);
        return new FilterBank(first.Name, first.Weight.Dimensions[0], first.Weight.Dimensions[2], first.Weight.Dimensions[3], values);
    }
}
