using Rectify.Data;

namespace Rectify.Training;

/// <summary>What a weights file of another program leaves open; what is null is taken from the file's metadata where it has any.</summary>
public sealed record ImportOptions
{
    /// <summary>The model of the catalog to which the weights belong.</summary>
    public string? Model { get; init; }

    /// <summary>Factor on its channels; 1 unless the file says otherwise.</summary>
    public double? Width { get; init; }

    /// <summary>Rows and columns of the crop; 224 unless the file says otherwise.</summary>
    public int? Size { get; init; }

    /// <summary>Its rectifiers; by the file's tensors: PReLU where it has slopes, else ReLU.</summary>
    public string? Activation { get; init; }

    /// <summary>The classes in the order of the outputs; "0", "1", … where nobody names them.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>What the weights take in; for names of torchvision and timm without a word about it ImageNet's mean and std.</summary>
    public ForeignInput? Input { get; init; }

    /// <summary>What is subtracted from 0..255, for weights that want it divided by nothing; its size is the crop's.</summary>
    public MeanImage? Mean { get; init; }
}
