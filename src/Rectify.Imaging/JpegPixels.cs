namespace Rectify.Imaging;

/// <summary>What is done to the pixels that come out of a JPEG.</summary>
internal static class JpegPixels
{
    private const byte Middle = 128;

    /// <summary>Whether half of a picture or more has the colour of blocks that are not there, whose coefficients are all zero.</summary>
    /// <param name="pixels">Three channels, or four.</param>
    /// <param name="cmyk">Four.</param>
    /// <param name="ycck">Four, of which three were stored as luma and chroma and came out inverted.</param>
    public static bool HalfIsMissing(ReadOnlySpan<byte> pixels, bool cmyk, bool ycck)
    {
        int channels = cmyk ? 4 : 3;
        byte color = ycck ? (byte)(255 - Middle) : Middle;
        long missing = 0;
        for (int i = 0; i < pixels.Length; i += channels)
        {
            bool grey = pixels[i] == color && pixels[i + 1] == color && pixels[i + 2] == color;
            missing += grey && (!cmyk || pixels[i + 3] == Middle) ? 1 : 0;
        }

        return 2 * missing >= pixels.Length / channels;
    }

    /// <summary>RGB of inverted CMYK, in which 255 is no ink: each channel C·K/255, rounded to the nearest.</summary>
    public static byte[] FromCmyk(ReadOnlySpan<byte> cmyk)
    {
        byte[] rgb = new byte[cmyk.Length / 4 * 3];
        for (int i = 0, j = 0; i < cmyk.Length; i += 4, j += 3)
        {
            int black = cmyk[i + 3];
            rgb[j] = (byte)(((cmyk[i] * black) + 127) / 255);
            rgb[j + 1] = (byte)(((cmyk[i + 1] * black) + 127) / 255);
            rgb[j + 2] = (byte)(((cmyk[i + 2] * black) + 127) / 255);
        }

        return rgb;
    }
}
