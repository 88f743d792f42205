namespace Rectify.Diagnostics;

/// <summary>What one forward and backward pass shows of a layer with weights.</summary>
public sealed record LayerMeasurement
{
    /// <summary>The layer.</summary>
    public required string Name { get; init; }

    /// <summary>Root mean square of its weights: their std where their mean is zero.</summary>
    public required double WeightStd { get; init; }

    /// <summary>y: its responses, before the rectifier.</summary>
    public required MapStatistics Response { get; init; }

    /// <summary>Δy: the gradient of its responses.</summary>
    public required MapStatistics ResponseGradient { get; init; }

    /// <summary>Δx: the gradient of its input, from all that read it; null where that is the network's input, for which none is computed.</summary>
    public MapStatistics? InputGradient { get; init; }

    /// <summary>Root mean square of dw, the gradient of its weights.</summary>
    public required double WeightGradientRms { get; init; }

    /// <summary>For each channel the share of its responses that are not above 0.</summary>
    public required IReadOnlyList<double> Inactive { get; init; }

    /// <summary>Share of its channels that no sample and no place has brought above 0. With ReLU they are dead: no gradient reaches their weights.</summary>
    public double DeadShare => Inactive.Count(share => share >= 1.0) / (double)Inactive.Count;
}
