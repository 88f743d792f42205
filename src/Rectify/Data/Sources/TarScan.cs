using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Walks over the headers of a tar, or of a tar that lies in another file; what lies between them is passed over unread.</summary>
/// <remarks>Nobody believes what headers say: sizes that the file does not hold are refused without allocating for them. Names and sizes of pax headers and
/// GNU's long names are understood, of files and of what hard links name. A walk allocates a few kilobytes, however many entries there are.</remarks>
/// <param name="file">The file.</param>
/// <param name="path">What to call the tar in messages.</param>
/// <param name="begin">Where it begins in the file, in bytes.</param>
/// <param name="end">Where it ends.</param>
internal sealed class TarScan(SafeFileHandle file, string path, long begin, long end)
{
    /// <summary>Tars are made of blocks of so many bytes.</summary>
    public const int Block = 512;

    // Headers with names and attributes are read into memory whole.
    private const long MaxAttributes = 1 << 20;

    private readonly byte[] _header = new byte[Block];
    private byte[] _name = new byte[Block];
    private byte[] _link = new byte[Block];
    private byte[] _attributes = [];
    private int _nameLength;
    private int _linkLength;
    private readonly long _begin = begin;
    private long _at = begin;

    /// <summary>The entry's name as it is stored, without ./ before it: UTF-8, valid until the next step.</summary>
    public ReadOnlySpan<byte> Name => Plain(_name.AsSpan(0, _nameLength));

    /// <summary>What a link names, like <see cref="Name"/>.</summary>
    public ReadOnlySpan<byte> LinkName => Plain(_link.AsSpan(0, _linkLength));

    /// <summary>Whether the entry is a file.</summary>
    public bool IsFile => _header[156] is (byte)'0' or 0;

    /// <summary>Whether the entry is another name of a file before it.</summary>
    public bool IsHardLink => _header[156] == (byte)'1';

    /// <summary>Where the entry's content begins in the file, in bytes.</summary>
    public long Offset { get; private set; }

    /// <summary>Bytes of the entry's content, all of which lie before the tar's end.</summary>
    public long Length { get; private set; }

    /// <summary>Goes to the next entry; false at the tar's end or at its first block of zeros.</summary>
    /// <exception cref="RectifyException">A header is broken, or an entry does not end inside the tar.</exception>
    public bool Next()
    {
        long? sizeOfNext = null;
        bool named = false, linked = false;
        while (_at < end)
        {
            if (end - _at < Block || RandomAccess.Read(file, _header, _at) < Block)
            {
                throw Broken("it is cut short");
            }

            if (_header.AsSpan().IndexOfAnyExcept((byte)0) < 0)
            {
                _at = end;
                return false;
            }

            if (Number(_header.AsSpan(148, 8)) != Checksum(_header))
            {
                throw Broken(_at == _begin ? "it is no tar" : "a header is damaged");
            }

            bool attributes = _header[156] is (byte)'x' or (byte)'g' or (byte)'L' or (byte)'K';
            long size = Number(_header.AsSpan(124, 12));
            size = !attributes && sizeOfNext is { } pax ? pax : size;
            if (size < 0 || size > end - _at - Block)
            {
                throw Broken(string.Create(
                    CultureInfo.InvariantCulture, $"an entry of {(size < 0 ? "no size that makes sense" : $"{size} bytes")} does not fit into the file of {end - _begin}"));
            }

            if (attributes && size > MaxAttributes)
            {
                throw Broken($"a header claims {size} bytes of attributes");
            }

            (Offset, Length) = (_at + Block, size);
            _at = checked(_at + Block + ((size + Block - 1) / Block * Block));
            if (!attributes)
            {
                TakeName(named);
                if (!linked)
                {
                    Set(ref _link, ref _linkLength, CutAtZero(_header.AsSpan(157, 100)));
                }

                return true;
            }

            if (_header[156] != 'g')
            {
                bool records = _header[156] == 'x';
                ReadOnlySpan<byte> content = Attributes((int)size);
                ReadOnlySpan<byte> whole = content.TrimEnd((byte)0);
                sizeOfNext = records ? SizeIn(Record(content, "size"u8)) : sizeOfNext;
                named |= TakeLong(records ? Record(content, "path"u8) : _header[156] == 'L' ? whole : [], ref _name, ref _nameLength);
                linked |= TakeLong(records ? Record(content, "linkpath"u8) : _header[156] == 'K' ? whole : [], ref _link, ref _linkLength);
            }
        }

        return false;
    }

