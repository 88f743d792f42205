using System.Buffers;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Antialiased bilinear resizing, equal to the bit to Pillow's <c>Image.resize(size, BILINEAR)</c> for 8-bit RGB.</summary>
/// <remarks>
/// Two passes, first along rows and then along columns, each a weighted mean with the triangle filter over a support that grows with the
/// reduction; between the passes
/// the picture is rounded to 8 bits. A picture that a decoder made smaller is resized as the whole one would be: to the same sizes, with everything at the
/// same place. All sums are of integers, so that every vector width gives the same bits. Pure; thread-safe.
/// </remarks>
public static class Resize
{
    private const int MaxLonger = 1_000_000;

    /// <summary>Resizes a whole picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="width">Columns wanted, at least 1.</param>
    /// <param name="height">Rows wanted, at least 1.</param>
    /// <returns>A new picture, or <paramref name="image"/> itself where it has that size.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public static RgbImage To(RgbImage image, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (image.WholeWidth == width && image.WholeHeight == height && image.Reduction == 1)
        {
            return image;
        }

        byte[] pixels = new byte[checked(3 * width * height)];
        Region(image, width, height, 0, 0, width, height, pixels);
        return new RgbImage(width, height, pixels);
    }

    /// <summary>Resizes so that the shorter side is <paramref name="side"/> pixels; the longer one keeps the proportion.</summary>
    public static RgbImage ShorterSide(RgbImage image, int side)
    {
        (int width, int height) = ShorterSideSize(image, side);
        return To(image, width, height);
    }

    /// <summary>The size that <see cref="ShorterSide"/> gives: (side, ⌊side · longer / shorter⌋), as torchvision's Resize has it.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="side"/> is not positive.</exception>
    /// <exception cref="RectifyException">The picture is so narrow that its longer side would pass a million pixels.</exception>
    public static (int Width, int Height) ShorterSideSize(RgbImage image, int side)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(side);
        (int shorter, int longer) = image.WholeWidth <= image.WholeHeight ? (image.WholeWidth, image.WholeHeight) : (image.WholeHeight, image.WholeWidth);
        if (IsTooNarrow(shorter, longer, side))
        {
            throw new RectifyException($"A picture of {image.WholeWidth}×{image.WholeHeight} pixels is too narrow to be resized to a shorter side of "
                + $"{side}; crop it or remove it.");
        }

        int length = (int)((long)side * longer / shorter);
        return image.WholeWidth <= image.WholeHeight ? (side, length) : (length, side);
    }

    /// <summary>Whether a picture is so narrow that its longer side would pass a million pixels where the shorter one has <paramref name="side"/>.</summary>
    public static bool IsTooNarrow(int width, int height, int side) => (long)side * Math.Max(width, height) / Math.Min(width, height) > MaxLonger;

    /// <summary>A rectangle of the resized picture, at the cost of that rectangle.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="width">Columns of the whole resized picture.</param>
    /// <param name="height">Rows of the whole resized picture.</param>
    /// <param name="left">The rectangle's first column in the resized picture.</param>
    /// <param name="top">The rectangle's first row.</param>
    /// <param name="columns">The rectangle's columns.</param>
    /// <param name="rows">The rectangle's rows.</param>
    /// <param name="destination">[rows,columns,3] bytes, overwritten; what lies behind them is left alone.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rectangle is empty or does not lie inside the resized picture, or the destination is too
    /// short.</exception>
    public static void Region(RgbImage image, int width, int height, int left, int top, int columns, int rows, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(left + columns, width, nameof(columns));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(top + rows, height, nameof(rows));
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, 3 * columns * rows, nameof(destination));

        using ResizeCoefficients down = new(image.Height, (double)image.WholeHeight / image.Reduction, height, top, rows);
        using ResizeCoefficients coefficients = new(image.Width, (double)image.WholeWidth / image.Reduction, width, left, columns);
        using ResizeAcross across = new(image, coefficients);

        // Of the rows between the passes only those that one output row averages are there at a time: they stay in the nearest cache.
        int stride = 3 * columns;
        int ring = down.MaxCount;
        byte[] between = ArrayPool<byte>.Shared.Rent(checked(ring * across.Stride));
        int[] offsets = ArrayPool<int>.Shared.Rent(ring);
        try
        {
            int next = 0;
            for (int row = 0; row < rows; row++)
            {
                int first = down.First(row);
                ReadOnlySpan<int> weights = down.Weights(row);
                for (next = Math.Max(next, first); next < first + weights.Length; next++)
                {
                    across.Row(next, between.AsSpan(next % ring * across.Stride, across.Stride));
                }

                for (int k = 0; k < weights.Length; k++)
                {
                    offsets[k] = (first + k) % ring * across.Stride;
                }

                ResizeDown.Row(between, offsets.AsSpan(0, weights.Length), weights, destination.Slice(row * stride, stride));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(between);
            ArrayPool<int>.Shared.Return(offsets);
        }
    }
}
