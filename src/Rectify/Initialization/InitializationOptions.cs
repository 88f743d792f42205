namespace Rectify.Initialization;

/// <summary>How a network's parameters start.</summary>
public sealed record InitializationOptions
{
    /// <summary>The paper's: equation 14 for convolutions, fixed stds for fully connected layers, slopes 0.25, biases 0.</summary>
    public static InitializationOptions Paper { get; } = new();

    /// <summary>The rule for convolutions, and for fully connected layers unless <see cref="PaperLinear"/>.</summary>
    public InitializationScheme Scheme { get; init; } = new(InitializationRule.HeOut);

    /// <summary>Multiplies the std that the rule gives; see <see cref="InitializationMath.InputFactor"/>.</summary>
    public double Factor { get; init; } = 1.0;

    /// <summary>Fully connected layers as in the paper: std 0.01, the last 0.001 (section 2.2). They belong to inputs of about ±128.</summary>
    public bool PaperLinear { get; init; } = true;

    /// <summary>Std of the fully connected layers but the last.</summary>
    public double LinearStd { get; init; } = 0.01;

    /// <summary>Std of the last fully connected layer.</summary>
    public double LastLinearStd { get; init; } = 0.001;
}
