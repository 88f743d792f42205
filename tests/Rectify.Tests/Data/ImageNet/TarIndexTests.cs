using System.Formats.Tar;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Rectify.Data;
using Rectify.Tensors;
using Rectify.Tests.Fixtures;

namespace Rectify.Tests.Data.ImageNet;

public sealed class TarIndexTests : IDisposable
{
    private static readonly IImageDecoder Decoder = new TemporaryFolder.OneByteDecoder();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nested_HundredAndFortyGigabytes_TakesFewBytesAnImage()
    {
        const int Tars = 100, Images = 200;
        const long Hole = 1_400_000_000;
        string path = _folder.At(ImageNetFiles.Train);
        WriteSparse(path, Tars, Images, Hole);
        using SafeFileHandle file = File.OpenHandle(path);
        Assert.True(RandomAccess.GetLength(file) > 140_000_000_000);

        // Once before, so that what the runtime allocates at the first time is not counted.
        _ = TarIndexBuilder.Nested(file, path, null);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        TarIndex index = TarIndexBuilder.Nested(file, path, null);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.Equal(Tars * Images, index.Count);
        Assert.InRange(allocated / (double)index.Count, 20, 200);

        IndexingOptions options = new() { CacheFolder = _folder.At("cache") };
        using (ImageNetTraining first = new(path, Decoder, options))
        {
            Assert.Equal(Tars * Images, first.Count);
        }

        allocated = GC.GetAllocatedBytesForCurrentThread();
        using ImageNetTraining data = new(path, Decoder, options with { Progress = (_, _, _) => Assert.Fail("the index is built again") });
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.InRange(allocated / (double)data.Count, 20, 200);

        // The last picture of the last tar, far beyond what 32 bits can say.
        Assert.Equal($"{path}/n00000099.tar/n00000099_00199.JPEG", data.Name((Tars * Images) - 1));
        Assert.Equal(99, data.Label((Tars * Images) - 1));
        Assert.True(index.Groups[^1].Offsets[^1] > 99 * Hole);
        Assert.Equal(99, data.Read((Tars * Images) - 1).Pixels[0]);
    }

    [Fact]
    public void Get_SecondTime_TakesTheCacheUntilTheArchiveChanges()
    {
        ImageNetFiles files = new ImageNetFiles(_folder.At("set"), (c, _) => [(byte)c]).TrainTar();
        string path = Path.Combine(files.Root, ImageNetFiles.Train);
        int builds = 0;
        long total = 0;
        IndexingOptions options = new()
        {
            CacheFolder = _folder.At("cache"),
            Progress = (_, done, all) => (builds, total) = (1, all),
        };

        int Opened()
        {
            builds = 0;
            using ImageNetTraining data = new(path, Decoder, options);
            Assert.Equal((200, 7), (data.Count, data.Read(7 * 4).Pixels[0]));
            return builds;
        }

        Assert.Equal(1, Opened());
        Assert.Equal(new FileInfo(path).Length, total);
        Assert.Equal(0, Opened());
        string index = Directory.GetFiles(_folder.At("cache"), "*.index", SearchOption.AllDirectories).Single();
        byte[] whole = File.ReadAllBytes(index);
        Assert.InRange(whole.Length, 200 * 30, 200 * 60);

        // Another time.
        File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(1));
        Assert.Equal(1, Opened());

        // Another length: zeros behind a tar's end do not matter.
        DateTime written = File.GetLastWriteTimeUtc(path);
        using (FileStream tar = File.OpenWrite(path))
        {
            tar.SetLength(tar.Length + 512);
        }

        File.SetLastWriteTimeUtc(path, written);
        Assert.Equal(1, Opened());
        Assert.Equal(0, Opened());

