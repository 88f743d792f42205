using Rectify.Data;
using Rectify.Imaging;
using Rectify.Reports;

namespace Rectify.Tests.Reports;

/// <summary>Pictures that stand in the page.</summary>
public sealed class PicturesTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(31, 7)]
    [InlineData(300, 200)]
    public void Encode_Picture_ComesBackFromAnotherDecoder(int width, int height)
    {
        Assert.SkipUnless(SpngDecoder.IsAvailable, "libspng is not installed: apt install libspng0");
        RgbImage image = new(width, height, [.. Enumerable.Range(0, 3 * width * height).Select(i => (byte)(i * 37))]);
        using PhotoDecoder decoder = new();
        RgbImage back = decoder.Decode(new PngEncoder().Encode(image), "encoded.png");
        Assert.Equal((width, height), (back.Width, back.Height));
        Assert.Equal(image.Pixels, back.Pixels);
    }

    [Fact]
    public void Draw_Filters_AreScaledForThemselvesAroundGrey()
    {
        // Two filters of one pixel: red at its most and green at its least; nothing at all.
        FilterBank bank = new("conv1", 2, 1, 1, [2f, -2f, 0f, 0f, 0f, 0f]);
        (byte[] png, int width, int height) = FilterSheet.Draw(bank);
        Assert.Equal((76, 36), (width, height));
        Assert.SkipUnless(SpngDecoder.IsAvailable, "libspng is not installed: apt install libspng0");
        using PhotoDecoder decoder = new();
        byte[] pixels = decoder.Decode(png, "filters.png").Pixels;
        Assert.Equal([255, 0, 128], pixels[..3]);
        Assert.Equal([128, 128, 128], pixels[(3 * 75)..(3 * 76)]);
    }

    [Theory]
    [InlineData(32, 32, "data:image/png")]
    [InlineData(1000, 700, "data:image/jpeg")]
    [InlineData(4000, 200, "data:image/jpeg")]
    public void Make_Picture_IsSmall(int width, int height, string kind)
    {
        Assert.SkipUnless(TurboJpegDecoder.IsAvailable, "libturbojpeg is not installed: apt install libturbojpeg0");
        string uri = Thumbnail.Make(new RgbImage(width, height, new byte[3 * width * height]), new TurboJpegEncoder(80));
        Assert.StartsWith(kind, uri, StringComparison.Ordinal);
        using PhotoDecoder decoder = new();
        ImageDescription small = decoder.Describe(Convert.FromBase64String(uri[(uri.IndexOf(',', StringComparison.Ordinal) + 1)..]), "small");
        Assert.Equal(Math.Min(Math.Min(width, height), 160), Math.Min(small.Width, small.Height));
        Assert.True(Math.Max(small.Width, small.Height) <= 2 * Math.Min(small.Width, small.Height));
    }
}
