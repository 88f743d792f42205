using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>An array of structs from a MATLAB 5 file (.mat, versions 5 to 7): of their fields, texts and single numbers.</summary>
/// <remarks>Only what is needed to read the devkit's meta.mat: little-endian files, elements that may be compressed by zlib. Sizes that the file claims are
/// checked against what is there; at most <see cref="MaxBytes"/> are decompressed.</remarks>
internal sealed class MatStructs
{
    /// <summary>The most that a variable may take; meta.mat's takes 2 MB.</summary>
    public const int MaxBytes = 8 << 20;

    private const int HeaderBytes = 128;
    private const int StructClass = 2;
    private const int CharClass = 4;
    private const int FirstNumberClass = 6;
    private const int LastNumberClass = 15;

    private readonly string _name;
    private readonly string[] _fields;
    private readonly string[] _texts;

    private MatStructs(string name, string[] fields, string[] texts) => (_name, _fields, _texts) = (name, fields, texts);

    /// <summary>Structs.</summary>
    public int Count => _texts.Length / _fields.Length;

    /// <summary>Reads a variable.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="variable">The variable's name.</param>
    /// <exception cref="RectifyException">The bytes are no such file, are damaged, or have no such array of structs.</exception>
    public static MatStructs Read(ReadOnlySpan<byte> file, string name, string variable)
    {
        if (file.Length < HeaderBytes || !file[126..].StartsWith("IM"u8))
        {
            string why = file.Length >= HeaderBytes && file[126..].StartsWith("MI"u8) ? "it is big-endian" : "its header is another";
            throw MatElements.Broken(name, why);
        }

        MatElements elements = new(file[HeaderBytes..], name);
        while (elements.Left > 0)
        {
            ReadOnlySpan<byte> content = elements.Next(out int type);
            byte[] inflated = type == MatElements.Compressed ? Inflate(content, name) : [];
            if (type == MatElements.Compressed)
            {
                content = new MatElements(inflated, name).Next(out type);
            }

            if (type == MatElements.Matrix && Structs(content, name, variable) is { } structs)
            {
                return structs;
            }
        }

        throw MatElements.Broken(name, $"it has no array of structs \"{variable}\"");
    }

    /// <summary>A field's text; empty where it is empty or no text.</summary>
    /// <exception cref="RectifyException">There is no such field.</exception>
    public string Text(int index, string field) => _texts[(index * _fields.Length) + FieldIndex(field)];

