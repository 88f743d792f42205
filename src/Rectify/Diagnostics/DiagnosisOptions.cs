using Rectify.Initialization;

namespace Rectify.Diagnostics;

/// <summary>How the network would be trained.</summary>
public sealed record DiagnosisOptions
{
    /// <summary>ε.</summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>μ.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>The rule by which its weights were drawn, for the advice; null for weights that were trained.</summary>
    public InitializationScheme? Scheme { get; init; }
}
