using System.Buffers;
using System.Buffers.Binary;

namespace Rectify.Formats;

/// <summary>TFRecord's frame around a message: length (8 bytes), its masked CRC-32C (4), the message, its masked CRC-32C (4); all little-endian.</summary>
internal static class TfRecord
{
    private const int LengthBytes = sizeof(ulong);

    /// <summary>Appends a record.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> message)
    {
        Span<byte> head = stackalloc byte[LengthBytes + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(head, (ulong)message.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[LengthBytes..], Crc32C.Masked(head[..LengthBytes]));
        output.Write(head);
        output.Write(message);
        Span<byte> tail = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(tail, Crc32C.Masked(message));
        output.Write(tail);
    }
}