    /// <summary>What is said of a hard link whose file has not come by.</summary>
    public static RectifyException LinkToNothing(string path, string name, string link) =>
        new($"{path}/{name} is a hard link to {link}, which does not come before it; make the archive again, with tar --hard-dereference.");

    /// <summary>Octal digits, or a number of 88 bits behind a byte 0x80; −1 for what is neither.</summary>
    public static long Number(ReadOnlySpan<byte> field)
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

    /// <summary>The sum of a header's bytes with those of the sum itself as blanks.</summary>
    public static long Checksum(ReadOnlySpan<byte> header)
    {
        long sum = 8 * ' ';
        for (int i = 0; i < header.Length; i++)
        {
            sum += i is >= 148 and < 156 ? 0 : header[i];
        }

        return sum;
    }

    /// <summary>The name in a header, cut off at its first zero.</summary>
    public static ReadOnlySpan<byte> NameIn(ReadOnlySpan<byte> header) => CutAtZero(header[..100]);

    private static ReadOnlySpan<byte> CutAtZero(ReadOnlySpan<byte> field) => field.IndexOf((byte)0) is var zero and >= 0 ? field[..zero] : field;

    // "LENGTH key=value\n" among a pax header's records; the last one counts.
    private static ReadOnlySpan<byte> Record(ReadOnlySpan<byte> records, ReadOnlySpan<byte> key)
    {
        ReadOnlySpan<byte> found = [];
        while (records.IndexOf((byte)' ') is var blank and > 0
            && int.TryParse(records[..blank], NumberStyles.None, CultureInfo.InvariantCulture, out int length) && length > blank + 1 && length <= records.Length)
        {
            ReadOnlySpan<byte> record = records[(blank + 1)..length];
            if (record.StartsWith(key) && record.Length > key.Length && record[key.Length] == '=')
            {
                found = record[(key.Length + 1)..].TrimEnd((byte)'\n');
            }

            records = records[length..];
        }

        return found;
    }

    private static long? SizeIn(ReadOnlySpan<byte> digits) => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size : null;

    private ReadOnlySpan<byte> Attributes(int length)
    {
        if (_attributes.Length < length)
        {
            _attributes = new byte[length];
        }

        Span<byte> content = _attributes.AsSpan(0, length);
        return content[..RandomAccess.Read(file, content, Offset)];
    }

    // The name of the header's own fields, unless attributes before it gave one. GNU's headers have times where others have a prefix.
    private void TakeName(bool named)
    {
        if (named)
        {
            return;
        }

        ReadOnlySpan<byte> header = _header;
        Set(ref _name, ref _nameLength, header[257..].StartsWith("ustar\0"u8) ? CutAtZero(header[345..500]) : []);
        ReadOnlySpan<byte> name = NameIn(header);
        if (_nameLength > 0)
        {
            _name[_nameLength++] = (byte)'/';
        }

        name.CopyTo(_name.AsSpan(_nameLength));
        _nameLength += name.Length;
    }

    // A name of attributes before a header; an empty one is none, and leaves what others before it gave.
    private static bool TakeLong(ReadOnlySpan<byte> name, ref byte[] buffer, ref int length)
    {
        if (name.Length > 0)
        {
            Set(ref buffer, ref length, name);
        }

        return name.Length > 0;
    }

    private static void Set(ref byte[] buffer, ref int length, ReadOnlySpan<byte> name)
    {
        if (buffer.Length < name.Length)
        {
            buffer = new byte[name.Length];
        }

        name.CopyTo(buffer);
        length = name.Length;
    }

    private static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> name) => name.StartsWith("./"u8) ? name[2..] : name;

    private RectifyException Broken(string why) =>
        new($"{path} cannot be read as a tar: at byte {_at}, {why}; check it with \"tar tf\", and make or copy it again.");
}
