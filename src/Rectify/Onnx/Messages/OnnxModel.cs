namespace Rectify.Onnx.Messages;

/// <summary>ONNX's ModelProto: a graph, and what says how to read it.</summary>
public sealed record OnnxModel
{
    /// <summary>The version of the format itself; 8 belongs to operator sets 15 to 18.</summary>
    public long IrVersion { get; init; } = 8;

    /// <summary>The operator sets that the graph uses.</summary>
    public IReadOnlyList<OnnxOperatorSet> OperatorSets { get; init; } = [];

    /// <summary>The program that wrote it.</summary>
    public string Producer { get; init; } = "";

    /// <summary>That program's version.</summary>
    public string ProducerVersion { get; init; } = "";

    /// <summary>A reversed domain name of who made the model.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Its version.</summary>
    public long Version { get; init; }

    /// <summary>Words for people.</summary>
    public string Documentation { get; init; } = "";

    /// <summary>What it computes.</summary>
    public required OnnxGraph Graph { get; init; }

    /// <summary>Further facts; keys differ.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The version of the standard operators ("" and "ai.onnx"), or 0 if the model does not say.</summary>
    public long StandardVersion => OperatorSets.FirstOrDefault(set => OnnxOperatorSet.IsStandard(set.Domain))?.Version ?? 0;
}
