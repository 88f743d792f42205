using Rectify.Imaging;
using Rectify.Tensors;

namespace Rectify.Tests.Imaging;

/// <summary>Files that are cut short, damaged or made to do harm.</summary>
public class HostileFileTests
{
    // SOI, a baseline frame of three components, and a scan without a table before it.
    private static readonly byte[] HugeJpeg =
    [
        0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, 0xFF, 0xDC, 0xFF, 0xDC, 3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0, 0xFF, 0xDA, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0, 1, 2, 3,
    ];

    private static readonly byte[] HugePng =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0xFF, 0xDC, 0, 0, 0xFF, 0xDC, 8, 2, 0, 0, 0, 1, 2, 3, 4];

    [Theory]
    [InlineData("huge.jpg", 0)]
    [InlineData("huge.jpg", 1)]
    [InlineData("huge.png", 0)]
    [InlineData("huge.png", 1)]
    public void Decode_HeaderOf65500Squared_IsRefusedWithoutAllocating(string name, int shorterSide)
    {
        bool png = name.EndsWith(".png", StringComparison.Ordinal);
        using PhotoDecoder decoder = Decoder();
        byte[] file = png ? HugePng : HugeJpeg;
        _ = Assert.Throws<RectifyException>(() => decoder.Decode(file, name, shorterSide));
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Assert.Throws<RectifyException>(() => decoder.Decode(file, name, shorterSide)).Message;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Equal($"{name} is 65500×65500 pixels large, and pictures up to 100 megapixels are read; make it smaller or remove it.", message);
        Assert.Equal((65500, 65500), (decoder.Describe(file, name).Width, decoder.Describe(file, name).Height));
    }

    [Fact]
    public void Decode_HeaderOfNoSize_IsRefused()
    {
        using PhotoDecoder decoder = Decoder();
        byte[] jpeg = [.. HugeJpeg];
        (jpeg[7], jpeg[8]) = (0, 0);
        Assert.Contains("65500×0", Assert.Throws<RectifyException>(() => decoder.Decode(jpeg, "flat.jpg")).Message, StringComparison.Ordinal);
        byte[] png = [.. HugePng];
        png[16] = 0x80;
        Assert.Contains("which no picture is", Assert.Throws<RectifyException>(() => decoder.Decode(png, "wide.png")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cut-at-three-quarters.jpg")]
    [InlineData("grey.jpg")]
    [InlineData("cmyk.jpg")]
    [InlineData("ycck.jpg")]
    public void Decode_NoBlockIsThere_IsRefusedAtEveryScale(string name)
    {
        // Of the first block the library makes something also where nothing is; so the picture must have more than two.
        using PhotoDecoder decoder = Decoder();
        byte[] file = RecordedPictureTests.FileOf(name);
        int scan = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        int length = scan + 2 + ((file[scan + 2] << 8) | file[scan + 3]);
        for (int side = 0; side < 5; side++)
        {
            string message = Assert.Throws<RectifyException>(() => decoder.Decode(file.AsSpan(0, length), name, side)).Message;
            Assert.StartsWith($"{name} is a damaged JPEG (half of its blocks or more are missing);", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Decode_CutAnywhere_IsAcceptedFromHalfOn()
    {
        // 18 rows of blocks; each length is read whole and at half the size, which must agree but for a length or two at the border.
        using PhotoDecoder decoder = Decoder();
        byte[] file = RecordedPictureTests.FileOf("cut-at-three-quarters.jpg");
        int scan = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        bool[] whole = [.. Enumerable.Range(scan + 14, file.Length - scan - 14).Select(length => Accepts(decoder, file.AsSpan(0, length), 0))];
        bool[] half = [.. Enumerable.Range(scan + 14, file.Length - scan - 14).Select(length => Accepts(decoder, file.AsSpan(0, length), 6))];
        Assert.False(whole[0]);
        Assert.True(whole[^1]);
        Assert.Equal(whole.Order(), whole);
        Assert.InRange(whole.Zip(half).Count(p => p.First != p.Second), 0, 6);
    }

    [Fact]
    public void ExifOrientation_AnyBytes_IsOneToEight()
    {
        RandomStream random = new(1, RandomPurpose.Testing, 0, 0);
        byte[] upside = [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 3, 0, 0, 0, 0, 0, 0];
        Assert.Equal(3, ExifOrientation.Read(upside));
        for (int trial = 0; trial < 20_000; trial++)
        {
            byte[] bytes = [.. upside.AsSpan(0, random.NextInt(upside.Length + 1))];
            for (int k = random.NextInt(4); k > 0 && bytes.Length > 0; k--)
            {
                bytes[random.NextInt(bytes.Length)] = (byte)(random.NextBool() ? 255 : random.NextInt(256));
            }

            Assert.True(ExifOrientation.Read(bytes) is >= 1 and <= 8, $"trial {trial} of seed 1: {Convert.ToHexString(bytes)}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(65535)]
    public void ExifOrientation_ValueOutOfRange_IsUpright(int value) =>
        Assert.Equal(1, ExifOrientation.Read([0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, (byte)value, (byte)(value >> 8), 0, 0]));

    [Theory]
    [InlineData("exif-6.jpg")]
    [InlineData("progressive.jpg")]
    [InlineData("cmyk.jpg")]
    [InlineData("exif-6.png")]
    [InlineData("palette-2-interlaced.png")]
    public void DecodeAndDescribe_DamagedAnywhere_GivesAPictureOrASentence(string name)
    {
        using PhotoDecoder decoder = Decoder();
        byte[] file = RecordedPictureTests.FileOf(name);
        RandomStream random = new(2, RandomPurpose.Testing, 0, 0);
        for (int trial = 0; trial < 2000; trial++)
        {
            byte[] bytes = [.. file.AsSpan(0, random.NextBool() ? file.Length : 8 + random.NextInt(file.Length - 8))];
            for (int k = random.NextInt(6); k > 0; k--)
            {
                bytes[^(1 + random.NextInt(Math.Max(bytes.Length - 8, 1)))] = (byte)(random.NextBool() ? 255 : random.NextInt(256));
            }

            Survives(() => decoder.Describe(bytes, name).Orientation is >= 1 and <= 8, name, trial);
            Survives(() => decoder.Decode(bytes, name, random.NextInt(5)).Pixels.Length > 0, name, trial);
        }
    }

    private static void Survives(Func<bool> reads, string name, int trial)
    {
        try
        {
            Assert.True(reads(), $"trial {trial} of seed 2");
        }
        catch (RectifyException e)
        {
            Assert.StartsWith(name, e.Message, StringComparison.Ordinal);
        }
    }

    private static bool Accepts(PhotoDecoder decoder, ReadOnlySpan<byte> file, int side)
    {
        try
        {
            return decoder.Decode(file, "cut.jpg", side).Width > 0;
        }
        catch (RectifyException)
        {
            return false;
        }
    }

    private static PhotoDecoder Decoder()
    {
        Assert.SkipUnless(TurboJpegDecoder.IsAvailable, "libturbojpeg is not installed: apt install libturbojpeg0");
        Assert.SkipUnless(SpngDecoder.IsAvailable, "libspng is not installed: apt install libspng0");
        return new PhotoDecoder();
    }
}
