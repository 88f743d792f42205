using Rectify.Tensors;

namespace Rectify.Layers;

/// <summary>b of equation 5, one a filter; starts at 0. No weight decay unless asked for.</summary>
public sealed class Bias : ChannelParameter
{
    /// <summary>Biases, all zero.</summary>
    public Bias(string name, int k)
        : base(name, k, MapShape.Blocks(k) * MapShape.ChannelBlock)
    {
    }

    /// <inheritdoc/>
    public override string DecayReason => "bias: only if asked for";

    /// <inheritdoc/>
    public override bool Decays(bool decayBiases) => decayBiases;
}
