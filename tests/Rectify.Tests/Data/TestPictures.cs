using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Rectify.Data;

namespace Rectify.Tests.Data;

/// <summary>Files of real formats, made here: PNG of any size, depth and colours, and small JPEGs that differ in their quantization.</summary>
internal static class TestPictures
{
    // 16×8, two colours; by Pillow.
    private const string TwoColours =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAg"
        + "ICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAAIABADAREAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAA"
        + "AAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRk"
        + "dISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3"
        + "+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNO"
        + "El8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU"
        + "1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD5nr87P9ODHr/Xg/wPP//Z";

    // 8×8, CMYK, with Adobe's marker.
    private const string CmykFile =
        "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB/8AAFAgACAAIBE"
        + "MRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHw"
        + "JDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxs"
        + "fIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD/AD/6/v4qvX78V//Z";

    public static byte[] Cmyk => Convert.FromBase64String(CmykFile);

    /// <summary>A JPEG of 16×8 pixels whose colours go with the variant, 0..35: each gives other pixels.</summary>
    public static byte[] Jpeg(int variant)
    {
        // The first factors of both tables scale the mean brightness and colour, which must not saturate.
        byte[] file = Convert.FromBase64String(TwoColours);
        int table = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDB]);
        file[table + 5] = (byte)(1 + (variant % 6));
        file[table + 69 + 5] = (byte)(1 + (variant / 6));
        return file;
    }

    /// <summary>The same picture with a segment of that marker behind the first two bytes.</summary>
    public static byte[] WithSegment(byte[] jpeg, byte marker, byte[] content) =>
        [.. jpeg[..2], 0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content, .. jpeg[2..]];

    /// <summary>EXIF that says an orientation.</summary>
    public static byte[] Exif(byte orientation) =>
        [.. "Exif\0\0"u8, .. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>An RGB PNG whose pixels go with the variant.</summary>
    public static byte[] Png(int width, int height, int variant, int bits = 8, CompressionLevel level = CompressionLevel.Fastest)
    {
        using MemoryStream rows = new();
        for (int y = 0; y < height; y++)
        {
            rows.WriteByte(0);
            for (int x = 0; x < 3 * width * bits / 8; x++)
            {
                rows.WriteByte((byte)((variant * 29) + (x * 7) + (y * 3)));
            }
        }

        return Png(width, height, bits, rows.ToArray(), level);
    }

    /// <summary>A picture as an RGB PNG.</summary>
    public static byte[] Png(RgbImage image)
    {
        using MemoryStream rows = new();
        for (int y = 0; y < image.Height; y++)
        {
            rows.WriteByte(0);
            rows.Write(image.Pixels.AsSpan(3 * image.Width * y, 3 * image.Width));
        }

        return Png(image.Width, image.Height, 8, rows.ToArray(), CompressionLevel.Fastest);
    }

    // Rows with a filter's number before each.
    private static byte[] Png(int width, int height, int bits, byte[] rows, CompressionLevel level)
    {
        using MemoryStream packed = new();
        using (ZLibStream zip = new(packed, level, leaveOpen: true))
        {
            zip.Write(rows);
        }

        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = ((byte)bits, 2);
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Chunk("IHDR", header), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] content)
    {
        byte[] chunk = [0, 0, 0, 0, .. Encoding.ASCII.GetBytes(type), .. content, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        uint crc = uint.MaxValue;
        foreach (byte b in chunk.AsSpan(4, content.Length + 4))
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(^4..), ~crc);
        return chunk;
    }
}
