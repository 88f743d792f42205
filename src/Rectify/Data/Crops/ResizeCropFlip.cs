using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>The paper's augmentation for photos: the shorter side resized to a random scale, a random crop, a flip with probability ½, random colour altering.</summary>
/// <remarks>Scale jittering as in the paper's section 3, "Training" (there 256 to 512, crops of 224). Only the part that the crop needs is
/// resized.</remarks>
public sealed class ResizeCropFlip : SampleTransform
{
    /// <summary>A random crop of a random scale.</summary>
    /// <param name="size">Rows and columns of the crop.</param>
    /// <param name="scaleMin">The smallest shorter side, at least <paramref name="size"/>.</param>
    /// <param name="scaleMax">The largest shorter side, itself included.</param>
    /// <param name="mean">What is subtracted.</param>
    /// <param name="colour">Alters the colours of each crop; null: they stay.</param>
    /// <exception cref="RectifyException">The scales hold no crop or are not in order, or the mean is of another size.</exception>
    public ResizeCropFlip(int size, int scaleMin, int scaleMax, MeanImage mean, ColourShift? colour = null)
        : base(size, mean, colour)
    {
        if (scaleMin < size || scaleMax < scaleMin)
        {
            throw new RectifyException(
                $"The random crop: scales of {scaleMin} to {scaleMax} are asked for with crops of {size}×{size}; choose {size} ≤ smallest ≤ "
                    + "largest.");
        }

        (ScaleMin, ScaleMax) = (scaleMin, scaleMax);
    }

    /// <summary>The smallest shorter side.</summary>
    public int ScaleMin { get; }

    /// <summary>The largest shorter side.</summary>
    public int ScaleMax { get; }

    /// <inheritdoc/>
    public override int ShorterSide => ScaleMax;

    /// <inheritdoc/>
    /// <remarks>Draws the scale, the column, the row, the flip and the shift of the colours, in this order.</remarks>
    public override void Apply(RgbImage image, ref RandomStream random, Span<float> destination)
    {
        (int width, int height) = Resize.ShorterSideSize(image, ScaleMin + random.NextInt(ScaleMax - ScaleMin + 1));
        int left = random.NextInt(width - Size + 1);
        int top = random.NextInt(height - Size + 1);
        bool flip = random.NextBool();
        Window(image, width, height, left, top, flip, ref random, destination);
    }
}
