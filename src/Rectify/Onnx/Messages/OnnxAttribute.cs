namespace Rectify.Onnx.Messages;

/// <summary>ONNX's AttributeProto: a node's setting of one of the kinds below.</summary>
public sealed record OnnxAttribute
{
    /// <summary>Name, e.g. "strides".</summary>
    public required string Name { get; init; }

    /// <summary>Which of the following holds it.</summary>
    public required OnnxAttributeKind Kind { get; init; }

    /// <summary>A float.</summary>
    public float Number { get; init; }

    /// <summary>A whole number.</summary>
    public long Whole { get; init; }

    /// <summary>A text.</summary>
    public string Text { get; init; } = "";

    /// <summary>A tensor.</summary>
    public OnnxTensor? Tensor { get; init; }

    /// <summary>Floats.</summary>
    public IReadOnlyList<float> Numbers { get; init; } = [];

    /// <summary>Whole numbers.</summary>
    public IReadOnlyList<long> Wholes { get; init; } = [];

    /// <summary>Texts.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>A float.</summary>
    public static OnnxAttribute Of(string name, float value) => new() { Name = name, Kind = OnnxAttributeKind.Number, Number = value };

    /// <summary>A whole number.</summary>
    public static OnnxAttribute Of(string name, long value) => new() { Name = name, Kind = OnnxAttributeKind.Whole, Whole = value };

    /// <summary>A text.</summary>
    public static OnnxAttribute Of(string name, string value) => new() { Name = name, Kind = OnnxAttributeKind.Text, Text = value };

    /// <summary>A tensor.</summary>
    public static OnnxAttribute Of(string name, OnnxTensor value) => new() { Name = name, Kind = OnnxAttributeKind.Tensor, Tensor = value };

    /// <summary>Floats.</summary>
    public static OnnxAttribute Of(string name, IReadOnlyList<float> values) => new() { Name = name, Kind = OnnxAttributeKind.Numbers, Numbers = values };

    /// <summary>Whole numbers.</summary>
    public static OnnxAttribute Of(string name, IReadOnlyList<long> values) => new() { Name = name, Kind = OnnxAttributeKind.Wholes, Wholes = values };

    /// <summary>Texts.</summary>
    public static OnnxAttribute Of(string name, IReadOnlyList<string> values) => new() { Name = name, Kind = OnnxAttributeKind.Texts, Texts = values };
}
