using Rectify.Formats;

namespace Rectify.Tests.Formats;

public sealed class Crc32CTests
{
    [Fact]
    public void Of_KnownBytes_GivesTheKnownChecksums()
    {
        // The check value of the catalogues, and RFC 3720's examples (B.4).
        Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));
        Assert.Equal(0x8A9136AAu, Crc32C.Of(new byte[32]));
        Assert.Equal(0x62A8AB43u, Crc32C.Of([.. Enumerable.Repeat((byte)0xFF, 32)]));
        Assert.Equal(0x46DD794Eu, Crc32C.Of([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
        Assert.Equal(0u, Crc32C.Of([]));
    }

    [Fact]
    public void Masked_KnownBytes_GivesTensorBoardsNumber() => Assert.Equal(0x5794D08Au, Crc32C.Masked("\u001A\u0011CRC test, one two"u8));

    [Fact]
    public void Masked_EveryLength_IsThatOfTheSumBitByBit()
    {
        byte[] bytes = [.. Enumerable.Range(0, 64).Select(i => (byte)((i * 37) + 11))];
        for (int length = 0; length <= bytes.Length; length++)
        {
            Assert.Equal(RecordedEvent.MaskedCrc(bytes.AsSpan(0, length)), Crc32C.Masked(bytes.AsSpan(0, length)));
        }
    }
}
