using Rectify.Data;
using Rectify.Imaging;
using Rectify.Tensors;
using Rectify.Tests.Data;

namespace Rectify.Tests.Imaging;

public class DecoderTests
{
    // 16×8: the left half (200, 40, 60), the right half (20, 90, 220); quality 95, 4:4:4; by Pillow 9.4.
    private const string TwoColours =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAg"
        + "ICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAAIABADAREAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAA"
        + "AAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRk"
        + "dISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3"
        + "+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNO"
        + "El8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU"
        + "1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD5nr87P9ODHr/Xg/wPP//Z";

    // 8×8, one channel, 77 everywhere; by Pillow.
    private const string Grey =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wAALCAAIAA"
        + "gBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkK"
        + "FhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1N"
        + "XW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AOMr/9k=";

    // 8×8, CMYK (255, 0, 128, 64) with Adobe's marker; Pillow reads it as RGB (0, 191, 95).
    private const string Cmyk =
        "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB/8AAFAgACAAIBE"
        + "MRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHw"
        + "JDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxs"
        + "fIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD/AD/6/v4qvX78V//Z";

    // The picture of TwoColours, as PNG.
    private const string Png =
        "iVBORw0KGgoAAAANSUhEUgAAABAAAAAICAIAAAB/FOjAAAAAHUlEQVR4nGM8oWHDgA34GC3AKs6EVRQPGNVADAAAcBkCWhHjzWkAAAAASUVORK5CYII=";

    [Fact]
    public void Decode_Jpeg_GivesItsColours()
    {
        RgbImage image = Jpeg().Decode(Convert.FromBase64String(TwoColours), "two.jpg");
        Assert.Equal((16, 8), (image.Width, image.Height));
        Near([199, 40, 60], image, 2, 2);
        Near([20, 90, 220], image, 13, 6);
    }

    [Fact]
    public void Decode_GreyJpeg_GivesThreeEqualChannels()
    {
        RgbImage image = Jpeg().Decode(Convert.FromBase64String(Grey), "grey.jpg");
        Assert.Equal(192, image.Pixels.Length);
        Assert.All(image.Pixels, b => Assert.Equal(77, b));
    }

    [Theory]
    [InlineData(65, 66)]
    [InlineData(67, 64)]
    [InlineData(64, 71)]
    [InlineData(72, 80)]
    public void Decode_TurnedJpegForAShorterSide_LiesWhereTheWholeOneDoes(int width, int height)
    {
        // Red grows to the right and green downwards, by 3 levels a pixel.
        byte[] pixels = [.. Enumerable.Range(0, width * height).SelectMany(i => (byte[])[(byte)(3 * (i % width)), (byte)(3 * (i / width)), 100])];
        TurboJpegDecoder decoder = Jpeg();
        byte[] upright = new TurboJpegEncoder().Encode(new RgbImage(width, height, pixels));
        for (byte orientation = 1; orientation <= 8; orientation++)
        {
            byte[] file = TestPictures.WithSegment(upright, 0xE1, TestPictures.Exif(orientation));
            RgbImage expected = Resize.ShorterSide(decoder.Decode(file, "x.jpg"), 8);
            RgbImage actual = Resize.ShorterSide(decoder.Decode(file, "x.jpg", 8), 8);
            Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));

