using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Walks over a tar's headers before anyone believes what they say: sizes that the file does not hold are refused without allocating for them.</summary>
internal static class TarBounds
{
    private const int Block = 512;

    // Headers with names and attributes are read into memory whole.
    private const long MaxAttributes = 1 << 20;

    /// <summary>Checks an archive to its end or to its first block of zeros.</summary>
    /// <exception cref="RectifyException">A header is broken, or an entry does not end inside the file.</exception>
    public static void Check(SafeFileHandle file, string path)
    {
        long length = RandomAccess.GetLength(file);
        byte[] header = new byte[Block];
        long? sizeOfNext = null;
        for (long at = 0; at < length;)
        {
            if (RandomAccess.Read(file, header, at) < Block)
            {
                throw Broken(path, at, "it is cut short");
            }

            if (header.AsSpan().IndexOfAnyExcept((byte)0) < 0)
            {
                return;
            }

            if (Number(header.AsSpan(148, 8)) != Checksum(header))
            {
                throw Broken(path, at, at == 0 ? "it is no tar" : "a header is damaged");
            }

            bool attributes = header[156] is (byte)'x' or (byte)'g' or (byte)'L' or (byte)'K';
            long size = Number(header.AsSpan(124, 12));
            size = !attributes && sizeOfNext is { } pax ? pax : size;
            if (size < 0 || size > length - at - Block)
            {
                throw Broken(path, at, $"an entry of {(size < 0 ? "no size that makes sense" : $"{size} bytes")} does not fit into the file of {length}");
            }

            if (attributes && size > MaxAttributes)
            {
                throw Broken(path, at, $"a header claims {size} bytes of attributes");
            }

            sizeOfNext = header[156] == 'x' ? PaxSize(file, at + Block, (int)size) : attributes ? sizeOfNext : null;
            at = checked(at + Block + ((size + Block - 1) / Block * Block));
        }
    }

    private static RectifyException Broken(string path, long at, string why) =>
        new($"{path} cannot be read as a tar: at byte {at}, {why}; check it with \"tar tf\", and make or copy it again.");

    // Octal digits, or a number of 88 bits behind a byte 0x80; −1 for what is neither.
    private static long Number(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
        {
            return field[0] == 0x80 && field[1..^8].IndexOfAnyExcept((byte)0) < 0 ? BinaryPrimitives.ReadInt64BigEndian(field[^8..]) : -1;
        }

        long value = 0;
        foreach (byte b in field.Trim("\0 "u8))
        {
            if (b is < (byte)'0' or > (byte)'7')
            {
                return -1;
            }

            value = (8 * value) + (b - '0');
        }

        return value;
    }

    // The sum of the header's bytes with those of the sum itself as blanks.
    private static long Checksum(byte[] header)
    {
        long sum = 8 * ' ';
        for (int i = 0; i < header.Length; i++)
        {
            sum += i is >= 148 and < 156 ? 0 : header[i];
        }

        return sum;
    }

    // "LENGTH size=NUMBER\n" among a pax header's records, where a file is too large for octal digits.
    private static long? PaxSize(SafeFileHandle file, long at, int length)
    {
        byte[] bytes = new byte[length];
        _ = RandomAccess.Read(file, bytes, at);
        string text = Encoding.UTF8.GetString(bytes);
        int begin = text.IndexOf(" size=", StringComparison.Ordinal);
        int end = begin < 0 ? -1 : text.IndexOf('\n', begin);
        return end > 0 && long.TryParse(text.AsSpan(begin + 6, end - begin - 6), out long size) ? size : null;
    }
}
