using System.Buffers.Binary;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Steps through the data elements of a MATLAB 5 file, or of an element that holds others.</summary>
/// <remarks>A tag of 8 bytes (type, length), the content, zeros up to a multiple of 8. Content of at most 4 bytes may lie in the tag: its length is then
/// in the upper half of the first word.</remarks>
internal ref struct MatElements(ReadOnlySpan<byte> bytes, string name)
{
    public const int Int8 = 1, UInt8 = 2, Int16 = 3, UInt16 = 4, Int32 = 5, UInt32 = 6, Single = 7, Double = 9, Matrix = 14, Compressed = 15, Utf8 = 16;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    /// <summary>Bytes that are left.</summary>
    public readonly int Left => _bytes.Length - _at;

    /// <summary>Reads the next element.</summary>
    /// <exception cref="RectifyException">There is none, or it does not end inside.</exception>
    public ReadOnlySpan<byte> Next(out int type)
    {
        if (Left < 8)
        {
            throw Broken(name, "it ends where more should follow");
        }

        uint first = BinaryPrimitives.ReadUInt32LittleEndian(_bytes[_at..]), second = BinaryPrimitives.ReadUInt32LittleEndian(_bytes[(_at + 4)..]);
        bool small = first >> 16 != 0;
        uint length = small ? first >> 16 : second;
        type = (int)(small ? first & 0xFFFF : first);
        if (length > (small ? 4u : (uint)(Left - 8)))
        {
            throw Broken(name, $"an element claims {length} bytes, and there are {(small ? 4 : Left - 8)}");
        }

        ReadOnlySpan<byte> content = _bytes.Slice(_at + (small ? 4 : 8), (int)length);
        int padded = type == Compressed ? (int)length : (int)Math.Min(((long)length + 7) / 8 * 8, Left - 8);
        _at += small ? 8 : 8 + padded;
        return content;
    }

    /// <summary>Reads the next element, which must be of a type.</summary>
    /// <exception cref="RectifyException">It is of another type, or there is none.</exception>
    public ReadOnlySpan<byte> Next(int wanted, string what)
    {
        ReadOnlySpan<byte> content = Next(out int type);
        return type == wanted ? content : throw Broken(name, $"{what} should follow, and there is an element of type {type}");
    }

    /// <summary>What is said of a broken file.</summary>
    public static RectifyException Broken(string name, string why) =>
        new($"{name} cannot be read as a MATLAB 5 file: {why}; take it from ImageNet's devkit (ILSVRC2012_devkit_t12.tar.gz) again.");
}
