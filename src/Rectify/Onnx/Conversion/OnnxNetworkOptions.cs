namespace Rectify.Onnx.Conversion;

/// <summary>What a model's file may not say of it.</summary>
public sealed record OnnxNetworkOptions
{
    /// <summary>What its input is; null for what the file says.</summary>
    public InputScaling? Input { get; init; }

    /// <summary>Rows and columns of the photo; 0 for what the file says.</summary>
    public int Size { get; init; }

    /// <summary>Names of the classes, in the order of the outputs; null for what the file says, else numbers from 0 on.</summary>
    public IReadOnlyList<string>? Classes { get; init; }
}
