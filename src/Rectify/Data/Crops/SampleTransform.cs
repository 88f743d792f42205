using System.Buffers;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>What turns a picture of any size into a net's input: geometry, then x = pixel − mean, 0..255 and divided by nothing.
/// Thread-safe.</summary>
public abstract class SampleTransform
{
    /// <summary>A transform to crops of the mean's size.</summary>
    /// <param name="size">Rows and columns of the crop.</param>
    /// <param name="mean">What is subtracted, of the same size.</param>
    /// <param name="colour">Alters the colours of each crop; null: they stay.</param>
    /// <exception cref="RectifyException">The mean is of another size.</exception>
    protected SampleTransform(int size, MeanImage mean, ColourShift? colour = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentNullException.ThrowIfNull(mean);
        if (mean.Size != size)
        {
            throw new RectifyException($"The crops are of {size}×{size} and the mean of {mean.Size}×{mean.Size}; compute the mean for the size of "
                + "the crops.");
        }

        (Size, Mean, Colour) = (size, mean, colour);
    }

    /// <summary>Rows and columns of the crop.</summary>
    public int Size { get; }

    /// <summary>What is subtracted from the crop, at the crop's positions: a flipped crop is not met by a flipped mean.</summary>
    public MeanImage Mean { get; }

    /// <summary>Alters the colours of each crop; null: they stay.</summary>
    public ColourShift? Colour { get; }

    /// <summary>Values in a crop: 3·Size².</summary>
    public int Length => 3 * Size * Size;

    /// <summary>The largest shorter side to which this transform may resize a picture, whatever it draws: what to ask <see cref="IDataset.Read"/> for. 0: it
    /// wants the whole picture.</summary>
    /// <remarks>Fixed for a transform, so that a picture's pixels depend neither on what is drawn nor on what a cache holds.</remarks>
    public virtual int ShorterSide => 0;

    /// <summary>Makes a crop.</summary>
    /// <param name="image">The picture, read with <see cref="ShorterSide"/> or whole.</param>
    /// <param name="random">The sample's stream in this epoch; advanced.</param>
    /// <param name="destination">[Size,Size,3], RGB, without padding of the channels; overwritten.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is not of <see cref="Length"/>.</exception>
    public abstract void Apply(RgbImage image, ref RandomStream random, Span<float> destination);

    /// <summary>Writes the window of Size×Size at (left, top) of the resized picture; positions outside the picture become 0, which is the
    /// mean.</summary>
    /// <param name="image">The picture before resizing.</param>
    /// <param name="width">Columns of the resized picture.</param>
    /// <param name="height">Rows of the resized picture.</param>
    /// <param name="left">The window's first column; may be negative.</param>
    /// <param name="top">The window's first row; may be negative.</param>
    /// <param name="flip">Whether to mirror the window left to right.</param>
    /// <param name="random">Draws the shift of the colours, where there is one: the last that a sample draws.</param>
    /// <param name="destination">[Size,Size,3]; overwritten.</param>
    protected void Window(RgbImage image, int width, int height, int left, int top, bool flip, ref RandomStream random, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (destination.Length != Length)
        {
            throw new ArgumentException($"A crop of {Size}×{Size} takes {Length} values, not {destination.Length}.", nameof(destination));
        }

        Span<float> shift = stackalloc float[CropRow.ShiftLength];
        shift.Clear();
        if (Colour is not null)
        {
            (float red, float green, float blue) = Colour.Draw(ref random);
            CropRow.Fill(shift, red, green, blue);
        }

        (int x0, int x1) = (Math.Max(left, 0), Math.Min(left + Size, width));
        (int y0, int y1) = (Math.Max(top, 0), Math.Min(top + Size, height));
        if (x1 - x0 < Size || y1 - y0 < Size)
        {
            destination.Clear();
        }

        if (x1 <= x0 || y1 <= y0)
        {
            return;
        }

        if (image.Width == width && image.Height == height && image.Reduction == 1)
        {
            Copy(image.Pixels.AsSpan(3 * ((y0 * width) + x0)), 3 * width, x1 - x0, y1 - y0, x0 - left, y0 - top, flip, shift, destination);
            return;
        }

        byte[] part = ArrayPool<byte>.Shared.Rent(3 * (x1 - x0) * (y1 - y0));
        try
        {
            Resize.Region(image, width, height, x0, y0, x1 - x0, y1 - y0, part);
            Copy(part, 3 * (x1 - x0), x1 - x0, y1 - y0, x0 - left, y0 - top, flip, shift, destination);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(part);
        }
    }

    private void Copy(
        ReadOnlySpan<byte> source, int stride, int columns, int rows, int atColumn, int atRow, bool flip, ReadOnlySpan<float> shift, Span<float> destination)
    {
        byte[]? mirrored = flip ? ArrayPool<byte>.Shared.Rent(3 * columns) : null;
        int column = flip ? Size - atColumn - columns : atColumn;
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<byte> from = source.Slice(row * stride, 3 * columns);
            if (mirrored is not null)
            {
                CropRow.Mirror(from, mirrored.AsSpan(0, 3 * columns));
                from = mirrored.AsSpan(0, 3 * columns);
            }

            int start = 3 * (((atRow + row) * Size) + column);
            CropRow.Write(from, Mean.Values.Slice(start, 3 * columns), shift, destination.Slice(start, 3 * columns));
        }

        if (mirrored is not null)
        {
            ArrayPool<byte>.Shared.Return(mirrored);
        }
    }
}
