using System.Buffers;

namespace Rectify.Data;

/// <summary>Memory that is lent to a decoder for its pictures and used again: decoded photos are large, and garbage soon. Not thread-safe.</summary>
public sealed class PixelBuffer : IDisposable
{
    private readonly List<byte[]> _lent = [];

    /// <summary>A picture in lent memory, valid until <see cref="Dispose"/>; its pixels are not set, and its array may be longer than they are.</summary>
    /// <param name="wholeWidth">Pixels in a row of the whole picture.</param>
    /// <param name="wholeHeight">Rows of the whole picture.</param>
    /// <param name="reduction">How many pixels of the whole a pixel's side stands for.</param>
    /// <exception cref="OverflowException">The picture has 2³¹ bytes or more.</exception>
    public RgbImage Lend(int wholeWidth, int wholeHeight, int reduction = 1)
    {
        byte[] pixels = ArrayPool<byte>.Shared.Rent(checked(3 * RgbImage.Reduced(wholeWidth, reduction) * RgbImage.Reduced(wholeHeight, reduction)));
        _lent.Add(pixels);
        return new RgbImage((wholeWidth, wholeHeight), reduction, pixels);
    }

    /// <summary>Takes the memory of all pictures back; then it can be used again.</summary>
    public void Dispose()
    {
        foreach (byte[] pixels in _lent)
        {
            ArrayPool<byte>.Shared.Return(pixels);
        }

        _lent.Clear();
    }
}
