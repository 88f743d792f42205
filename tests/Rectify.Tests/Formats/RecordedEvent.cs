using System.Buffers.Binary;
using System.Text;

namespace Rectify.Tests.Formats;

/// <summary>An event as it stands in a file: read with code of its own, from the format's description, so that writer and reader cannot err alike.</summary>
internal sealed record RecordedEvent(double WallTime, long Step, string? Version, int? SessionStatus, IReadOnlyList<(string Tag, float Value)> Scalars)
{
    /// <summary>All events of a file; a record that is cut off at the end is passed over.</summary>
    public static IReadOnlyList<RecordedEvent> Read(ReadOnlySpan<byte> file)
    {
        List<RecordedEvent> events = [];
        while (file.Length >= 12)
        {
            int length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(file));
            Assert.Equal(MaskedCrc(file[..8]), BinaryPrimitives.ReadUInt32LittleEndian(file[8..]));
            if (file.Length < 12 + length + 4)
            {
                break;
            }

            ReadOnlySpan<byte> message = file.Slice(12, length);
            Assert.Equal(MaskedCrc(message), BinaryPrimitives.ReadUInt32LittleEndian(file[(12 + length)..]));
            events.Add(Parse(message));
            file = file[(12 + length + 4)..];
        }

        return events;
    }

    /// <summary>Castagnoli's polynomial bit by bit, then the mask.</summary>
    public static uint MaskedCrc(ReadOnlySpan<byte> data)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        crc = ~crc;
        return unchecked(((crc >> 15) | (crc << 17)) + 0xA282EAD8);
    }

    private static RecordedEvent Parse(ReadOnlySpan<byte> message)
    {
        RecordedEvent parsed = new(0, 0, null, null, []);
        while (message.Length > 0)
        {
            switch (Varint(ref message))
            {
                case (1 << 3) | 1:
                    parsed = parsed with { WallTime = BinaryPrimitives.ReadDoubleLittleEndian(message) };
                    message = message[8..];
                    break;
                case (2 << 3) | 0:
                    parsed = parsed with { Step = (long)Varint(ref message) };
                    break;
                case (3 << 3) | 2:
                    parsed = parsed with { Version = Encoding.UTF8.GetString(Bytes(ref message)) };
                    break;
                case (5 << 3) | 2:
                    parsed = parsed with { Scalars = ParseSummary(Bytes(ref message)) };
                    break;
                case (7 << 3) | 2:
                    ReadOnlySpan<byte> log = Bytes(ref message);
                    Assert.Equal((1ul << 3) | 0, Varint(ref log));
                    parsed = parsed with { SessionStatus = (int)Varint(ref log) };
                    Assert.Equal(0, log.Length);
                    break;
                case var other:
                    Assert.Fail($"key {other} is of no field that is written");
                    break;
            }
        }

        return parsed;
    }

    private static List<(string Tag, float Value)> ParseSummary(ReadOnlySpan<byte> summary)
    {
        List<(string Tag, float Value)> scalars = [];
        while (summary.Length > 0)
        {
            Assert.Equal((1ul << 3) | 2, Varint(ref summary));
            ReadOnlySpan<byte> value = Bytes(ref summary);
            Assert.Equal((1ul << 3) | 2, Varint(ref value));
            string tag = Encoding.UTF8.GetString(Bytes(ref value));
            Assert.Equal((2ul << 3) | 5, Varint(ref value));
            scalars.Add((tag, BinaryPrimitives.ReadSingleLittleEndian(value)));
            Assert.Equal(4, value.Length);
        }

        return scalars;
    }

    private static ReadOnlySpan<byte> Bytes(ref ReadOnlySpan<byte> message)
    {
        int length = checked((int)Varint(ref message));
        ReadOnlySpan<byte> bytes = message[..length];
        message = message[length..];
        return bytes;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> message)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = message[0];
            message = message[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
