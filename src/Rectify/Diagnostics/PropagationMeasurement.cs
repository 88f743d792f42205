namespace Rectify.Diagnostics;

/// <summary>What one forward and backward pass shows of a network.</summary>
/// <param name="Layers">Its layers with weights, in the order in which they run.</param>
public sealed record PropagationMeasurement(IReadOnlyList<LayerMeasurement> Layers);
