using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Rectify.Tensors;

namespace Rectify.Formats;

/// <summary>An open safetensors file: the header checked as the format demands, tensors read on request. Thread-safe.</summary>
/// <remarks>
/// Checked before use: a header of at most 100 MB that begins with '{' and fits the file; no name twice; known element types; offsets that are contiguous,
/// without overlap or hole, cover the file exactly and agree with the shapes, overflow included.
/// </remarks>
public sealed class SafetensorsFile : IDisposable
{
    private const int LengthBytes = sizeof(ulong);

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
    /// <exception cref="RectifyException">There is no such tensor, or the file was cut since it was opened.</exception>
    public void Read(string name, Span<float> destination)
    {
        SafetensorsEntry entry = Find(name)
            ?? throw new RectifyException($"{Path} has no tensor '{name}'; it is a checkpoint of another model or version.");
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, entry.Count, nameof(destination));
        int size = SafetensorsHeader.ElementSize(entry.DataType);
        const int Piece = 1 << 20;
        byte[] bytes = new byte[Piece * size];
        for (int at = 0; at < destination.Length; at += Piece)
        {
            int count = Math.Min(Piece, destination.Length - at);
            ReadExactly(Path, _file, bytes.AsSpan(0, count * size), _dataStart + entry.Begin + ((long)at * size));
            Convert(entry.DataType, bytes.AsSpan(0, count * size), destination.Slice(at, count));
        }
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

    private static void Convert(string dataType, ReadOnlySpan<byte> bytes, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = dataType switch
            {
                "F64" => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]),
                "F32" => BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]),
                "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]),
                _ => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16),
            };
        }
    }
}
