using System.Formats.Tar;
using System.Text;
using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Tests.Data;

public sealed class TarBoundsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData((byte)'0', 77_777_777L, "does not fit")]
    [InlineData((byte)'0', 8_589_934_591L, "does not fit")]
    [InlineData((byte)'x', 2_000_000_000L, "does not fit")]
    [InlineData((byte)'L', 2_000_000_000L, "does not fit")]
    public void Open_EntryThatClaimsMoreThanThereIs_IsRefusedWithoutMemoryForIt(byte type, long size, string expected)
    {
        Write(Header("a/1.jpg", type, size));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refuses(expected);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Open_HugeAttributesThatAreThere_AreRefused()
    {
        byte[] header = Header("a/1.jpg", (byte)'x', 3 << 20);
        Write([.. header, .. new byte[(3 << 20) + 4096]]);
        Refuses("3145728 bytes of attributes");
    }

    [Fact]
    public void Open_DamagedHeader_SaysWhere()
    {
        byte[] second = Header("b/1.jpg", (byte)'0', 0);
        second[3] ^= 1;
        Write([.. Header("a/1.jpg", (byte)'0', 0), .. second, .. new byte[1024]]);
        Refuses("at byte 512, a header is damaged");
    }

    [Fact]
    public void Open_Garbage_IsNoTar()
    {
        Write([.. Enumerable.Range(0, 4000).Select(i => (byte)((i * 37) + 1))]);
        Refuses("it is no tar");
    }

    [Theory]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public void Open_LongNames_AreRead(TarEntryFormat format)
    {
        string name = string.Join('/', Enumerable.Repeat(new string('n', 60), 5)) + ".jpg";
        _ = _folder.Add("1", 1);
        using (FileStream stream = File.Create(_folder.At("set.tar")))
        using (TarWriter writer = new(stream, format))
        {
            writer.WriteEntry(_folder.At("1"), "a/" + name);
            writer.WriteEntry(_folder.At("1"), "b/" + name);
        }

        using TarDataset data = new(_folder.At("set.tar"), new TemporaryFolder.OneByteDecoder());
        Assert.Equal(["a/" + name, "b/" + name], Enumerable.Range(0, 2).Select(((IKeyed)data).Key));
    }

    private static byte[] Header(string name, byte type, long size)
    {
        byte[] header = new byte[512];
        Encoding.ASCII.GetBytes(name).CopyTo(header, 0);
        Encoding.ASCII.GetBytes("0000644\00000000\00000000\0").CopyTo(header, 100);
        Encoding.ASCII.GetBytes(Convert.ToString(size, 8).PadLeft(11, '0')).CopyTo(header, 124);
        Encoding.ASCII.GetBytes("00000000000\0        ").CopyTo(header, 136);
        header[156] = type;
        Encoding.ASCII.GetBytes("ustar\000").CopyTo(header, 257);
        Encoding.ASCII.GetBytes(Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0') + "\0 ").CopyTo(header, 148);
        return header;
    }

    private void Write(byte[] content) => _folder.Add("set.tar", content);

    private void Refuses(string expected)
    {
        string message = Assert.Throws<RectifyException>(() => new TarDataset(_folder.At("set.tar"), new TemporaryFolder.OneByteDecoder())).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains("cannot be read as a tar", message, StringComparison.Ordinal);
    }
}
