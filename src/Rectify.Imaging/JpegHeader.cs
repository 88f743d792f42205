using System.Buffers.Binary;
using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Imaging;

/// <summary>What stands before a JPEG's pixels, read without a codec.</summary>
/// <param name="Width">Pixels in a stored row.</param>
/// <param name="Height">Stored rows.</param>
/// <param name="Components">Channels: 1, 3 or 4 in pictures that there are.</param>
/// <param name="Precision">Bits of a sample.</param>
/// <param name="Orientation">EXIF's, 1 to 8.</param>
internal readonly record struct JpegHeader(int Width, int Height, int Components, int Precision, int Orientation)
{
    private const byte Temporary = 0x01;
    private const byte FirstRestart = 0xD0;
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;
    private const byte App1 = 0xE1;

    /// <summary>As a description of a file.</summary>
    public ImageDescription Description => new("JPEG", Width, Height, Components switch { 1 => "grey", 4 => "CMYK", _ => "RGB" }, Precision, Orientation);

    /// <summary>Walks a file's segments up to its first scan. Any bytes at all are safe.</summary>
    /// <param name="file">The file, beginning as a JPEG does.</param>
    /// <param name="name">What to call it in a message.</param>
    /// <exception cref="RectifyException">There is no frame header, or one that is no picture's.</exception>
    public static JpegHeader Read(ReadOnlySpan<byte> file, string name)
    {
        JpegHeader header = new(0, 0, 0, 0, 0);
        int at = 2;
        while (Segment(file, ref at, out byte marker, out ReadOnlySpan<byte> content))
        {
            if (marker == App1 && header.Orientation == 0 && content.StartsWith("Exif\0"u8) && content.Length > 6)
            {
                header = header with { Orientation = ExifOrientation.Read(content[6..]) };
            }
            else if (IsFrame(marker) && header.Components == 0 && content.Length >= 6)
            {
                header = header with
                {
                    Precision = content[0],
                    Height = BinaryPrimitives.ReadUInt16BigEndian(content[1..]),
                    Width = BinaryPrimitives.ReadUInt16BigEndian(content[3..]),
                    Components = content[5],
                };
            }
        }

        if (header.Components == 0)
        {
            throw DecodeRules.Damaged("JPEG", "its header is cut short", name);
        }

        DecodeRules.CheckPositive(header.Width, header.Height, name);
        return header.Orientation == 0 ? header with { Orientation = ExifOrientation.Upright } : header;
    }

    // SOF0 to SOF15, but for the three codes among them that mean other things.
    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    // The next segment that has content; false at the first scan and at the end.
    private static bool Segment(ReadOnlySpan<byte> file, ref int at, out byte marker, out ReadOnlySpan<byte> content)
    {
        marker = 0;
        content = default;
        while (at + 1 < file.Length)
        {
            // Bytes that only fill, and such as should not be there, which the codec passes over as well.
            marker = file[at + 1];
            if (file[at] != 0xFF || marker is 0x00 or 0xFF)
            {
                at++;
                continue;
            }

            at += 2;
            if (marker is Temporary or (>= FirstRestart and <= StartOfImage))
            {
                continue;
            }

            if (marker is EndOfImage or StartOfScan || at + 2 > file.Length)
            {
                return false;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(file[at..]);
            if (length < 2 || at + length > file.Length)
            {
                return false;
            }

            content = file.Slice(at + 2, length - 2);
            at += length;
            return true;
        }

        return false;
    }
}
