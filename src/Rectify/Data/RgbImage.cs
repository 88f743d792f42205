namespace Rectify.Data;

/// <summary>A decoded picture: 8 bits a channel, RGB, rows from top to bottom without gaps.</summary>
public sealed class RgbImage
{
    /// <summary>Wraps <paramref name="pixels"/> (not copied) as a picture.</summary>
    /// <param name="width">Pixels in a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="pixels">[height,width,3] bytes, R first.</param>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> is not 3·width·height bytes.</exception>
    public RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.LongLength != 3L * width * height)
        {
            throw new ArgumentException($"A picture of {width}×{height} takes {3L * width * height} bytes, not {pixels.LongLength}.", nameof(pixels));
        }

        (Width, Height, Pixels) = (width, height, pixels);
        (WholeWidth, WholeHeight, Reduction) = (width, height, 1);
    }

    /// <summary>Wraps <paramref name="pixels"/> (not copied) as a picture that a decoder made smaller.</summary>
    /// <param name="wholeWidth">Pixels in a row of the whole picture.</param>
    /// <param name="wholeHeight">Rows of the whole picture.</param>
    /// <param name="reduction">How many pixels of the whole a pixel's side stands for. Sizes are rounded up, so that the last column and the last row may show
    /// less.</param>
    /// <param name="pixels">[⌈wholeHeight/reduction⌉,⌈wholeWidth/reduction⌉,3] bytes, R first.</param>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> is not as long as that.</exception>
    public RgbImage(int wholeWidth, int wholeHeight, int reduction, byte[] pixels)
        : this(Reduced(wholeWidth, reduction), Reduced(wholeHeight, reduction), pixels) =>
        (WholeWidth, WholeHeight, Reduction) = (wholeWidth, wholeHeight, reduction);

    /// <summary>A picture in an array that may be longer than it is.</summary>
    internal RgbImage((int Width, int Height) whole, int reduction, byte[] pixels)
    {
        (Width, Height, Pixels) = (Reduced(whole.Width, reduction), Reduced(whole.Height, reduction), pixels);
        (WholeWidth, WholeHeight, Reduction) = (whole.Width, whole.Height, reduction);
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Pixels in a row of the picture from which a decoder made this one; <see cref="Width"/> where it is that picture.</summary>
    public int WholeWidth { get; }

    /// <summary>Rows of the picture from which a decoder made this one; <see cref="Height"/> where it is that picture.</summary>
    public int WholeHeight { get; }

    /// <summary>How many pixels of the whole picture a pixel's side stands for; 1 where nothing was made smaller.</summary>
    public int Reduction { get; }

    /// <summary>[Height,Width,3] bytes, R first. Of a picture in lent memory (<see cref="PixelBuffer"/>) the array may be longer; what lies behind means nothing.</summary>
    public byte[] Pixels { get; }

    /// <summary>A side at a reduction: rounded up.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is not positive.</exception>
    public static int Reduced(int side, int reduction)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(side);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(reduction);
        return (int)(((long)side + reduction - 1) / reduction);
    }
}
