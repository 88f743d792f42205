using System.Buffers.Binary;
using Rectify.Tensors;

namespace Rectify.Tests.Fuzz;

/// <summary>What bad disks, bad copies and bad people do to a file.</summary>
internal static class Mutation
{
    private static readonly long[] Extremes = [0, 1, -1, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, 1L << 31, 1L << 40, 100_000_001];

    private static readonly byte[][] Words =
    [
        "null"u8.ToArray(), "[]"u8.ToArray(), "{}"u8.ToArray(), "\""u8.ToArray(), "-1"u8.ToArray(), "1e999"u8.ToArray(),
        "\r\n"u8.ToArray(), ","u8.ToArray(), "../"u8.ToArray(), "\0"u8.ToArray(), [0xFF, 0xFE], "99999999999999999999"u8.ToArray(),
    ];

    /// <summary>A copy with one to eight things wrong with it.</summary>
    public static byte[] Of(byte[] file, ref RandomStream random)
    {
        List<byte> bytes = [.. file];
        for (int i = 1 + random.NextInt(8); i > 0 && bytes.Count > 16; i--)
        {
            // Half of the changes meet the beginning, where headers are.
            int reach = random.NextBool() ? Math.Min(bytes.Count, 512) : bytes.Count;
            int at = random.NextInt(reach);
            switch (random.NextInt(8))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.NextInt(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.NextInt(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 3:
                    bytes.RemoveRange(at, Math.Min(1 + random.NextInt(64), bytes.Count - at));
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(1 + random.NextInt(256), bytes.Count - at)));
                    break;
                case 5:
                    byte[] number = new byte[8];
                    BinaryPrimitives.WriteInt64LittleEndian(number, Extremes[random.NextInt(Extremes.Length)]);
                    Overwrite(bytes, at, number.AsSpan(0, 1 << random.NextInt(4)));
                    break;
                case 6:
                    bytes.InsertRange(at, Words[random.NextInt(Words.Length)]);
                    break;
                default:
                    Overwrite(bytes, at, Words[random.NextInt(Words.Length)]);
                    break;
            }
        }

        return [.. bytes];
    }

    private static void Overwrite(List<byte> bytes, int at, ReadOnlySpan<byte> with)
    {
        for (int i = 0; i < with.Length && at + i < bytes.Count; i++)
        {
            bytes[at + i] = with[i];
        }
    }
}