            // A displacement by one pixel would be 3 levels everywhere.
            double mean = expected.Pixels.Zip(actual.Pixels, (a, b) => Math.Abs(a - b)).Average();
            Assert.True(mean < 0.7, $"orientation {orientation}: {mean} levels");
        }

        Assert.Equal(width % 8 == 0 && height % 8 == 0 ? 4 : 1, decoder.Decode(TestPictures.WithSegment(upright, 0xE1, TestPictures.Exif(3)), "x.jpg", 8).Reduction);
    }

    [Fact]
    public void Decode_CmykJpeg_GivesTheColoursThatPillowGives() =>
        Near([0, 191, 95], Jpeg().Decode(Convert.FromBase64String(Cmyk), "cmyk.jpg"), 3, 3);

    [Fact]
    public void Decode_JpegCutInItsData_IsAcceptedOrNamed()
    {
        // Cut in the last bytes: nearly all is there. Cut in the header: nothing is.
        byte[] file = Convert.FromBase64String(TwoColours);
        RgbImage image = Jpeg().Decode(file.AsSpan(0, file.Length - 3), "cut.jpg");
        Near([199, 40, 60], image, 2, 2);
        string message = Assert.Throws<RectifyException>(() => Jpeg().Decode(file.AsSpan(0, 100), "cut.jpg")).Message;
        Assert.StartsWith("cut.jpg is a damaged JPEG (", message, StringComparison.Ordinal);

        // After the header and before the first block.
        int scan = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        _ = Assert.Throws<RectifyException>(() => Jpeg().Decode(file.AsSpan(0, scan + 14), "cut.jpg"));
    }

    [Fact]
    public void Decode_JpegOfAbsurdSize_IsRefusedBeforeAllocating()
    {
        byte[] file = Convert.FromBase64String(TwoColours);
        int frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        (file[frame + 5], file[frame + 6], file[frame + 7], file[frame + 8]) = (0xFD, 0xE8, 0xFD, 0xE8);
        Assert.Contains("65000×65000", Assert.Throws<RectifyException>(() => Jpeg().Decode(file, "huge.jpg")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_ManyThreads_GivesTheSamePixels()
    {
        TurboJpegDecoder decoder = Jpeg();
        byte[] file = Convert.FromBase64String(TwoColours);
        byte[] expected = decoder.Decode(file, "two.jpg").Pixels;
        bool[] same = new bool[4];
        bool Same() => decoder.Decode(file, "two.jpg").Pixels.SequenceEqual(expected);
        Thread[] threads = [.. Enumerable.Range(0, same.Length).Select(t => new Thread(() => same[t] = Enumerable.Range(0, 100).All(_ => Same())))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        Assert.All(same, Assert.True);
    }

    [Fact]
    public void Decode_DamagedFileThenGoodOne_GivesTheGoodOne()
    {
        TurboJpegDecoder decoder = Jpeg();
        byte[] file = Convert.FromBase64String(TwoColours);
        _ = Assert.Throws<RectifyException>(() => decoder.Decode(file.AsSpan(0, 100), "cut.jpg"));
        Near([199, 40, 60], decoder.Decode(file, "two.jpg"), 2, 2);
    }

    [Fact]
    public void Decode_Png_GivesItsBytes()
    {
        Assert.SkipUnless(SpngDecoder.IsAvailable, "libspng is not installed: apt install libspng0");
        RgbImage image = new SpngDecoder().Decode(Convert.FromBase64String(Png), "two.png");
        Assert.Equal((16, 8), (image.Width, image.Height));
        for (int i = 0; i < 128; i++)
        {
            Assert.Equal(i % 16 < 8 ? [200, 40, 60] : (byte[])[20, 90, 220], image.Pixels.AsSpan(3 * i, 3).ToArray());
        }
    }

    [Fact]
    public void Decode_PngCutShort_IsNamed()
    {
        Assert.SkipUnless(SpngDecoder.IsAvailable, "libspng is not installed: apt install libspng0");
        byte[] file = Convert.FromBase64String(Png);
        string message = Assert.Throws<RectifyException>(() => new SpngDecoder().Decode(file.AsSpan(0, 60), "cut.png")).Message;
        Assert.StartsWith("cut.png is a damaged PNG (", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.jpg", "Hello, I am not a picture", "a.jpg is not a JPEG: it begins with \"Hello, I am \"; remove it or convert it.")]
    [InlineData("a.PNG", "\u0001\u0002", "a.PNG is not a PNG: it begins with 0102; remove it or convert it.")]
    [InlineData("a.jpeg", "", "a.jpeg is not a JPEG: it begins with nothing: it is empty; remove it or convert it.")]
    public void Decode_OtherBytes_SaysHowTheyBegin(string name, string content, string message)
    {
        using PhotoDecoder decoder = new();
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(content);
        Assert.Equal(message, Assert.Throws<RectifyException>(() => decoder.Decode(bytes, name)).Message);
    }

    [Fact]
    public void PhotoDecoder_WrongExtension_GoesByTheBytes()
    {
        _ = Jpeg();
        using PhotoDecoder decoder = new();
        Assert.Equal(16, decoder.Decode(Convert.FromBase64String(TwoColours), "two.png").Width);
    }

    private static TurboJpegDecoder Jpeg()
    {
        Assert.SkipUnless(TurboJpegDecoder.IsAvailable, "libturbojpeg is not installed: apt install libturbojpeg0");
        return new TurboJpegDecoder();
    }

    // Inverse transforms of other versions of the library differ by a step or two.
    private static void Near(int[] expected, RgbImage image, int x, int y)
    {
        for (int c = 0; c < 3; c++)
        {
            Assert.InRange(image.Pixels[(3 * ((y * image.Width) + x)) + c], Math.Max(expected[c] - 3, 0), Math.Min(expected[c] + 3, 255));
        }
    }
}
