using System.Buffers.Binary;
using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Imaging;

/// <summary>What a PNG says of itself, read without a codec.</summary>
/// <param name="Width">Pixels in a stored row.</param>
/// <param name="Height">Stored rows.</param>
/// <param name="ColorType">0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha.</param>
/// <param name="BitDepth">Bits of a sample, or of an index into the palette.</param>
/// <param name="Orientation">Of the eXIf chunk, 1 to 8.</param>
internal readonly record struct PngHeader(int Width, int Height, int ColorType, int BitDepth, int Orientation)
{
    private const int SignatureBytes = 8;
    private const int IhdrBytes = 13;

    // Length, type and checksum.
    private const int ChunkBytes = 12;

    /// <summary>Bytes of the stored rows before compression.</summary>
    public long StoredBytes => (((long)Width * BitDepth * ColorType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 }) + 7) / 8 * Height;

    /// <summary>As a description of a file.</summary>
    public ImageDescription Description => new("PNG", Width, Height, Color, BitDepth, Orientation);

    private string Color => ColorType switch { 0 => "grey", 3 => "palette", 4 => "grey+alpha", 6 => "RGB+alpha", _ => "RGB" };

    /// <summary>Walks a file's chunks. Any bytes at all are safe.</summary>
    /// <param name="file">The file, beginning as a PNG does.</param>
    /// <param name="name">What to call it in a message.</param>
    /// <exception cref="RectifyException">There is no header, or one that is no picture's.</exception>
    public static PngHeader Read(ReadOnlySpan<byte> file, string name)
    {
        ReadOnlySpan<byte> rest = file[SignatureBytes..];
        if (rest.Length < ChunkBytes + IhdrBytes || BinaryPrimitives.ReadUInt32BigEndian(rest) != IhdrBytes || !rest[4..].StartsWith("IHDR"u8))
        {
            throw DecodeRules.Damaged("PNG", "its header is cut short", name);
        }

        ReadOnlySpan<byte> content = rest[8..];
        int width = BinaryPrimitives.ReadInt32BigEndian(content);
        int height = BinaryPrimitives.ReadInt32BigEndian(content[4..]);
        DecodeRules.CheckPositive(width, height, name);
        (int depth, int color) = (content[8], content[9]);
        if (depth is not (1 or 2 or 4 or 8 or 16) || color is not (0 or 2 or 3 or 4 or 6))
        {
            throw DecodeRules.Damaged("PNG", "its header is not one", name);
        }

        return new PngHeader(width, height, color, depth, Orientation: OrientationOf(rest));
    }

    // The chunk may stand behind the pixels.
    private static int OrientationOf(ReadOnlySpan<byte> chunks)
    {
        while (chunks.Length >= ChunkBytes)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(chunks);
            if (length > chunks.Length - ChunkBytes)
            {
                break;
            }

            if (chunks[4..].StartsWith("eXIf"u8))
            {
                return ExifOrientation.Read(chunks.Slice(8, (int)length));
            }

            chunks = chunks[(ChunkBytes + (int)length)..];
        }

        return ExifOrientation.Upright;
    }
}
