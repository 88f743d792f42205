namespace Rectify.Onnx.Messages;

/// <summary>What an attribute is; the values are those of ONNX's AttributeType.</summary>
public enum OnnxAttributeKind
{
    /// <summary>Not said.</summary>
    Undefined = 0,

    /// <summary>A float.</summary>
    Number = 1,

    /// <summary>A whole number.</summary>
    Whole = 2,

    /// <summary>A text.</summary>
    Text = 3,

    /// <summary>A tensor.</summary>
    Tensor = 4,

    /// <summary>A graph within the graph; its content is not read.</summary>
    Graph = 5,

    /// <summary>Floats.</summary>
    Numbers = 6,

    /// <summary>Whole numbers.</summary>
    Wholes = 7,

    /// <summary>Texts.</summary>
    Texts = 8,
}
