using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Rectify.Tensors;

namespace Rectify.Formats;

/// <summary>Writes tensors of float32, and vectors of whole numbers, in the safetensors format.</summary>
/// <remarks>8 bytes of header length, a JSON header padded with spaces to 8 bytes, then the data.</remarks>
public sealed class SafetensorsWriter
{
    private const int HeaderAlignment = 8;

    // A tensor that is given in pieces is written by so many floats.
    private const int PieceLength = 1 << 20;

    // Entries begin at 0; where they really lie the header says, as it is written.
    private readonly List<(SafetensorsEntry Entry, int Piece, Action<long, Span<float>> Fill)> _tensors = [];
    private readonly List<(SafetensorsEntry Entry, byte[] Bytes)> _whole = [];
    private readonly SortedDictionary<string, string> _metadata = new(StringComparer.Ordinal);

    /// <summary>Adds a tensor.</summary>
    /// <param name="name">A name not yet used.</param>
    /// <param name="dimensions">Its shape.</param>
    /// <param name="fill">Gives all its elements at once, into zeros outside the managed heap; called once while writing.</param>
    /// <exception cref="ArgumentException">The name is used already.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It has more than 2³¹−1 elements: give it piece by piece.</exception>
    public void Add(string name, IReadOnlyList<int> dimensions, Action<Span<float>> fill)
    {
        ArgumentNullException.ThrowIfNull(fill);
        ArgumentNullException.ThrowIfNull(dimensions);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions.Aggregate(1L, (product, d) => checked(product * d)), int.MaxValue, nameof(dimensions));
        Add(name, dimensions, int.MaxValue, (_, values) => fill(values));
    }

    /// <summary>Adds a tensor that is given piece by piece, so that it need not be in memory whole.</summary>
    /// <param name="name">A name not yet used.</param>
    /// <param name="dimensions">Its shape.</param>
    /// <param name="fill">Gives the elements from a certain one on, as many as fit the span; called in order while writing, not at all for an empty tensor.</param>
    /// <exception cref="ArgumentException">The name is used already.</exception>
    public void Add(string name, IReadOnlyList<int> dimensions, Action<long, Span<float>> fill) => Add(name, dimensions, PieceLength, fill);

    /// <summary>Adds a vector of I32, behind all tensors of float32; copied.</summary>
    /// <param name="name">A name not yet used.</param>
    /// <param name="values">Its elements.</param>
    /// <exception cref="ArgumentException">The name is used already.</exception>
    public void AddIntegers(string name, ReadOnlySpan<int> values)
    {
        byte[] bytes = new byte[checked(values.Length * sizeof(int))];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), values[i]);
        }

        AddWhole(name, SafetensorsHeader.Integers, values.Length, bytes);
    }

    /// <summary>Adds a vector of U8, behind all tensors of float32; copied.</summary>
    /// <param name="name">A name not yet used.</param>
    /// <param name="values">Its elements.</param>
    /// <exception cref="ArgumentException">The name is used already.</exception>
    public void AddBytes(string name, ReadOnlySpan<byte> values) => AddWhole(name, SafetensorsHeader.Bytes, values.Length, values.ToArray());

    private void AddWhole(string name, string dataType, int count, byte[] bytes)
    {
        CheckNew(name);
        _whole.Add((new SafetensorsEntry(name, dataType, [count], 0, bytes.Length), bytes));
    }

    private void CheckNew(string name)
    {
        if (_tensors.Any(tensor => tensor.Entry.Name == name) || _whole.Any(tensor => tensor.Entry.Name == name))
        {
            throw new ArgumentException($"There is a tensor '{name}' already.", nameof(name));
        }
    }

    private void Add(string name, IReadOnlyList<int> dimensions, int piece, Action<long, Span<float>> fill)
    {
        CheckNew(name);
        SafetensorsEntry entry = new(name, "F32", dimensions, 0, 0);
        _tensors.Add((entry with { End = checked(entry.Count * sizeof(float)) }, piece, fill));
    }

    /// <summary>Adds an entry to the file's metadata.</summary>
    public void AddMetadata(string key, string value) => _metadata[key] = value;

    /// <summary>Writes the file.</summary>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        byte[] header = Header();
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);

        // Outside the managed heap, which would keep the room of the largest tensor.
        using NativeBuffer buffer = new(_tensors.Select(tensor => Math.Min(tensor.Entry.Count, tensor.Piece)).DefaultIfEmpty().Max());
        foreach ((SafetensorsEntry entry, int piece, Action<long, Span<float>> fill) in _tensors)
        {
            for (long first = 0; first < entry.Count; first += piece)
            {
                Span<float> values = buffer.Slice(0, (int)Math.Min(piece, entry.Count - first));
                values.Clear();
                fill(first, values);
                WriteFloats(stream, values);
            }
        }

        foreach ((_, byte[] bytes) in _whole)
        {
            stream.Write(bytes);
        }
    }

    private static void WriteFloats(Stream stream, Span<float> values)
    {
        if (!BitConverter.IsLittleEndian)
        {
            Span<int> bits = MemoryMarshal.Cast<float, int>(values);
            BinaryPrimitives.ReverseEndianness(bits, bits);
        }

        // A span of bytes has at most 2³¹−1 of them.
        const int Piece = 1 << 26;
        for (int at = 0; at < values.Length; at += Piece)
        {
            stream.Write(MemoryMarshal.AsBytes(values.Slice(at, Math.Min(Piece, values.Length - at))));
        }
    }

    private byte[] Header()
    {
        using MemoryStream memory = new();
        using (Utf8JsonWriter json = new(memory))
        {
            json.WriteStartObject();
            if (_metadata.Count > 0)
            {
                json.WriteStartObject("__metadata__");
                foreach ((string key, string value) in _metadata)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long end = 0;
            foreach (SafetensorsEntry entry in _tensors.Select(tensor => tensor.Entry).Concat(_whole.Select(tensor => tensor.Entry)))
            {
                long begin = end;
                end = checked(end + entry.End);
                json.WriteStartObject(entry.Name);
                json.WriteString("dtype", entry.DataType);
                json.WriteStartArray("shape");
                foreach (int dimension in entry.Dimensions)
                {
                    json.WriteNumberValue(dimension);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(begin);
                json.WriteNumberValue(end);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (memory.Length % HeaderAlignment != 0)
        {
            memory.WriteByte((byte)' ');
        }

        return memory.ToArray();
    }
}
