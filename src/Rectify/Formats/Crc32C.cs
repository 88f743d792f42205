using System.Buffers.Binary;
using System.Numerics;

namespace Rectify.Formats;

/// <summary>The checksum of TFRecord files: a cyclic redundancy check of 32 bits with Castagnoli's polynomial 0x1EDC6F41, bits reflected, all ones before and
/// flipped after.</summary>
internal static class Crc32C
{
    private const int MaskTurn = 15;
    private const uint MaskSum = 0xA282EAD8;

    /// <summary>The checksum; 0xE3069283 for the digits 1 to 9.</summary>
    public static uint Of(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        }

        foreach (byte value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }

    /// <summary>The checksum as files hold it, turned right by 15 bits plus a constant: one of data that hold checksums would mean little.</summary>
    public static uint Masked(ReadOnlySpan<byte> data) => BitOperations.RotateRight(Of(data), MaskTurn) + MaskSum;
}
