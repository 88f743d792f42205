namespace Rectify.Execution;

/// <summary>What a step wants of a workspace for a certain input.</summary>
internal readonly record struct StepMemory
{
    /// <summary>Floats kept from the forward to the backward pass.</summary>
    public int Saved { get; init; }

    /// <summary>Floats of scratch in the forward pass.</summary>
    public long ForwardScratch { get; init; }

    /// <summary>Floats of scratch in the backward pass.</summary>
    public long BackwardScratch { get; init; }

    /// <summary>Whether the backward pass reads the step's input.</summary>
    public bool NeedsInput { get; init; }

    /// <summary>Whether the backward pass reads the step's output.</summary>
    public bool NeedsOutput { get; init; }
}
