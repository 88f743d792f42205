using Google.Protobuf;

namespace Rectify.Onnx.Messages;

/// <summary>The fields of one protobuf message in the making. Long fields are kept by reference, so that a message of many gigabytes of weights takes no second place.</summary>
internal sealed class MessageWriter : IDisposable
{
    // Bytes from which on a field is kept by reference.
    private const int Long = 1024;

    private readonly List<ReadOnlyMemory<byte>> _pieces = [];
    private MemoryStream _memory = new();
    private CodedOutputStream _output;
    private long _length;

    public MessageWriter() => _output = new CodedOutputStream(_memory, leaveOpen: true);

    /// <summary>A field that is left out where it is 0, as proto3 does.</summary>
    public void Integer(int field, long value)
    {
        if (value != 0)
        {
            Element(field, value);
        }
    }

    /// <summary>A field that is there even where it is 0.</summary>
    public void Element(int field, long value)
    {
        _output.WriteTag(field, WireFormat.WireType.Varint);
        _output.WriteInt64(value);
    }

    public void Single(int field, float value)
    {
        _output.WriteTag(field, WireFormat.WireType.Fixed32);
        _output.WriteFloat(value);
    }

    /// <summary>A field that is left out where it is empty.</summary>
    public void Text(int field, string value)
    {
        if (value.Length > 0)
        {
            TextElement(field, value);
        }
    }

    /// <summary>A field that is there even where it is empty.</summary>
    public void TextElement(int field, string value)
    {
        _output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        _output.WriteString(value);
    }

    public void Bytes(int field, ReadOnlyMemory<byte> value)
    {
        _output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        _output.WriteLength(value.Length);
        Append(value);
    }

    /// <summary>A message within this one.</summary>
    public void Message(int field, Action<MessageWriter> write)
    {
        using MessageWriter inner = new();
        write(inner);
        inner.EndPiece();
        if (inner._length > int.MaxValue)
        {
            throw new InvalidDataException("it takes more than 2 GB");
        }

        _output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        _output.WriteLength((int)inner._length);
        inner._pieces.ForEach(Append);
    }

    /// <summary>Writes the message.</summary>
    public void CopyTo(Stream stream)
    {
        EndPiece();
        foreach (ReadOnlyMemory<byte> piece in _pieces)
        {
            stream.Write(piece.Span);
        }
    }

    public void Dispose()
    {
        _output.Dispose();
        _memory.Dispose();
    }

    private void Append(ReadOnlyMemory<byte> value)
    {
        if (value.Length < Long)
        {
            _output.Flush();
            _memory.Write(value.Span);
            return;
        }

        EndPiece();
        _pieces.Add(value);
        _length += value.Length;
    }

    private void EndPiece()
    {
        _output.Dispose();
        if (_memory.Length > 0)
        {
            _pieces.Add(_memory.ToArray());
            _length += _memory.Length;
        }

        _memory.Dispose();
        _memory = new MemoryStream();
        _output = new CodedOutputStream(_memory, leaveOpen: true);
    }
}
