namespace Rectify.Onnx.Messages;

/// <summary>ONNX's ValueInfoProto: what is known of a value.</summary>
public sealed record OnnxValue
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>What its numbers are; undefined where it is no tensor, or not said.</summary>
    public OnnxElement Element { get; init; }

    /// <summary>Its axes; null where not even their number is known.</summary>
    public IReadOnlyList<OnnxDimension>? Dimensions { get; init; }

    /// <summary>Words for people.</summary>
    public string Documentation { get; init; } = "";

    /// <summary>A tensor of floats.</summary>
    /// <param name="name">Name.</param>
    /// <param name="dimensions">Its axes.</param>
    public static OnnxValue Of(string name, params IReadOnlyList<OnnxDimension> dimensions) =>
        new() { Name = name, Element = OnnxElement.F32, Dimensions = dimensions };

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Element} [{(Dimensions is null ? "?" : string.Join(',', Dimensions))}]";
}
