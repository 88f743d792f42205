using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

namespace Rectify.Onnx.Messages;

/// <summary>The fields of one protobuf message, which lies in a range of a file's bytes. Messages within it and long fields are ranges too: nothing is copied.</summary>
/// <remarks>Whatever is broken is an <see cref="InvalidProtocolBufferException"/> or an <see cref="InvalidDataException"/>. What is gathered takes at most eight times
/// the bytes that it was read from.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A stream over bytes in memory holds nothing that wants to be freed.")]
internal sealed class MessageReader
{
    private readonly byte[] _bytes;
    private readonly int _end;
    private CodedInputStream _input;
    private uint _tag;

    /// <summary>The whole of a file.</summary>
    public MessageReader(byte[] bytes)
        : this(bytes, 0, bytes.Length)
    {
    }

    private MessageReader(byte[] bytes, int start, int end) =>
        (_bytes, _end, _input) = (bytes, end, new CodedInputStream(bytes, start, end - start));

    /// <summary>The number of the next field; 0 at the end.</summary>
    public int Next()
    {
        _tag = _input.ReadTag();
        return WireFormat.GetTagFieldNumber(_tag);
    }

    /// <summary>Passes over the field.</summary>
    public void Skip() => _input.SkipLastField();

    public long Integer()
    {
        Require(WireFormat.WireType.Varint);
        return _input.ReadInt64();
    }

    public float Single()
    {
        Require(WireFormat.WireType.Fixed32);
        return _input.ReadFloat();
    }

    public string Text()
    {
        Require(WireFormat.WireType.LengthDelimited);
        return _input.ReadString();
    }

    public ReadOnlyMemory<byte> Bytes()
    {
        (int start, int end) = Range();
        return _bytes.AsMemory(start, end - start);
    }

    public MessageReader Message()
    {
        (int start, int end) = Range();
        return new MessageReader(_bytes, start, end);
    }

    /// <summary>One or, packed, several whole numbers.</summary>
    public void Integers(List<long> values)
    {
        if (WireFormat.GetTagWireType(_tag) != WireFormat.WireType.LengthDelimited)
        {
            values.Add(Integer());
            return;
        }

        (int start, int end) = Range();
        CodedInputStream packed = new(_bytes, start, end - start);
        while (!packed.IsAtEnd)
        {
            values.Add(packed.ReadInt64());
        }
    }

    /// <summary>One or, packed, several floats of 32 or 64 bits, as they lie in the file: little-endian.</summary>
    /// <param name="values">They are appended.</param>
    /// <param name="size">4 or 8 bytes.</param>
    public void Fixed(ArrayBufferWriter<byte> values, int size)
    {
        if (WireFormat.GetTagWireType(_tag) == WireFormat.WireType.LengthDelimited)
        {
            (int start, int end) = Range();
            values.Write((end - start) % size == 0 ? _bytes.AsSpan(start, end - start) : throw new InvalidDataException("packed numbers end in the middle of one"));
            return;
        }

        Require(size == sizeof(float) ? WireFormat.WireType.Fixed32 : WireFormat.WireType.Fixed64);
        int at = (int)_input.Position;
        _input.SkipLastField();
        values.Write(_bytes.AsSpan(at, size));
    }

    // Where the field lies; the stream goes on behind it.
    private (int Start, int End) Range()
    {
        Require(WireFormat.WireType.LengthDelimited);
        int length = _input.ReadLength();
        int start = (int)_input.Position;
        if (length < 0 || length > _end - start)
        {
            throw new InvalidDataException($"a field claims {length} bytes where {_end - start} are left");
        }

        _input = new CodedInputStream(_bytes, start + length, _end - start - length);
        return (start, start + length);
    }

    private void Require(WireFormat.WireType type)
    {
        if (WireFormat.GetTagWireType(_tag) != type)
        {
            throw new InvalidDataException($"field {WireFormat.GetTagFieldNumber(_tag)} is written in another way than ONNX's");
        }
    }
}
