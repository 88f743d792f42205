namespace Rectify.Diagnostics;

/// <summary>What a verdict rests on: one forward and backward pass, and the rate at which the network would be trained.</summary>
/// <remarks>
/// First order: a gradient step with momentum lowers the loss by ε/(1−μ)·Σ‖dw‖² a step. Gradients here are those of responses whose mean over the batch is taken
/// out of Δy at the end: what the output's biases alone can learn (how many pictures a class has) does not count.
/// </remarks>
public sealed record VerdictEvidence
{
    /// <summary>Std of the responses of the last layer but one over the first layer's.</summary>
    public required double ForwardGain { get; init; }

    /// <summary>Std of the gradient that reaches the first layer over that which reaches the last but one.</summary>
    public required double BackwardGain { get; init; }

    /// <summary>Mean cross-entropy of the batch.</summary>
    public required double Loss { get; init; }

    /// <summary>ln(classes): the loss of a network that knows nothing.</summary>
    public required double ChanceLoss { get; init; }

    /// <summary>ε/(1−μ)·Σ‖dw‖² over all weights.</summary>
    public required double Descent { get; init; }

    /// <summary>The same without the last layer's weights.</summary>
    public required double HiddenDescent { get; init; }

    /// <summary>The first layer whose ReLUs are all 0 though responses reach it; null for none.</summary>
    public string? DeadLayer { get; init; }
}
