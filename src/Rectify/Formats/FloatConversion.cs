using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Rectify.Formats;

/// <summary>Little-endian numbers of other types to float32, by vectors of whatever width there is.</summary>
/// <remarks>F16 and BF16 are widened exactly; F64 is rounded to the nearest float, to infinity where it is too large. A NaN stays a NaN.</remarks>
internal static class FloatConversion
{
    // 2¹¹²: what an exponent of F16 (bias 15) must be scaled by once its bits stand where float32 (bias 127) has its own. Denormals come out right too.
    private const float Rebias = 5.192296858534828e33f;

    /// <summary>Converts as many elements as there are destinations.</summary>
    /// <param name="dataType">F64, F16 or BF16.</param>
    /// <param name="source">The bytes; where the machine is big-endian they are turned round in place.</param>
    /// <param name="destination">Overwritten.</param>
    public static void ToSingle(string dataType, Span<byte> source, Span<float> destination)
    {
        switch (dataType)
        {
            case "F64":
                FromDouble(LittleEndian(MemoryMarshal.Cast<byte, ulong>(source)), destination);
                break;
            case "F16":
                FromHalf(LittleEndian(MemoryMarshal.Cast<byte, ushort>(source)), destination);
                break;
            default:
                FromBrain(LittleEndian(MemoryMarshal.Cast<byte, ushort>(source)), destination);
                break;
        }
    }

    private static ReadOnlySpan<ulong> LittleEndian(Span<ulong> values)
    {
        if (!BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(values, values);
        }

        return values;
    }

    private static ReadOnlySpan<ushort> LittleEndian(Span<ushort> values)
    {
        if (!BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(values, values);
        }

        return values;
    }

    private static void FromDouble(ReadOnlySpan<ulong> bits, Span<float> destination)
    {
        ReadOnlySpan<double> source = MemoryMarshal.Cast<ulong, double>(bits);
        int half = Vector<double>.Count;
        int i = 0;
        for (; i <= destination.Length - (2 * half); i += 2 * half)
        {
            Vector.Narrow(new Vector<double>(source[i..]), new Vector<double>(source[(i + half)..])).CopyTo(destination[i..]);
        }

        for (; i < destination.Length; i++)
        {
            destination[i] = (float)source[i];
        }
    }

    private static void FromHalf(ReadOnlySpan<ushort> bits, Span<float> destination)
    {
        int width = Vector<ushort>.Count;
        int i = 0;
        for (; i <= destination.Length - width; i += width)
        {
            Vector.Widen(new Vector<ushort>(bits[i..]), out Vector<uint> low, out Vector<uint> high);
            Half(low).CopyTo(destination[i..]);
            Half(high).CopyTo(destination[(i + (width / 2))..]);
        }

        for (; i < destination.Length; i++)
        {
            destination[i] = (float)BitConverter.UInt16BitsToHalf(bits[i]);
        }
    }

    private static Vector<float> Half(Vector<uint> bits)
    {
        Vector<uint> magnitude = bits & new Vector<uint>(0x7FFF);
        Vector<uint> finite = Vector.AsVectorUInt32(Vector.AsVectorSingle(magnitude << 13) * new Vector<float>(Rebias));
        Vector<uint> special = Vector.GreaterThanOrEqual(magnitude, new Vector<uint>(0x7C00)) & new Vector<uint>(0x7F800000);
        return Vector.AsVectorSingle(finite | special | ((bits & new Vector<uint>(0x8000)) << 16));
    }

    private static void FromBrain(ReadOnlySpan<ushort> bits, Span<float> destination)
    {
        int width = Vector<ushort>.Count;
        int i = 0;
        for (; i <= destination.Length - width; i += width)
        {
            Vector.Widen(new Vector<ushort>(bits[i..]), out Vector<uint> low, out Vector<uint> high);
            Vector.AsVectorSingle(low << 16).CopyTo(destination[i..]);
            Vector.AsVectorSingle(high << 16).CopyTo(destination[(i + (width / 2))..]);
        }

        for (; i < destination.Length; i++)
        {
            destination[i] = BitConverter.Int32BitsToSingle(bits[i] << 16);
        }
    }
}
