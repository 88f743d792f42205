using System.Buffers.Binary;
using System.IO.Compression;
using Rectify.Data;

namespace Rectify.Reports;

/// <summary>Pixels to PNG: 8 bits a channel, rows unfiltered, deflated. No native codec is needed. Thread-safe.</summary>
public sealed class PngEncoder : IImageEncoder
{
    private const uint Polynomial = 0xEDB88320;
    private const byte TrueColour = 2;
    private const byte TrueColourWithAlpha = 6;

    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(i => TableEntry((uint)i))];

    /// <inheritdoc/>
    public string Description => "png";

    /// <inheritdoc/>
    public string Extension => ".png";

    /// <inheritdoc/>
    public bool KeepsFiles => true;

    /// <inheritdoc/>
    public byte[] Encode(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Encode(image.Width, image.Height, image.Pixels, TrueColour, 3);
    }

    /// <summary>Encodes pixels that may be transparent.</summary>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="pixels">[height,width,4] red, green, blue, opacity.</param>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> is not as long as that.</exception>
    internal static byte[] EncodeRgba(int width, int height, ReadOnlySpan<byte> pixels) => Encode(width, height, pixels, TrueColourWithAlpha, 4);

    private static byte[] Encode(int width, int height, ReadOnlySpan<byte> pixels, byte kind, int channels)
    {
        int row = checked(width * channels);
        if (pixels.Length != (long)row * height)
        {
            throw new ArgumentException($"A picture of {width}×{height} takes {(long)row * height} bytes, not {pixels.Length}.", nameof(pixels));
        }

        using MemoryStream file = new();
        file.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        (header[8], header[9]) = (8, kind);
        WriteChunk(file, "IHDR"u8, header);
        using MemoryStream deflated = new();
        using (ZLibStream zlib = new(deflated, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                // The row's filter: none.
                zlib.WriteByte(0);
                zlib.Write(pixels.Slice(y * row, row));
            }
        }

        WriteChunk(file, "IDAT"u8, deflated.GetBuffer().AsSpan(0, (int)deflated.Length));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    // Length, type, data, and the CRC-32 of type and data.
    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), data));
        file.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (byte b in data)
        {
            crc = Table[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return crc;
    }

    private static uint TableEntry(uint value)
    {
        for (int bit = 0; bit < 8; bit++)
        {
            value = (value >> 1) ^ ((value & 1) * Polynomial);
        }

        return value;
    }
}
