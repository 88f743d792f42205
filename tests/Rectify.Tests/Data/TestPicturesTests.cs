using Rectify.Imaging;

namespace Rectify.Tests.Data;

public sealed class TestPicturesTests
{
    [Fact]
    public void Jpeg_EachVariant_GivesOtherPixels()
    {
        Assert.SkipUnless(TurboJpegDecoder.IsAvailable, "libturbojpeg is not installed: apt install libturbojpeg0");
        using PhotoDecoder decoder = new();
        Assert.Equal(36, Enumerable.Range(0, 36).Select(i => Convert.ToHexString(decoder.Decode(TestPictures.Jpeg(i), "x.jpg").Pixels)).Distinct().Count());
    }
}
