namespace Rectify.Onnx.Messages;

/// <summary>ONNX's GraphProto: nodes that read values by name and make others.</summary>
public sealed record OnnxGraph
{
    /// <summary>Name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Nodes; in a valid graph each stands after those whose values it reads.</summary>
    public IReadOnlyList<OnnxNode> Nodes { get; init; } = [];

    /// <summary>Constants: weights, shapes.</summary>
    public IReadOnlyList<OnnxTensor> Initializers { get; init; } = [];

    /// <summary>What goes in; until IR version 3 the initializers too.</summary>
    public IReadOnlyList<OnnxValue> Inputs { get; init; } = [];

    /// <summary>What comes out.</summary>
    public IReadOnlyList<OnnxValue> Outputs { get; init; } = [];

    /// <summary>What is known of values in between.</summary>
    public IReadOnlyList<OnnxValue> Values { get; init; } = [];

    /// <summary>Words for people.</summary>
    public string Documentation { get; init; } = "";
}
