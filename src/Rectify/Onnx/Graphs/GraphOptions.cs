using Rectify.Tensors;

namespace Rectify.Onnx.Graphs;

/// <summary>What a run of a graph may take.</summary>
public sealed record GraphOptions
{
    /// <summary>The most bytes of one value; by default what the machine has.</summary>
    public long MostBytes { get; init; } = MemoryLimit.AvailableBytes;
}
