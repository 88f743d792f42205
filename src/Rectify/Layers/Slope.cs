using Rectify.Tensors;

namespace Rectify.Layers;

/// <summary>PReLU's a (equation 1): one a channel, or one for all. Never decayed: decay would push it to 0 and PReLU towards ReLU (section 2.1). Never clamped.</summary>
public sealed class Slope : ChannelParameter
{
    /// <summary>The paper's first value of every slope.</summary>
    public const float InitialValue = 0.25f;

    /// <summary>Slopes, all zero until they are initialized.</summary>
    /// <param name="name">Name, e.g. "conv1.slope".</param>
    /// <param name="channels">Channels; 1 with <paramref name="shared"/>.</param>
    /// <param name="shared">One slope for all channels.</param>
    public Slope(string name, int channels, bool shared)
        : base(name, shared ? 1 : channels, shared ? 1 : MapShape.Blocks(channels) * MapShape.ChannelBlock) => Shared = shared;

    /// <summary>Whether all channels share one slope.</summary>
    public bool Shared { get; }

    /// <inheritdoc/>
    public override string DecayReason => "slope: never";

    /// <inheritdoc/>
    public override bool Decays(bool decayBiases) => false;
}
