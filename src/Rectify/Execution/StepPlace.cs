using Rectify.Tensors;

namespace Rectify.Execution;

/// <summary>Where a step's maps and memory lie for a certain input of the plan.</summary>
internal sealed record StepPlace
{
    /// <summary>Nowhere.</summary>
    public static StepPlace None { get; } = new() { Inputs = [default] };

    /// <summary>The maps that it reads.</summary>
    public required InputPlace[] Inputs { get; init; }

    /// <summary>Shape of the map that it makes.</summary>
    public MapShape OutputShape { get; init; }

    /// <summary>The map that it makes.</summary>
    public BufferSlice Output { get; init; }

    /// <summary>That map's gradient.</summary>
    public BufferSlice OutputGradient { get; init; }

    /// <summary>What it keeps from the forward to the backward pass.</summary>
    public BufferSlice Saved { get; init; }

    /// <summary>Scratch in the forward pass.</summary>
    public BufferSlice ForwardScratch { get; init; }

    /// <summary>Scratch in the backward pass.</summary>
    public BufferSlice BackwardScratch { get; init; }
}

/// <summary>A map that a step reads.</summary>
/// <param name="Shape">Its shape.</param>
/// <param name="Map">Where it lies.</param>
/// <param name="Gradient">Where the step writes its part of the map's gradient.</param>
/// <param name="Gathered">Where the map's gradient is gathered: the same place for the reader that comes first on the way back.</param>
internal readonly record struct InputPlace(MapShape Shape, BufferSlice Map, BufferSlice Gradient, BufferSlice Gathered);
