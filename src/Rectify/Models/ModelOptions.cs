namespace Rectify.Models;

/// <summary>What a model's table leaves open.</summary>
public sealed record ModelOptions
{
    /// <summary>Outputs of the last layer.</summary>
    public int Classes { get; init; } = 1000;

    /// <summary>Rows and columns of the crop that it is trained on.</summary>
    public int Crop { get; init; } = 224;

    /// <summary>Multiplies all filters and hidden outputs, rounded to the nearest and at least 1.</summary>
    public double Width { get; init; } = 1.0;

    /// <summary>The rectifier after every convolution and hidden layer.</summary>
    public ActivationKind Activation { get; init; } = ActivationKind.PReLU;

    /// <summary>Dropout after hidden layers; 0 for none.</summary>
    public float Dropout { get; init; } = 0.5f;
}
