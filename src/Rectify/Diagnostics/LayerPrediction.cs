namespace Rectify.Diagnostics;

/// <summary>What the theory says of a layer with weights. Variances are second moments, so they are those of the paper where the mean is zero.</summary>
public sealed record LayerPrediction
{
    /// <summary>The layer.</summary>
    public required string Name { get; init; }

    /// <summary>n: connections of a response.</summary>
    public required int FanIn { get; init; }

    /// <summary>n̂: responses that an input reaches.</summary>
    public required int FanOut { get; init; }

    /// <summary>Std of its weights: what the initialization draws, or what was found.</summary>
    public required double Std { get; init; }

    /// <summary>The std that makes <see cref="ForwardFactor"/> 1 (equations 10, 15); √(1/n) in the first layer, whose input no rectifier has halved.</summary>
    public required double ForwardStd { get; init; }

    /// <summary>The std that makes <see cref="BackwardFactor"/> 1 (equation 14).</summary>
    public required double BackwardStd { get; init; }

    /// <summary>½(1+a²)·n·Var[w], a of the rectifier before it (equations 8, 15); n·Var[w] where there is none. On the variance.</summary>
    public required double ForwardFactor { get; init; }

    /// <summary>½(1+a²)·n̂·Var[w], a of the rectifier after it (equation 12); n̂·Var[w] where there is none. On the variance.</summary>
    public required double BackwardFactor { get; init; }

    /// <summary>The factors multiplied along the net, and nothing else: equations 9 and 13.</summary>
    public required Signal Theory { get; init; }

    /// <summary>With what the theory leaves out and can be computed: the maps' edges and strides exactly, pooling as if responses were independent, dropout.</summary>
    public required Signal Corrected { get; init; }
}

/// <summary>The signal at a layer on its way in both directions.</summary>
/// <param name="Forward">E[y²] of its responses, that of the network's input being 1.</param>
/// <param name="Backward">E[(Δx)²] of the gradient of its input, that of the network's output being 1.</param>
public readonly record struct Signal(double Forward, double Backward);
