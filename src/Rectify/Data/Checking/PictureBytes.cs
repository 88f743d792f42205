using System.Buffers.Binary;

namespace Rectify.Data.Checking;

/// <summary>What a file's bytes say without decoding them.</summary>
internal static class PictureBytes
{
    /// <summary>The format that the first bytes belong to; null where they are none's that is known.</summary>
    public static string? FormatOf(ReadOnlySpan<byte> file) =>
        file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "JPEG"
        : file.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? "PNG"
        : file.Length > 2 && file.StartsWith("P6"u8) && file[2] is (byte)'\n' or (byte)' ' ? "PPM"
        : file.StartsWith("GIF8"u8) ? "GIF"
        : file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8) ? "WebP"
        : file.StartsWith("BM"u8) && file.Length >= 6 && BinaryPrimitives.ReadInt32LittleEndian(file[2..]) >= 26 ? "BMP"
        : file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8) ? "TIFF"
        : file.Length >= 12 && file[4..].StartsWith("ftyp"u8) ? "HEIC, AVIF or video"
        : file.StartsWith("%PDF"u8) ? "PDF"
        : file.StartsWith("PK\u0003\u0004"u8) ? "ZIP"
        : IsWebPage(file) ? "web page"
        : null;

    /// <summary>Whether a JPEG or PNG has its end; true for others. Bytes behind the end do not matter.</summary>
    public static bool IsComplete(ReadOnlySpan<byte> file) => FormatOf(file) switch
    {
        "JPEG" => JpegEnds(file),
        "PNG" => file.LastIndexOf("IEND"u8) >= 0,
        _ => true,
    };

    private static bool IsWebPage(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> text = file.TrimStart(" \r\n\t"u8);
        return text.StartsWith("<!DOCTYPE"u8) || text.StartsWith("<!doctype"u8) || text.StartsWith("<html"u8) || text.StartsWith("<HTML"u8);
    }

    // The end marker after the first scan begins: one before it may be that of a thumbnail in EXIF. Inside coded data FF is always followed by 00 or a restart.
    private static bool JpegEnds(ReadOnlySpan<byte> file)
    {
        int at = 2;
        while (at + 4 <= file.Length && file[at] == 0xFF)
        {
            byte marker = file[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            if (marker == 0xDA)
            {
                return file[at..].IndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) >= 0;
            }

            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
        }

        return false;
    }
}
