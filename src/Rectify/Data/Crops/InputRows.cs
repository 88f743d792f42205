using System.Buffers;

namespace Rectify.Data;

/// <summary>From a rectangle of a picture that already has its size to a net's input: pixels 0..255, minus the mean, mirrored if wanted.</summary>
internal static class InputRows
{
    /// <summary>x = pixel − mean, the mean at the positions of the result: a mirrored rectangle is not met by a mirrored mean.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="left">The rectangle's first column.</param>
    /// <param name="top">The rectangle's first row.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="flip">Whether it is mirrored left to right.</param>
    /// <param name="mean">[rows,columns,3].</param>
    /// <param name="destination">[rows,columns,3]; overwritten.</param>
    public static void Write(RgbImage image, int left, int top, int columns, int rows, bool flip, ReadOnlySpan<float> mean, Span<float> destination)
    {
        Span<float> shift = stackalloc float[CropRow.ShiftLength];
        shift.Clear();
        int length = 3 * columns;
        byte[] mirrored = ArrayPool<byte>.Shared.Rent(length);
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<byte> pixels = image.Pixels.AsSpan(3 * (((top + row) * image.Width) + left), length);
            if (flip)
            {
                CropRow.Mirror(pixels, mirrored.AsSpan(0, length));
                pixels = mirrored.AsSpan(0, length);
            }

            CropRow.Write(pixels, mean.Slice(row * length, length), shift, destination.Slice(row * length, length));
        }

        ArrayPool<byte>.Shared.Return(mirrored);
    }
}
