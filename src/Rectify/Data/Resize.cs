using System.Buffers;
using System.Numerics;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Antialiased bilinear resizing, equal to the bit to Pillow's <c>Image.resize(size, BILINEAR)</c> for 8-bit RGB.</summary>
/// <remarks>
/// Two passes, first along rows and then along columns, each a weighted mean with the triangle filter over a support that grows with the
/// reduction; between the passes
/// the picture is rounded to 8 bits. Pure; thread-safe.
/// </remarks>
public static class Resize
{
    private const int MaxLonger = 1_000_000;

    // What makes the shift round to the nearest.
    private const int Half = 1 << (ResizeCoefficients.Precision - 1);

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
        if (image.Width == width && image.Height == height)
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
        (int shorter, int longer) = image.Width <= image.Height ? (image.Width, image.Height) : (image.Height, image.Width);
        long length = (long)side * longer / shorter;
        if (length > MaxLonger)
        {
            throw new RectifyException($"A picture of {image.Width}×{image.Height} pixels is too narrow to be resized to a shorter side of "
                + $"{side}; crop it or remove it.");
        }

        return image.Width <= image.Height ? (side, (int)length) : ((int)length, side);
    }

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

        int stride = 3 * columns;
        ResizeCoefficients across = new(image.Width, width, left, columns);
        ResizeCoefficients down = new(image.Height, height, top, rows);
        (int begin, int count) = (down.Begin, down.End - down.Begin);
        byte[] between = ArrayPool<byte>.Shared.Rent(count * stride);
        int[] sums = ArrayPool<int>.Shared.Rent(stride);
        try
        {
            for (int row = 0; row < count; row++)
            {
                ReadOnlySpan<byte> source = image.Pixels.AsSpan(3 * image.Width * (begin + row), 3 * image.Width);
                Span<byte> target = between.AsSpan(row * stride, stride);
                if (image.Width == width)
                {
                    source.Slice(3 * left, stride).CopyTo(target);
                }
                else
                {
                    Across(source, across, target);
                }
            }

            for (int row = 0; row < rows; row++)
            {
                int first = down.First(row) - begin;
                Down(between.AsSpan(first * stride), down.Weights(row), sums.AsSpan(0, stride), destination.Slice(row * stride, stride));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(between);
            ArrayPool<int>.Shared.Return(sums);
        }
    }

    private static void Across(ReadOnlySpan<byte> source, ResizeCoefficients coefficients, Span<byte> target)
    {
        for (int column = 0; 3 * column < target.Length; column++)
        {
            ReadOnlySpan<int> weights = coefficients.Weights(column);
            ReadOnlySpan<byte> pixels = source.Slice(3 * coefficients.First(column), 3 * weights.Length);
            int red = Half, green = Half, blue = Half;
            for (int k = 0; k < weights.Length; k++)
            {
                int weight = weights[k];
                red += weight * pixels[3 * k];
                green += weight * pixels[(3 * k) + 1];
                blue += weight * pixels[(3 * k) + 2];
            }

            target[3 * column] = ToByte(red);
            target[(3 * column) + 1] = ToByte(green);
            target[(3 * column) + 2] = ToByte(blue);
        }
    }

    // Row by row, so that the inner loop runs over neighbours in memory.
    private static void Down(ReadOnlySpan<byte> rows, ReadOnlySpan<int> weights, Span<int> sums, Span<byte> target)
    {
        sums.Fill(Half);
        for (int k = 0; k < weights.Length; k++)
        {
            int weight = weights[k];
            if (weight == 0)
            {
                continue;
            }

            ReadOnlySpan<byte> row = rows.Slice(k * sums.Length, sums.Length);
            Vector<int> factor = new(weight);
            int i = 0;
            for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
            {
                Vector.Widen(new Vector<byte>(row[i..]), out Vector<ushort> low, out Vector<ushort> high);
                Vector.Widen(low, out Vector<uint> a, out Vector<uint> b);
                Vector.Widen(high, out Vector<uint> c, out Vector<uint> d);
                Span<int> s = sums.Slice(i, Vector<byte>.Count);
                Accumulate(s, Vector.AsVectorInt32(a), factor);
                Accumulate(s[Vector<int>.Count..], Vector.AsVectorInt32(b), factor);
                Accumulate(s[(2 * Vector<int>.Count)..], Vector.AsVectorInt32(c), factor);
                Accumulate(s[(3 * Vector<int>.Count)..], Vector.AsVectorInt32(d), factor);
            }

            for (; i < row.Length; i++)
            {
                sums[i] += weight * row[i];
            }
        }

        for (int i = 0; i < target.Length; i++)
        {
            target[i] = ToByte(sums[i]);
        }
    }

    private static void Accumulate(Span<int> sums, Vector<int> pixels, Vector<int> factor) =>
        (new Vector<int>(sums) + (pixels * factor)).CopyTo(sums);

    private static byte ToByte(int sum) => (byte)Math.Clamp(sum >> ResizeCoefficients.Precision, 0, 255);
}
