using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Rectify.Tests.Fixtures;

/// <summary>Writes a MATLAB 5 file with one N×1 array of structs, compressed, in the shape in which MATLAB writes ImageNet's meta.mat.</summary>
internal static class MatFileWriter
{
    private const int Int8 = 1, UInt8 = 2, UInt16 = 4, Int32 = 5, UInt32 = 6, Double = 9, Matrix = 14, Compressed = 15, Utf8 = 16;
    private const byte Struct = 2, Char = 4, DoubleClass = 6;

    /// <summary>The file. A field is a string, an int, or an int[] (which may be empty).</summary>
    public static byte[] Write(string variable, string[] fields, IReadOnlyList<object[]> structs) => Wrap(Variable(variable, fields, structs));

    /// <summary>An element without a file around it.</summary>
    public static byte[] Variable(string variable, string[] fields, IReadOnlyList<object[]> structs)
    {
        const int Width = 32;
        byte[] names = new byte[Width * fields.Length];
        for (int f = 0; f < fields.Length; f++)
        {
            Encoding.ASCII.GetBytes(fields[f]).CopyTo(names, f * Width);
        }

        return Element(Matrix, [
            .. Head(Struct, structs.Count, 1, variable), .. Element(Int32, Bytes(Width)), .. Element(Int8, names),
            .. structs.SelectMany(s => s.SelectMany(Field))]);
    }

    /// <summary>A header and a compressed element.</summary>
    public static byte[] Wrap(byte[] element)
    {
        using MemoryStream packed = new();
        using (ZLibStream zip = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zip.Write(element);
        }

        byte[] header = new byte[128];
        header.AsSpan().Fill((byte)' ');
        "MATLAB 5.0 MAT-file, Platform: GLNXA64"u8.CopyTo(header);
        header.AsSpan(116, 8).Clear();
        (header[124], header[125], header[126], header[127]) = (0, 1, (byte)'I', (byte)'M');
        return [.. header, .. Bytes(Compressed), .. Bytes((int)packed.Length), .. packed.ToArray()];
    }

    private static byte[] Field(object value) => value switch
    {
        // MATLAB stores texts of ASCII as UTF-8 and others by 16 bits, and numbers in the smallest type that holds them.
        string text when text.Contains('é', StringComparison.Ordinal) => Element(Matrix, [.. Head(Char, 1, text.Length, ""), .. Element(UInt16, Encoding.Unicode.GetBytes(text))]),
        string text => Element(Matrix, [.. Head(Char, 1, text.Length, ""), .. Element(Utf8, Encoding.UTF8.GetBytes(text))]),
        int number => Element(Matrix, [.. Head(DoubleClass, 1, 1, ""), .. Number(number)]),
        int[] { Length: 0 } => Element(Matrix, [.. Head(DoubleClass, 0, 0, ""), .. Element(Double, [])]),
        int[] numbers => Element(Matrix, [.. Head(DoubleClass, 1, numbers.Length, ""), .. Element(UInt16, [.. numbers.SelectMany(n => Bytes(n)[..2])])]),
        _ => throw new ArgumentException($"{value}"),
    };

    private static byte[] Number(int value) => value < 256 ? Element(UInt8, [(byte)value]) : Element(UInt16, Bytes(value)[..2]);

    private static byte[] Head(byte kind, int rows, int columns, string name) =>
        [.. Element(UInt32, [kind, 0, 0, 0, 0, 0, 0, 0]), .. Element(Int32, [.. Bytes(rows), .. Bytes(columns)]), .. Element(Int8, Encoding.ASCII.GetBytes(name))];

    private static byte[] Element(int type, byte[] content) => content.Length is > 0 and <= 4
        ? [.. Bytes(type | (content.Length << 16)), .. content, .. new byte[4 - content.Length]]
        : [.. Bytes(type), .. Bytes(content.Length), .. content, .. new byte[(8 - (content.Length % 8)) % 8]];

    private static byte[] Bytes(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
