using Rectify.Data;
using Rectify.Imaging;
using Rectify.Tensors;

namespace Rectify.Tests.Data;

public sealed class DatasetPackTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PhotoDecoder _decoder = new();

    public void Dispose()
    {
        _decoder.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Write_Raw_IsTheSameSetInTheSameOrderWithTheSamePixels()
    {
        DirectoryDataset data = Fill(7);
        PackResult result = DatasetPack.Write(data, _folder.At("pack"), Raw() with { ShardBytes = 8_000, Threads = 3 });
        Assert.True(result.Shards > 2);
        Assert.Equal((data.Count, 0), (result.Images, result.Kept));
        using ShardedDataset packed = (ShardedDataset)DatasetLayout.Find(_folder.At("pack")).Open(DatasetPart.Whole, _decoder);
        Assert.Equal(data.Classes, packed.Classes);
        Assert.Equal(data.Count, packed.Count);
        for (int i = 0; i < data.Count; i++)
        {
            Assert.Equal(data.Label(i), packed.Label(i));
            Assert.Equal(((IKeyed)data).Key(i), ((IKeyed)packed).Key(i));
            RgbImage image = data.Read(i);
            Assert.Equal((image.Height <= 16 ? image : Resize.ShorterSide(image, 16)).Pixels, packed.Read(i).Pixels);
        }
    }

    [Fact]
    public void Write_Jpeg_KeepsFilesThatFitAndShrinksTheOthers()
    {
        NeedsCodecs();
        DirectoryDataset data = Fill(3, jpeg: true);
        _ = DatasetPack.Write(data, _folder.At("pack"), Raw() with { Encoder = new TurboJpegEncoder() });
        using ShardedDataset packed = (ShardedDataset)DatasetLayout.Find(_folder.At("pack")).Open(DatasetPart.Whole, _decoder);
        for (int i = 0; i < data.Count; i++)
        {
            RgbImage image = data.Read(i);
            string key = ((IKeyed)data).Key(i);
            bool fits = Math.Min(image.Width, image.Height) <= 16;
            Assert.Equal(fits ? key : key + ".jpg", ((IKeyed)packed).Key(i));
            RgbImage again = packed.Read(i);
            if (fits)
            {
                Assert.Equal(((IEncodedDataset)data).ReadFile(i), ((IEncodedDataset)packed).ReadFile(i));
                continue;
            }

            RgbImage resized = Resize.ShorterSide(image, 16);
            Assert.Equal((resized.Width, resized.Height), (again.Width, again.Height));
        }
    }

    [Fact]
    public void Write_AnyNumberOfThreads_GivesTheSameBytes()
    {
        DirectoryDataset data = Fill(9);
        _ = DatasetPack.Write(data, _folder.At("one"), Raw());
        _ = DatasetPack.Write(data, _folder.At("four"), Raw() with { Threads = 4 });
        string name = ShardNames.Of(0, 1);
        Assert.Equal(File.ReadAllBytes(_folder.At($"one/{name}")), File.ReadAllBytes(_folder.At($"four/{name}")));
    }

    [Fact]
    public void Write_AShardMissing_MakesThatOneAlone()
    {
        DirectoryDataset data = Fill(7);
        PackOptions options = Raw() with { ShardBytes = 8_000 };
        PackResult first = DatasetPack.Write(data, _folder.At("pack"), options);
        string gone = _folder.At($"pack/{ShardNames.Of(1, first.Shards)}");
        byte[] content = File.ReadAllBytes(gone);
        File.Delete(gone);
        string message = Assert.Throws<RectifyException>(() => DatasetLayout.Find(_folder.At("pack")).Open(DatasetPart.Whole, _decoder)).Message;
        Assert.Contains($"lacks {Path.GetFileName(gone)}", message, StringComparison.Ordinal);
        PackResult second = DatasetPack.Write(data, _folder.At("pack"), options);
        Assert.Equal((first.Shards - 1, first.Bytes), (second.Kept, second.Bytes));
        Assert.Equal(content, File.ReadAllBytes(gone));
    }

    [Fact]
    public void Write_Cancelled_LeavesWholeShardsAndGoesOn()
    {
        DirectoryDataset data = Fill(40);
        PackOptions options = Raw() with { ShardBytes = 20_000 };
        using CancellationTokenSource stop = new();
        _ = Assert.Throws<OperationCanceledException>(() => DatasetPack.Write(data, _folder.At("pack"), options, (_, _) => stop.Cancel(), stop.Token));
        Assert.DoesNotContain(Directory.GetFiles(_folder.At("pack")), file => file.EndsWith(".tmp", StringComparison.Ordinal));
        PackResult rest = DatasetPack.Write(data, _folder.At("pack"), options);
        Assert.Equal((1, data.Count), (rest.Kept, rest.Images));
    }

    [Fact]
    public void Write_OtherDataOrOptions_IsRefused()
    {
        DirectoryDataset data = Fill(3);
        _ = DatasetPack.Write(data, _folder.At("pack"), Raw());
        string message = Assert.Throws<RectifyException>(() => DatasetPack.Write(data, _folder.At("pack"), Raw() with { Scale = 12 })).Message;
        Assert.Contains("other pictures, or one made with other options", message, StringComparison.Ordinal);
        message = Assert.Throws<RectifyException>(() => DatasetPack.Write(data, _folder.At("set"), Raw())).Message;
        Assert.Contains("is not empty", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pets/cat")]
    [InlineData("pets\\cat")]
    [InlineData(".cat")]
    [InlineData("")]
    public void Write_ClassThatIsNoFolder_IsRefusedBeforePacking(string name)
    {
        IDataset data = ClassMap.Apply(Fill(3), ["a", "b", "c", name]);
        string message = Assert.Throws<RectifyException>(() => DatasetPack.Write(data, _folder.At("pack"), Raw())).Message;
        Assert.StartsWith($"The class '{name}' cannot be a folder of the pack", message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.At("pack")));
    }

    [Fact]
    public void Write_UnreadablePicture_IsNamedAndLeftOutAndTriedAgain()
    {
        DirectoryDataset data = Fill(5);
        byte[] good = File.ReadAllBytes(_folder.At("set/b/2.ppm"));
        byte[] cut = [.. good];
        cut[3] = (byte)'x';
        File.WriteAllBytes(_folder.At("set/b/2.ppm"), cut);
        for (int turn = 0; turn < 2; turn++)
        {
            PackResult result = DatasetPack.Write(data, _folder.At("pack"), Raw());
            Assert.Equal(_folder.At("set/b/2.ppm"), Assert.Single(result.Unreadable).Name);
            Assert.Equal(data.Count - 1, result.Images);
        }

        File.WriteAllBytes(_folder.At("set/b/2.ppm"), good);
        Assert.Equal((data.Count, 0), (DatasetPack.Write(data, _folder.At("pack"), Raw()).Images, DatasetPack.Write(data, _folder.At("pack"), Raw()).Unreadable.Count));
    }

    [Fact]
    public void Write_BuiltinPictures_GoByClassAndNumber()
    {
        RenderedDataset data = new(30, 24, 1);
        _ = DatasetPack.Write(data, _folder.At("pack"), Raw());
        using ShardedDataset packed = (ShardedDataset)DatasetLayout.Find(_folder.At("pack")).Open(DatasetPart.Whole, _decoder);
        Assert.Equal(30, packed.Count);
        Assert.Equal(data.Classes.Order(StringComparer.Ordinal), packed.Classes);
        Assert.Matches(@"^[^/]+/\d{7}\.ppm$", ((IKeyed)packed).Key(0));
    }

    [Theory]
    [InlineData("P6\n2 1\n255\n12345", "5 of its 6 bytes")]
    [InlineData("P6\n2 1\n65535\n123456789012", "largest value is 65535")]
    [InlineData("P6\n2 x\n255\n123456", "header is none")]
    [InlineData("P6\n0 1\n255\n", "0×1 pixels")]
    [InlineData("P6\n99999 99999\n255\n", "megapixels")]
    public void Decode_PpmThatIsNone_SaysWhy(string text, string reason)
    {
        byte[] file = System.Text.Encoding.ASCII.GetBytes(text);
        Assert.Contains(reason, Assert.Throws<RectifyException>(() => _decoder.Decode(file, "x.ppm")).Message, StringComparison.Ordinal);
    }

    private static PackOptions Raw() => new() { Scale = 16, Encoder = new PpmCodec() };

    private static void NeedsCodecs() =>
        Assert.SkipUnless(TurboJpegDecoder.IsAvailable && SpngDecoder.IsAvailable, "libturbojpeg or libspng is not installed: eng/setup.sh");

    // Three classes; shorter sides of 10 to 27.
    private DirectoryDataset Fill(int count, bool jpeg = false)
    {
        foreach (string name in (string[])["a", "b", "c"])
        {
            for (int i = 0; i < count; i++)
            {
                int side = 10 + (i * 7 % 18);
                RgbImage image = new(side + 5, side, [.. Enumerable.Range(0, 3 * side * (side + 5)).Select(p => (byte)(p + (i * name[0])))]);
                _ = jpeg && i == 0
                    ? _folder.Add($"set/{name}/{i}.jpg", TestPictures.Jpeg(name[0] % 6))
                    : _folder.Add($"set/{name}/{i}.{(jpeg ? "png" : "ppm")}", jpeg ? TestPictures.Png(side + 5, side, i) : new PpmCodec().Encode(image));
            }
        }

        return new DirectoryDataset(_folder.At("set"), _decoder);
    }
}