        // Broken at any place, or cut anywhere.
        whole = File.ReadAllBytes(index);
        for (int at = 0; at < whole.Length; at += 997)
        {
            File.WriteAllBytes(index, [.. whole[..at], (byte)(whole[at] ^ 16), .. whole[(at + 1)..]]);
            Assert.Equal(1, Opened());
            File.WriteAllBytes(index, whole[..at]);
            Assert.Equal(1, Opened());
        }

        Assert.Equal(whole, File.ReadAllBytes(index));
    }

    [Fact]
    public void Get_CacheThatCannotBeWritten_WorksAndSaysSoOnce()
    {
        ImageNetFiles files = new ImageNetFiles(_folder.At("set"), (c, _) => [(byte)c]).TrainTar();
        _ = _folder.Add("file", 1);
        List<string> said = [];
        IndexingOptions options = new() { CacheFolder = _folder.At("file/cache"), Warn = said.Add };
        for (int i = 0; i < 3; i++)
        {
            using ImageNetTraining data = new(Path.Combine(files.Root, ImageNetFiles.Train), Decoder, options);
            Assert.Equal(200, data.Count);
        }

        Assert.Contains("RECTIFY_CACHE", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public void Flat_NamesOutOfOrderAndTwice_AreSortedAndTheLastCounts()
    {
        string path = _folder.At("x.tar");
        using (FileStream file = File.Create(path))
        {
            foreach ((string name, byte content) in new[] { ("./b.JPEG", (byte)1), ("dir/a.jpg", (byte)2), ("b.JPEG", (byte)3), ("._a.jpg", (byte)4), ("notes.txt", (byte)5) })
            {
                file.Write(Header(name, 1));
                file.Write([content, .. new byte[511]]);
            }
        }

        TarGroup group = Flat(path);
        Assert.Equal(["a.jpg", "b.JPEG"], Enumerable.Range(0, group.Count).Select(group.NameOf));
        Assert.Equal([(long)(3 * 512), (long)(5 * 512)], group.Offsets);
    }

    [Theory]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public void Flat_HardLinks_LieWhereTheirFilesDo(TarEntryFormat format)
    {
        string path = _folder.At("x.tar"), longName = new('n', 150);
        TarEntry Entry(TarEntryType type, string name) => format == TarEntryFormat.Gnu ? new GnuTarEntry(type, name) : new PaxTarEntry(type, name);
        void Write(params (string Name, string? Link)[] entries)
        {
            using FileStream file = File.Create(path);
            using TarWriter writer = new(file, format);
            foreach ((string name, string? link) in entries)
            {
                TarEntry entry = Entry(link is null ? TarEntryType.RegularFile : TarEntryType.HardLink, name);
                if (link is not null)
                {
                    entry.LinkName = link;
                }
                else
                {
                    entry.DataStream = new MemoryStream([1]);
                }

                writer.WriteEntry(entry);
            }
        }

        Write(("b.JPEG", null), ($"dir/{longName}.JPEG", null), ("c.JPEG", "./b.JPEG"), ("d.JPEG", $"dir/{longName}.JPEG"), ("e.JPEG", "c.JPEG"));
        TarGroup group = Flat(path);
        Assert.Equal(["b.JPEG", "c.JPEG", "d.JPEG", "e.JPEG", $"{longName}.JPEG"], Enumerable.Range(0, group.Count).Select(group.NameOf));
        Assert.Equal([group.Offsets[0], group.Offsets[0], group.Offsets[4], group.Offsets[0]], group.Offsets[..4]);
        Assert.NotEqual(group.Offsets[0], group.Offsets[4]);
        Assert.All(group.Lengths, length => Assert.Equal(1, length));

        Write(("b.JPEG", null), ("c.JPEG", "a.JPEG"));
        string message = Assert.Throws<RectifyException>(() => Flat(path)).Message;
        Assert.StartsWith($"{path}/c.JPEG is a hard link to a.JPEG, which does not come before it;", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nested_HardLinkToATar_IsRefused()
    {
        string path = _folder.At("x.tar");
        byte[] one = [.. Header("n1.JPEG", 1), 1, .. new byte[511], .. new byte[1024]];
        byte[] link = Header("n2.tar", 0, (byte)'1', "n1.tar");
        File.WriteAllBytes(path, [.. Header("n1.tar", one.Length), .. one, .. link, .. new byte[1024]]);
        using SafeFileHandle handle = File.OpenHandle(path);
        string message = Assert.Throws<RectifyException>(() => TarIndexBuilder.Nested(handle, path, null)).Message;
        Assert.Contains("n2.tar is a hard link to n1.tar", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Flat_LongNameWithOtherAttributes_KeepsIt(bool nameLast)
    {
        string name = new string('n', 150) + ".JPEG", path = _folder.At("x.tar");
        byte[] longName = [.. Header("././@LongLink", name.Length, (byte)'L'), .. Block(name)];
        byte[] time = [.. Header("pax", 17, (byte)'x'), .. Block("17 mtime=1234567\n")];
        File.WriteAllBytes(path, [.. nameLast ? [.. time, .. longName] : (byte[])[.. longName, .. time], .. Header("nnn.JPEG", 1), .. Block("x"), .. new byte[1024]]);
        TarGroup group = Flat(path);
        Assert.Equal(name, Assert.Single(Enumerable.Range(0, group.Count).Select(group.NameOf)));
    }

    [Fact]
    public void Find_FolderOfTheEnvironment_IsTaken()
    {
        Assert.Equal(Environment.GetEnvironmentVariable(CacheFolder.Variable), CacheFolder.Find());
        Assert.Equal(CacheFolder.Find(), new IndexingOptions().CacheFolder);
    }

    // Headers and one-byte pictures, then in each tar a hole; only the headers' blocks are on the disk.
    private static void WriteSparse(string path, int tars, int images, long hole)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        long size = (images * 1024L) + 512 + hole;
        long padded = (size + 511) / 512 * 512;
        for (int t = 0; t < tars; t++)
        {
            byte[] block = new byte[512 + (images * 1024) + 512];
            Header(string.Create(CultureInfo.InvariantCulture, $"n{t:D8}.tar"), size).CopyTo(block, 0);
            for (int i = 0; i < images; i++)
            {
                Header(string.Create(CultureInfo.InvariantCulture, $"n{t:D8}_{i:D5}.JPEG"), 1).CopyTo(block, 512 + (i * 1024));
                block[512 + (i * 1024) + 512] = (byte)t;
            }

            Header("hole.bin", hole).CopyTo(block, block.Length - 512);
            RandomAccess.Write(file, block, t * (512 + padded));
        }

        RandomAccess.SetLength(file, (tars * (512 + padded)) + 1024);
    }

    private static TarGroup Flat(string path)
    {
        using SafeFileHandle handle = File.OpenHandle(path);
        return TarIndexBuilder.Flat(handle, path, null).Groups.Single();
    }

    private static byte[] Block(string content) => [.. Encoding.ASCII.GetBytes(content), .. new byte[512 - content.Length]];

    private static byte[] Header(string name, long size, byte type = (byte)'0', string link = "")
    {
        byte[] header = new byte[512];
        Encoding.ASCII.GetBytes(name).CopyTo(header, 0);
        Encoding.ASCII.GetBytes("0000644\00000000\00000000\0").CopyTo(header, 100);
        Encoding.ASCII.GetBytes(Convert.ToString(size, 8).PadLeft(11, '0')).CopyTo(header, 124);
        Encoding.ASCII.GetBytes("00000000000\0        ").CopyTo(header, 136);
        header[156] = type;
        Encoding.ASCII.GetBytes(link).CopyTo(header, 157);
        Encoding.ASCII.GetBytes("ustar\000").CopyTo(header, 257);
        Encoding.ASCII.GetBytes(Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0') + "\0 ").CopyTo(header, 148);
        return header;
    }
}
