using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>The crop of evaluation: the shorter side resized to a scale, and the middle of that.</summary>
public sealed class CenterCrop : SampleTransform
{
    /// <summary>A center crop.</summary>
    /// <param name="size">Rows and columns of the crop.</param>
    /// <param name="scale">The shorter side after resizing, at least <paramref name="size"/>; equal to it for small pictures.</param>
    /// <param name="mean">What is subtracted.</param>
    /// <exception cref="RectifyException">The scale is below the size, or the mean is of another size.</exception>
    public CenterCrop(int size, int scale, MeanImage mean)
        : base(size, mean)
    {
        if (scale < size)
        {
            throw new RectifyException($"The center crop: a scale of {scale} holds no crop of {size}×{size}; choose a scale of {size} or more.");
        }

        Scale = scale;
    }

    /// <summary>The shorter side after resizing.</summary>
    public int Scale { get; }

    /// <inheritdoc/>
    public override int ShorterSide => Scale;

    /// <inheritdoc/>
    /// <remarks>Draws nothing from <paramref name="random"/>.</remarks>
    public override void Apply(RgbImage image, ref RandomStream random, Span<float> destination)
    {
        (int width, int height) = Resize.ShorterSideSize(image, Scale);
        Window(image, width, height, (width - Size) / 2, (height - Size) / 2, flip: false, ref random, destination);
    }
}
