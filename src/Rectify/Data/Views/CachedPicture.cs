namespace Rectify.Data;

/// <summary>A picture that a cache keeps, and the shorter side for which it was read.</summary>
/// <param name="Image">The picture.</param>
/// <param name="ShorterSide">What was asked of the decoder; 0 for the whole picture.</param>
internal sealed record CachedPicture(RgbImage Image, int ShorterSide)
{
    // The objects' headers and fields beside the pixels, roughly.
    private const long Overhead = 128;

    /// <summary>What it takes of a budget.</summary>
    public long Bytes => Image.Pixels.Length + Overhead;

    private long Shorter => Math.Min(Image.Width, Image.Height);

    /// <summary>Whether reading with another shorter side gives the very same pixels.</summary>
    /// <remarks>
    /// It does where the same is asked for, and where both give the whole picture. A decoder may return a smaller one of at least twice the side that was
    /// asked for (see <see cref="IImageDecoder.Decode"/>); so a whole picture of at most twice a side is what that side gives.
    /// </remarks>
    public bool Serves(int shorterSide) =>
        shorterSide == ShorterSide || (Image.Reduction == 1 && (shorterSide == 0 || Shorter <= 2L * shorterSide));
}
