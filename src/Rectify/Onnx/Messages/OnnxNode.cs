namespace Rectify.Onnx.Messages;

/// <summary>ONNX's NodeProto: one operator with the names of what it reads and makes.</summary>
public sealed record OnnxNode
{
    /// <summary>Name; may be empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>The operator, e.g. "Conv".</summary>
    public required string Operator { get; init; }

    /// <summary>Whose operator it is; empty for ONNX's own.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Values that it reads; an empty name leaves an optional one out.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Values that it makes; an empty name leaves one out.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>Its settings.</summary>
    public IReadOnlyList<OnnxAttribute> Attributes { get; init; } = [];

    /// <summary>Words for people.</summary>
    public string Documentation { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? $"{Name} ({Operator})" : $"the {Operator} that makes '{(Outputs.Count > 0 ? Outputs[0] : "")}'";
}
