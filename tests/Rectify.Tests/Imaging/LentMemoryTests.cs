using Rectify.Data;
using Rectify.Imaging;
using Rectify.Tests.Data;

namespace Rectify.Tests.Imaging;

/// <summary>Decoding into lent memory gives the same picture as decoding on the heap, also where the memory held another.</summary>
public sealed class LentMemoryTests
{
    public static TheoryData<string, byte[]> Files() => new()
    {
        { "png", TestPictures.Png(9, 7, 1) },
        { "jpeg", TestPictures.Jpeg(2) },
        { "turned jpeg", TestPictures.WithSegment(TestPictures.Jpeg(2), 0xE1, TestPictures.Exif(6)) },
        { "cmyk", TestPictures.Cmyk },
        { "ppm", new PpmCodec().Encode(new RgbImage(2, 1, [1, 2, 3, 4, 5, 6])) },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void DecodeInto_UsedMemory_GivesThePicture(string name, byte[] file)
    {
        Assert.SkipUnless(SpngDecoder.IsAvailable && TurboJpegDecoder.IsAvailable, "libspng or libjpeg-turbo is not installed: eng/setup.sh");
        using PhotoDecoder decoder = new();
        RgbImage expected = decoder.Decode(file, name);
        using PixelBuffer memory = new();
        _ = decoder.DecodeInto(TestPictures.Png(20, 20, 3), "before", 0, memory);
        memory.Dispose();
        RgbImage image = decoder.DecodeInto(file, name, 0, memory);
        Assert.Equal((expected.Width, expected.Height), (image.Width, image.Height));
        Assert.Equal((expected.WholeWidth, expected.WholeHeight, expected.Reduction), (image.WholeWidth, image.WholeHeight, image.Reduction));
        Assert.Equal(expected.Pixels, image.Pixels[..expected.Pixels.Length]);
    }

    [Fact]
    public void Lend_TwoPictures_DoNotShareMemory()
    {
        using PixelBuffer memory = new();
        Assert.NotSame(memory.Lend(4, 4).Pixels, memory.Lend(4, 4).Pixels);
        Assert.Equal((3, 2), (memory.Lend(5, 4, 2).Width, memory.Lend(5, 4, 2).Height));
    }
}
