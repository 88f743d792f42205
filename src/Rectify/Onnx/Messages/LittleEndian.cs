using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Rectify.Onnx.Messages;

/// <summary>Numbers to the bytes of raw_data and back, on machines of either order.</summary>
internal static class LittleEndian
{
    public static byte[] Bytes(ReadOnlySpan<float> values)
    {
        byte[] bytes = MemoryMarshal.AsBytes(values).ToArray();
        Turn(MemoryMarshal.Cast<byte, uint>(bytes.AsSpan()));
        return bytes;
    }

    public static byte[] Bytes(ReadOnlySpan<long> values)
    {
        byte[] bytes = MemoryMarshal.AsBytes(values).ToArray();
        if (!BitConverter.IsLittleEndian)
        {
            Span<long> numbers = MemoryMarshal.Cast<byte, long>(bytes.AsSpan());
            BinaryPrimitives.ReverseEndianness(numbers, numbers);
        }

        return bytes;
    }

    public static void Singles(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        bytes.CopyTo(MemoryMarshal.AsBytes(values));
        Turn(MemoryMarshal.Cast<float, uint>(values));
    }

    /// <summary>One whole number; what has 64 bits and no sign may come out negative.</summary>
    public static long Whole(ReadOnlySpan<byte> bytes, OnnxElement element) => element switch
    {
        OnnxElement.U8 or OnnxElement.Truth => bytes[0],
        OnnxElement.I8 => (sbyte)bytes[0],
        OnnxElement.U16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        OnnxElement.I16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        OnnxElement.U32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        OnnxElement.I32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
    };

    /// <summary>The low bytes of a number, as many as there is room for.</summary>
    public static void Write(long value, Span<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(value >> (8 * i));
        }
    }

    private static void Turn(Span<uint> values)
    {
        if (!BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(values, values);
        }
    }
}
