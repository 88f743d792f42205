using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Rectify.Tensors;

namespace Rectify.Formats;

/// <summary>An open safetensors file: the header checked as the format demands, tensors read on request. Thread-safe.</summary>
/// <remarks>
/// Checked before use: a header of at most 100 MB that begins with '{' and fits the file; no name twice; known element types; offsets that are contiguous,
/// without overlap or hole, cover the file exactly and agree with the shapes, overflow included. Tensors are read at their offset, not mapped: a mapped file that
/// is cut ends the process (docs/decisions/0004).
/// </remarks>
public sealed class SafetensorsFile : IDisposable
{
    private const int LengthBytes = sizeof(ulong);

    // A stretch that is converted stays in the cache between read and conversion.
    private const int PieceBytes = 1 << 18;

    private readonly SafeFileHandle _file;
    private readonly Dictionary<string, SafetensorsEntry> _entries;
    private readonly long _dataStart;

    private SafetensorsFile(string path, SafeFileHandle file, SafetensorsHeader header, long dataStart)
    {
        (Path, _file, _dataStart) = (path, file, dataStart);
        _entries = header.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        (Entries, Metadata) = (header.Entries, header.Metadata);
    }

    /// <summary>The file's path.</summary>
    public string Path { get; }

    /// <summary>Its tensors, in the order of their data.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>Its metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens and checks a file.</summary>
    /// <exception cref="RectifyException">The file is missing or broken; the message says what and where.</exception>
    public static SafetensorsFile Open(string path)
    {
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RectifyException($"{path} cannot be opened: {e.Message}", e);
        }

        try
        {
            long length = RandomAccess.GetLength(file);
            byte[] header = ReadHeader(path, file, length);
            long dataStart = LengthBytes + header.Length;
            return new SafetensorsFile(path, file, SafetensorsHeader.Parse(path, header, length - dataStart), dataStart);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The tensor of a name, or null.</summary>
    public SafetensorsEntry? Find(string name) => _entries.GetValueOrDefault(name);

    /// <summary>Reads a tensor as float32, whatever it is stored as.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="destination">As many floats as it has elements.</param>
    /// <exception cref="RectifyException">There is no such tensor, it holds whole numbers, or the file was cut since it was opened.</exception>
    public void Read(string name, Span<float> destination)
    {
        SafetensorsEntry entry = Find(name)
            ?? throw new RectifyException($"{Path} has no tensor '{name}'; it is a checkpoint of another model or version.");
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, entry.Count, nameof(destination));
        Read(entry, 0, destination);
    }

    /// <summary>Reads a stretch of a tensor as float32: a large tensor need not be in memory whole.</summary>
    /// <param name="entry">A tensor of this file.</param>
    /// <param name="first">Its first element that is wanted.</param>
    /// <param name="destination">As many floats as are wanted; overwritten. A tensor of F32 is read straight into it.</param>
    /// <exception cref="RectifyException">It holds whole numbers, or the file was cut since it was opened.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The stretch does not lie inside the tensor.</exception>
    public void Read(SafetensorsEntry entry, long first, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, entry.Count - destination.Length);
        if (entry.DataType is SafetensorsHeader.Integers or SafetensorsHeader.Bytes or SafetensorsHeader.Longs)
        {
            throw new RectifyException($"{Path}: '{entry.Name}' holds whole numbers ({entry.DataType}) where floating-point numbers are due; it is a file of another kind.");
        }

        int size = SafetensorsHeader.ElementSize(entry.DataType);
        long offset = _dataStart + entry.Begin + (first * size);
        if (entry.DataType == "F32")
        {
            ReadSingles(destination, offset);
            return;
        }

        byte[] bytes = ArrayPool<byte>.Shared.Rent(PieceBytes);
        for (int at = 0, piece = PieceBytes / size; at < destination.Length; at += piece)
        {
            int count = Math.Min(piece, destination.Length - at);
            Span<byte> read = bytes.AsSpan(0, count * size);
            ReadExactly(Path, _file, read, offset + ((long)at * size));
            FloatConversion.ToSingle(entry.DataType, read, destination.Slice(at, count));
        }

        ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <summary>Reads a tensor of I32.</summary>
    /// <param name="entry">A tensor of this file, of at most <see cref="Array.MaxLength"/> elements.</param>
    /// <exception cref="RectifyException">It is of another type, or the file was cut since it was opened.</exception>
    public int[] ReadIntegers(SafetensorsEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        RequireType(entry, SafetensorsHeader.Integers);
        int[] values = new int[entry.Count];
        const int Piece = 1 << 26;
        for (int at = 0; at < values.Length; at += Piece)
        {
            Span<int> piece = values.AsSpan(at, Math.Min(Piece, values.Length - at));
            ReadExactly(Path, _file, MemoryMarshal.AsBytes(piece), _dataStart + entry.Begin + ((long)at * sizeof(int)));
            if (!BitConverter.IsLittleEndian)
            {
                BinaryPrimitives.ReverseEndianness(piece, piece);
            }
        }

        return values;
    }

    /// <summary>Reads a tensor of U8.</summary>
    /// <param name="entry">A tensor of this file, of at most <see cref="Array.MaxLength"/> elements.</param>
    /// <exception cref="RectifyException">It is of another type, or the file was cut since it was opened.</exception>
    public byte[] ReadBytes(SafetensorsEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        RequireType(entry, SafetensorsHeader.Bytes);
        byte[] bytes = new byte[entry.Count];
        ReadExactly(Path, _file, bytes, _dataStart + entry.Begin);
        return bytes;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static byte[] ReadHeader(string path, SafeFileHandle file, long length)
    {
        if (length < LengthBytes)
        {
            throw new RectifyException($"{path} is no safetensors file: it has {length} bytes and the header's length alone takes {LengthBytes}.");
        }

        Span<byte> prefix = stackalloc byte[LengthBytes];
        ReadExactly(path, file, prefix, 0);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > SafetensorsHeader.LargestHeader || (long)headerLength > length - LengthBytes)
        {
            throw new RectifyException($"{path} is no safetensors file or is cut off: its header claims {headerLength} bytes, the file has {length}.");
        }

        byte[] header = new byte[headerLength];
        ReadExactly(path, file, header, LengthBytes);
        return header;
    }

    private static void ReadExactly(string path, SafeFileHandle file, Span<byte> destination, long offset)
    {
        while (!destination.IsEmpty)
        {
            int read = RandomAccess.Read(file, destination, offset);
            if (read == 0)
            {
                throw new RectifyException($"{path} ends at byte {offset}, in the middle of its data; take an earlier checkpoint.");
            }

            destination = destination[read..];
            offset += read;
        }
    }

    private void RequireType(SafetensorsEntry entry, string dataType)
    {
        if (entry.DataType != dataType)
        {
            throw new RectifyException($"{Path}: '{entry.Name}' holds {entry.DataType} where {dataType} is due; it is a file of another kind.");
        }
    }

    private void ReadSingles(Span<float> destination, long offset)
    {
        // A span of bytes has at most 2³¹−1 of them.
        const int Piece = 1 << 26;
        for (int at = 0; at < destination.Length; at += Piece)
        {
            Span<float> piece = destination.Slice(at, Math.Min(Piece, destination.Length - at));
            ReadExactly(Path, _file, MemoryMarshal.AsBytes(piece), offset + ((long)at * sizeof(float)));
            if (!BitConverter.IsLittleEndian)
            {
                Span<int> bits = MemoryMarshal.Cast<float, int>(piece);
                BinaryPrimitives.ReverseEndianness(bits, bits);
            }
        }
    }
}
