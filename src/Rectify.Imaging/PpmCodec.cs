using System.Text;
using Rectify.Data;

namespace Rectify.Imaging;

/// <summary>PPM, binary and of 8 bits: a header "P6 WIDTH HEIGHT 255" and the bytes of the pixels as they are. Thread-safe.</summary>
/// <remarks>Comments in the header and other depths are not read.</remarks>
public sealed class PpmCodec : IImageDecoder, IImageEncoder
{
    private const int LongestNumber = 9;

    /// <inheritdoc/>
    public string Description => "raw pixels";

    /// <inheritdoc/>
    public string Extension => ".ppm";

    /// <inheritdoc/>
    public bool KeepsFiles => false;

    /// <summary>Whether bytes begin as a binary PPM does.</summary>
    public static bool IsPpm(ReadOnlySpan<byte> file) => file.Length > 2 && file.StartsWith("P6"u8) && file[2] is (byte)'\n' or (byte)' ';

    /// <inheritdoc/>
    public byte[] Encode(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return [.. Encoding.ASCII.GetBytes($"P6\n{image.Width} {image.Height}\n255\n"), .. image.Pixels];
    }

    /// <inheritdoc/>
    public RgbImage Decode(ReadOnlySpan<byte> file, string name, int shorterSide = 0) => Into(null, file, name);

    /// <inheritdoc/>
    public RgbImage DecodeInto(ReadOnlySpan<byte> file, string name, int shorterSide, PixelBuffer pixels) => Into(pixels, file, name);

    private static RgbImage Into(PixelBuffer? lender, ReadOnlySpan<byte> file, string name)
    {
        (int width, int height, int start) = Header(file, name);
        DecodeRules.CheckSize(width, height, name);
        long length = 3L * width * height;
        if (file.Length - start < length)
        {
            throw DecodeRules.Damaged("PPM", $"{file.Length - start} of its {length} bytes of pixels are there", name);
        }

        RgbImage image = lender?.Lend(width, height) ?? new RgbImage(width, height, new byte[length]);
        file.Slice(start, (int)length).CopyTo(image.Pixels);
        return image;
    }

    /// <inheritdoc/>
    public ImageDescription Describe(ReadOnlySpan<byte> file, string name)
    {
        (int width, int height, _) = Header(file, name);
        DecodeRules.CheckPositive(width, height, name);
        return new ImageDescription("PPM", width, height, "RGB", 8, 1);
    }

    private static (int Width, int Height, int Start) Header(ReadOnlySpan<byte> file, string name)
    {
        int at = 2;
        int width = Number(file, ref at, name), height = Number(file, ref at, name), most = Number(file, ref at, name);
        return most == byte.MaxValue && at < file.Length
            ? (width, height, at + 1)
            : throw DecodeRules.Damaged("PPM", $"its largest value is {most}, and 255 is read", name);
    }

    private static int Number(ReadOnlySpan<byte> file, ref int at, string name)
    {
        while (at < file.Length && file[at] is (byte)' ' or (byte)'\n')
        {
            at++;
        }

        int begin = at, value = 0;
        for (; at < file.Length && at - begin < LongestNumber && file[at] is >= (byte)'0' and <= (byte)'9'; at++)
        {
            value = (10 * value) + (file[at] - '0');
        }

        return at > begin ? value : throw DecodeRules.Damaged("PPM", "its header is none", name);
    }
}
