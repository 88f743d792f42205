using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>How training pictures are varied: the scales between which the shorter side is drawn, and how far colours are altered. Flipped is always one half.</summary>
/// <remarks>The paper's section 3, "Training": s uniform over the whole numbers of [256, 512], a random 224×224 crop, flipped with probability ½, random colour
/// altering as in Krizhevsky et al. 2012 (see <see cref="ColourShift"/>).</remarks>
public sealed record Augmentation
{
    /// <summary>σ of the colour altering in Krizhevsky et al. 2012.</summary>
    public const double PaperColourSigma = 0.1;

    private const int LargestScale = 1 << 14;
    private const double LargestSigma = 10;

    /// <summary>The smallest shorter side in pixels; 0, together with <see cref="ScaleMax"/>: what <see cref="Preprocessing"/> chooses for the crop.</summary>
    public int ScaleMin { get; init; }

    /// <summary>The largest shorter side, itself included.</summary>
    public int ScaleMax { get; init; }

    /// <summary>σ of the colour altering, in standard deviations along each principal component of the colours; 0: none.</summary>
    public double ColourSigma { get; init; }

    /// <summary>Checks the values for crops of a size.</summary>
    /// <param name="crop">Rows and columns of the crop.</param>
    /// <exception cref="UsageException">One is out of range; the message names it and the remedy.</exception>
    public void Validate(int crop)
    {
        bool chosen = ScaleMin == 0 && ScaleMax == 0;
        if (!chosen && (ScaleMin < crop || ScaleMax < ScaleMin || ScaleMax > LargestScale))
        {
            throw new UsageException(
                $"--scale {ScaleMin},{ScaleMax}: the shorter side is drawn between these, so choose {crop} (the crop) ≤ smallest ≤ largest ≤ {LargestScale}, such as "
                + $"{new Preprocessing(crop).PaperScales.Min},{new Preprocessing(crop).PaperScales.Max}.");
        }

        if (!(ColourSigma is >= 0 and <= LargestSigma))
        {
            throw new UsageException($"--colour {ColourSigma}: choose 0 (none) to {LargestSigma}; the paper's is {PaperColourSigma}.");
        }
    }
}