    /// <summary>A field's number.</summary>
    /// <exception cref="RectifyException">There is no such field, or it holds no whole number.</exception>
    public int Number(int index, string field) => int.TryParse(Text(index, field), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
        ? number
        : throw MatElements.Broken(_name, $"field {field} of struct {index + 1} is no whole number");

    private static byte[] Inflate(ReadOnlySpan<byte> packed, string name)
    {
        using ZLibStream zip = new(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        return BoundedRead.All(
            zip, MaxBytes, () => MatElements.Broken(name, $"it decompresses to more than {MaxBytes} bytes"), e => MatElements.Broken(name, e.Message.TrimEnd('.')));
    }

    // Null for another variable.
    private static MatStructs? Structs(ReadOnlySpan<byte> matrix, string name, string variable)
    {
        MatElements parts = new(matrix, name);
        int kind = Class(parts.Next(MatElements.UInt32, "an array's class"), name);
        long count = Elements(parts.Next(MatElements.Int32, "an array's dimensions"));
        if (!parts.Next(MatElements.Int8, "an array's name").SequenceEqual(Encoding.ASCII.GetBytes(variable)) || kind != StructClass)
        {
            return null;
        }

        ReadOnlySpan<byte> length = parts.Next(MatElements.Int32, "the length of field names");
        int width = length.Length == 4 ? BinaryPrimitives.ReadInt32LittleEndian(length) : 0;
        ReadOnlySpan<byte> names = parts.Next(MatElements.Int8, "field names");
        if (width <= 0 || names.Length == 0 || names.Length % width != 0)
        {
            throw MatElements.Broken(name, $"{names.Length} bytes of field names are no names of {width}");
        }

        string[] fields = new string[names.Length / width];
        for (int f = 0; f < fields.Length; f++)
        {
            fields[f] = Encoding.ASCII.GetString(names.Slice(f * width, width).TrimEnd((byte)0));
        }

        // Each field takes a tag at least.
        if (count < 0 || count > parts.Left / 8 / fields.Length)
        {
            throw MatElements.Broken(name, $"{count} structs of {fields.Length} fields do not fit into {parts.Left} bytes");
        }

        string[] texts = new string[count * fields.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = Value(parts.Next(MatElements.Matrix, "a field"), name);
        }

        return new MatStructs(name, fields, texts);
    }

    private static int Class(ReadOnlySpan<byte> flags, string name) => flags.Length == 8 ? flags[0] : throw MatElements.Broken(name, $"an array has {flags.Length} bytes of flags");

    private static long Elements(ReadOnlySpan<byte> dimensions)
    {
        long count = 1;
        for (int d = 0; d + 4 <= dimensions.Length; d += 4)
        {
            int size = BinaryPrimitives.ReadInt32LittleEndian(dimensions[d..]);
            count = size < 0 || count > int.MaxValue ? -1 : count * size;
            if (count < 0)
            {
                return -1;
            }
        }

        return count;
    }

    // A text as it is, a single number in digits, all else as nothing.
    private static string Value(ReadOnlySpan<byte> matrix, string name)
    {
        if (matrix.Length == 0)
        {
            return "";
        }

        MatElements parts = new(matrix, name);
        int kind = Class(parts.Next(MatElements.UInt32, "an array's class"), name);
        long count = Elements(parts.Next(MatElements.Int32, "an array's dimensions"));
        _ = parts.Next(MatElements.Int8, "an array's name");
        if (count == 0 || (kind != CharClass && (kind is < FirstNumberClass or > LastNumberClass || count != 1)))
        {
            return "";
        }

        ReadOnlySpan<byte> content = parts.Next(out int type);
        return kind == CharClass ? TextOf(content, type, name) : NumberOf(content, type, name);
    }

    private static string TextOf(ReadOnlySpan<byte> content, int type, string name) => type switch
    {
        MatElements.Int8 or MatElements.UInt8 => Encoding.Latin1.GetString(content),
        MatElements.UInt16 => Encoding.Unicode.GetString(content),
        MatElements.Utf8 => Encoding.UTF8.GetString(content),
        _ => throw MatElements.Broken(name, $"a text is stored as type {type}"),
    };

    private static string NumberOf(ReadOnlySpan<byte> content, int type, string name)
    {
        double value = (type, content.Length) switch
        {
            (MatElements.Int8, 1) => (sbyte)content[0],
            (MatElements.UInt8, 1) => content[0],
            (MatElements.Int16, 2) => BinaryPrimitives.ReadInt16LittleEndian(content),
            (MatElements.UInt16, 2) => BinaryPrimitives.ReadUInt16LittleEndian(content),
            (MatElements.Int32, 4) => BinaryPrimitives.ReadInt32LittleEndian(content),
            (MatElements.UInt32, 4) => BinaryPrimitives.ReadUInt32LittleEndian(content),
            (MatElements.Single, 4) => BinaryPrimitives.ReadSingleLittleEndian(content),
            (MatElements.Double, 8) => BinaryPrimitives.ReadDoubleLittleEndian(content),
            _ => throw MatElements.Broken(name, $"a number is stored as {content.Length} bytes of type {type}"),
        };
        return value.ToString("R", CultureInfo.InvariantCulture);
    }

    private int FieldIndex(string field) =>
        Array.IndexOf(_fields, field) is var f and >= 0 ? f : throw MatElements.Broken(_name, $"its structs have no field {field}");
}
