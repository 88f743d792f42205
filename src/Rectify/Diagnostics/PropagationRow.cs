namespace Rectify.Diagnostics;

/// <summary>A layer's prediction beside its measurement.</summary>
public sealed record PropagationRow
{
    /// <summary>The layer.</summary>
    public required string Name { get; init; }

    /// <summary>n.</summary>
    public required int FanIn { get; init; }

    /// <summary>n̂.</summary>
    public required int FanOut { get; init; }

    /// <summary>Root mean square of its weights.</summary>
    public required double Std { get; init; }

    /// <summary>The std that keeps the backward signal (equation 14).</summary>
    public required double HeStd { get; init; }

    /// <summary>What the layer does to the variance of responses by the theory: <see cref="LayerPrediction.ForwardFactor"/>.</summary>
    public required double ForwardFactor { get; init; }

    /// <summary>What it does to that of gradients: <see cref="LayerPrediction.BackwardFactor"/>.</summary>
    public required double BackwardFactor { get; init; }

    /// <summary>Std of the responses over the first layer's, as predicted with corrections.</summary>
    public required double PredictedForward { get; init; }

    /// <summary>Rms of the responses over the first layer's.</summary>
    public required double MeasuredForward { get; init; }

    /// <summary>Std of Δx over the last layer's, as predicted with corrections.</summary>
    public required double PredictedBackward { get; init; }

    /// <summary>Rms of Δx over the last layer's; null for layers that read the network's input.</summary>
    public required double? MeasuredBackward { get; init; }

    /// <summary>Share of channels that nothing in the batch has brought above 0.</summary>
    public required double DeadShare { get; init; }
}
