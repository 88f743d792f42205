using Rectify.Data;
using Rectify.Models;

namespace Rectify.Inference;

/// <summary>What a file of weights does not say of itself: which network they belong to, and what it was fed.</summary>
public sealed record WeightsOptions
{
    /// <summary>The model's name in <see cref="ModelCatalog"/>.</summary>
    public required string Model { get; init; }

    /// <summary>The factor on all channels with which it was trained.</summary>
    public double Width { get; init; } = 1.0;

    /// <summary>Its rectifiers.</summary>
    public ActivationKind Activation { get; init; } = ActivationKind.PReLU;

    /// <summary>Names of the outputs, in their order; null: their numbers, from "0" on.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Rows and columns of its crops; 0: what the file says, else the mean's size, else 224.</summary>
    public int Crop { get; init; }

    /// <summary>What is subtracted from its crops, of the crop's size; null: the file's own.</summary>
    public MeanImage? Mean { get; init; }
}
