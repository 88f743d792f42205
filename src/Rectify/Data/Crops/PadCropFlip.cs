using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>The augmentation of small pictures: a frame of the mean around the picture, a random crop of the picture's size, a flip with
/// probability ½.</summary>
/// <remarks>A picture whose shorter side is not the crop's is first resized to it, and its middle taken.</remarks>
public sealed class PadCropFlip : SampleTransform
{
    /// <summary>A random crop with a frame of <paramref name="size"/>/8 pixels.</summary>
    public PadCropFlip(int size, MeanImage mean, ColourShift? colour = null)
        : this(size, size / 8, mean, colour)
    {
    }

    /// <summary>A random crop with a frame.</summary>
    /// <param name="size">Rows and columns of the crop.</param>
    /// <param name="pad">Width of the frame in pixels, 0 to <paramref name="size"/> − 1.</param>
    /// <param name="mean">What is subtracted; the frame is 0 after that.</param>
    /// <param name="colour">Alters the colours of each crop, but not the frame's; null: they stay.</param>
    /// <exception cref="RectifyException">The frame is out of range, or the mean is of another size.</exception>
    public PadCropFlip(int size, int pad, MeanImage mean, ColourShift? colour = null)
        : base(size, mean, colour)
    {
        if (pad < 0 || pad >= size)
        {
            throw new RectifyException($"The padded crop: a frame of {pad} pixels is asked for with crops of {size}×{size}; choose 0 to {size - 1}.");
        }

        Pad = pad;
    }

    /// <summary>Width of the frame in pixels.</summary>
    public int Pad { get; }

    /// <inheritdoc/>
    public override int ShorterSide => Size;

    /// <inheritdoc/>
    /// <remarks>Draws the column, the row, the flip and the shift of the colours, in this order.</remarks>
    public override void Apply(RgbImage image, ref RandomStream random, Span<float> destination)
    {
        (int width, int height) = Resize.ShorterSideSize(image, Size);
        int shiftX = random.NextInt((2 * Pad) + 1) - Pad;
        int shiftY = random.NextInt((2 * Pad) + 1) - Pad;
        bool flip = random.NextBool();

        // Only the middle square is seen: what lies beyond it is the frame, also where the picture would go on.
        (int left, int top) = ((width - Size) / 2, (height - Size) / 2);
        Window(image, width, height, left + shiftX, top + shiftY, flip, ref random, destination);
        Frame(flip ? -shiftX : shiftX, shiftY, destination);
    }

    // Blanks the columns and rows that lie outside the middle square.
    private void Frame(int shiftX, int shiftY, Span<float> destination)
    {
        for (int row = 0; row < Size; row++)
        {
            Span<float> line = destination.Slice(3 * row * Size, 3 * Size);
            if (row + shiftY < 0 || row + shiftY >= Size)
            {
                line.Clear();
            }
            else if (shiftX < 0)
            {
                line[..(-3 * shiftX)].Clear();
            }
            else
            {
                line[(3 * (Size - shiftX))..].Clear();
            }
        }
    }
}
