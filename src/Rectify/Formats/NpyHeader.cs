using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Rectify.Tensors;

namespace Rectify.Formats;

/// <summary>The header of a NumPy file: 0x93 "NUMPY", version, length, and a Python dictionary of element type, order and shape.</summary>
/// <param name="Element">What the numbers are.</param>
/// <param name="Transposed">Whether the first index runs fastest (Fortran's order).</param>
/// <param name="Dimensions">The shape.</param>
/// <param name="DataStart">Where the numbers begin.</param>
internal sealed partial record NpyHeader(NpyElement Element, bool Transposed, IReadOnlyList<int> Dimensions, int DataStart)
{
    // NumPy's own limit for headers that it trusts is 10,000 characters.
    private const int LargestHeader = 1 << 16;
    private const int MostDimensions = 32;
    private const int Alignment = 64;
    private const int ShortPrefix = 10;
    private const int LongPrefix = 12;

    private static readonly byte[] Magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    private static readonly (NpyElement Element, string Name, int Size)[] Known =
    [
        (NpyElement.F4, "<f4", 4), (NpyElement.F8, "<f8", 8), (NpyElement.F2, "<f2", 2), (NpyElement.I8, "<i8", 8), (NpyElement.I4, "<i4", 4),
        (NpyElement.U1, "|u1", 1), (NpyElement.B1, "|b1", 1),
    ];

    /// <summary>Bytes of a number.</summary>
    public static int SizeOf(NpyElement element) => Known[(int)element].Size;

    /// <summary>As in NumPy, e.g. "&lt;f4".</summary>
    public static string NameOf(NpyElement element) => Known[(int)element].Name;

    /// <summary>Reads a header and leaves the stream at the first number.</summary>
    /// <exception cref="RectifyException">It is no NumPy file, or one of what is not read here.</exception>
    /// <exception cref="EndOfStreamException">It is cut off.</exception>
    public static NpyHeader Read(Stream stream, string path)
    {
        byte[] prefix = new byte[LongPrefix];
        stream.ReadExactly(prefix, 0, ShortPrefix);
        if (!prefix.AsSpan(0, Magic.Length).SequenceEqual(Magic))
        {
            throw new RectifyException($"{path} is no NumPy file: it does not begin with \\x93NUMPY; write it with numpy.save.");
        }

        int version = prefix[Magic.Length];
        if (version is < 1 or > 3)
        {
            throw new RectifyException($"{path} is a NumPy file of version {version}; versions 1 to 3 are read.");
        }

        if (version > 1)
        {
            stream.ReadExactly(prefix, ShortPrefix, LongPrefix - ShortPrefix);
        }

        uint length = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(prefix.AsSpan(8)) : BinaryPrimitives.ReadUInt32LittleEndian(prefix.AsSpan(8));
        if (length > LargestHeader)
        {
            throw Broken(path, string.Create(CultureInfo.InvariantCulture, $"its header has {length} bytes, and {LargestHeader} are the most"));
        }

        byte[] header = new byte[length];
        stream.ReadExactly(header);
        return Parse(path, Encoding.Latin1.GetString(header), (version == 1 ? ShortPrefix : LongPrefix) + (int)length);
    }

    /// <summary>The bytes before the numbers of an array in C order: version 1, which every reader knows.</summary>
    public static byte[] Write(NpyElement element, IReadOnlyList<int> dimensions)
    {
        string shape = string.Concat(dimensions.Select(d => string.Create(CultureInfo.InvariantCulture, $"{d}, ")));
        shape = dimensions.Count == 1 ? shape.TrimEnd() : shape.TrimEnd(',', ' ');
        string text = $"{{'descr': '{NameOf(element)}', 'fortran_order': False, 'shape': ({shape}), }}";
        int length = ((ShortPrefix + text.Length + Alignment) / Alignment * Alignment) - ShortPrefix;
        byte[] bytes = new byte[ShortPrefix + length];
        Magic.CopyTo(bytes, 0);
        bytes[Magic.Length] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)length);
        _ = Encoding.ASCII.GetBytes(text.PadRight(length - 1) + "\n", bytes.AsSpan(ShortPrefix));
        return bytes;
    }

    private static NpyHeader Parse(string path, string text, int dataStart)
    {
        Match match = Dictionary().Match(text);
        if (!match.Success || !match.Groups["type"].Success || !match.Groups["order"].Success || !match.Groups["shape"].Success)
        {
            throw Broken(path, "its header is no dictionary of 'descr', 'fortran_order' and 'shape' of a plain array (structures and objects are not read)");
        }

        string type = match.Groups["type"].Value;
        int index = Array.FindIndex(Known, known => known.Name == type || (known.Size == 1 && type.Length == 3 && type[1..] == known.Name[1..]));
        if (index < 0)
        {
            throw new RectifyException(
                $"{path} holds elements of type '{type}'; {string.Join(", ", Known.Select(known => known.Name))} are read: convert it with astype(\"float32\").");
        }

        string[] sizes = match.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (sizes.Length > MostDimensions)
        {
            throw Broken(path, $"it has {sizes.Length} dimensions, and {MostDimensions} are the most");
        }

        List<int> dimensions = [];
        foreach (string size in sizes)
        {
            dimensions.Add(int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out int dimension)
                ? dimension
                : throw Broken(path, $"its dimension {size} is beyond {int.MaxValue}"));
        }

        return new NpyHeader(Known[index].Element, match.Groups["order"].Value == "True", dimensions, dataStart);
    }

    private static RectifyException Broken(string path, string what) => new($"{path} is no whole NumPy file: {what}.");

    // As Python prints it; keys in any order. No two of its parts can match the same blanks, so it takes time in proportion to the header.
    [GeneratedRegex(
        @"^\{\s*(('descr'\s*:\s*'(?<type>[^']*)'|'fortran_order'\s*:\s*(?<order>True|False)|'shape'\s*:\s*\((?<shape>[0-9, ]*)\))\s*(,\s*)?)*\}\s*$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Dictionary();
}
