namespace Rectify.Diagnostics;

/// <summary>What will become of a network in training.</summary>
public enum Verdict
{
    /// <summary>The signal arrives in both directions: the loss falls within some hundred steps.</summary>
    Healthy,

    /// <summary>The signal is weak: the loss falls late.</summary>
    Slow,

    /// <summary>The signal fades: the loss stays at ln(classes).</summary>
    Vanishing,

    /// <summary>The signal grows, or a step is longer than the weights bear.</summary>
    Exploding,

    /// <summary>A layer's ReLUs are all 0 for every picture: no gradient passes.</summary>
    Dead,
}
