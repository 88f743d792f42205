namespace Rectify.Data;

/// <summary>How training varies pictures.</summary>
public sealed record Augmentation
{
    /// <summary>Least shorter side in training, in pixels; 0 for what belongs to the crop (<see cref="Preprocessing"/>).</summary>
    public int ScaleMin { get; init; }

    /// <summary>Largest shorter side in training, in pixels; 0 for what belongs to the crop.</summary>
    public int ScaleMax { get; init; }

    /// <summary>Standard deviation of the factors on the colours' principal components; 0 leaves colours as they are.</summary>
    public double ColourSigma { get; init; }

    /// <summary>What is subtracted.</summary>
    public MeanKind MeanKind { get; init; } = MeanKind.PerPixel;
}
