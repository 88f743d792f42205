using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Rectify.Tensors;

namespace Rectify.Formats;

/// <summary>Writes tensors of float32 in the safetensors format: 8 bytes of header length, a JSON header padded with spaces to 8 bytes, then the data.</summary>
public sealed class SafetensorsWriter
{
    private const int HeaderAlignment = 8;

    // A tensor that is given in pieces is written by so many floats.
    private const int PieceLength = 1 << 20;

    private readonly List<(SafetensorsEntry Entry, int Piece, Action<long, Span<float>> Fill)> _tensors = [];
    private readonly SortedDictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private long _end;

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

    private void Add(string name, IReadOnlyList<int> dimensions, int piece, Action<long, Span<float>> fill)
    {
        if (_tensors.Any(tensor => tensor.Entry.Name == name))
        {
            throw new ArgumentException($"There is a tensor '{name}' already.", nameof(name));
        }

        long begin = _end;
        SafetensorsEntry entry = new(name, "F32", dimensions, begin, begin);
        _end = checked(begin + (entry.Count * sizeof(float)));
        _tensors.Add((entry with { End = _end }, piece, fill));
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

            foreach ((SafetensorsEntry entry, _, _) in _tensors)
            {
                json.WriteStartObject(entry.Name);
                json.WriteString("dtype", entry.DataType);
                json.WriteStartArray("shape");
                foreach (int dimension in entry.Dimensions)
                {
                    json.WriteNumberValue(dimension);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(entry.Begin);
                json.WriteNumberValue(entry.End);
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
