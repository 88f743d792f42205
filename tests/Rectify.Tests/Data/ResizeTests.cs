using System.Text.Json;
using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Tests.Data;

public class ResizeTests
{
    [Fact]
    public void To_RecordedSizes_EqualsPillowToTheBit()
    {
        foreach (JsonElement c in Cases())
        {
            RgbImage resized = Resize.To(Before(c), c.GetProperty("toWidth").GetInt32(), c.GetProperty("toHeight").GetInt32());
            Assert.Equal(c.GetProperty("resized").GetString(), Convert.ToHexStringLower(resized.Pixels));
        }
    }

    [Fact]
    public void To_VerticalFirst_WouldNotEqualPillow()
    {
        // The nearest wrong order of the passes differs in the rounding between them: the recorded cases tell it apart.
        int different = 0;
        foreach (JsonElement c in Cases())
        {
            (int width, int height) = (c.GetProperty("toWidth").GetInt32(), c.GetProperty("toHeight").GetInt32());
            RgbImage wrong = Resize.To(Resize.To(Before(c), c.GetProperty("width").GetInt32(), height), width, height);
            different += Convert.ToHexStringLower(wrong.Pixels) == c.GetProperty("resized").GetString() ? 0 : 1;
        }

        Assert.True(different > 0);
    }

    [Theory]
    [InlineData(61, 47, 40, 31)]
    [InlineData(61, 47, 61, 20)]
    [InlineData(20, 30, 64, 96)]
    public void Region_AnyRectangle_EqualsThatOfTheWhole(int fromWidth, int fromHeight, int width, int height)
    {
        RgbImage image = new RenderedDataset(1, 64, 1).Read(0);
        image = Resize.To(image, fromWidth, fromHeight);
        RgbImage whole = Resize.To(image, width, height);
        RandomStream random = new(1, RandomPurpose.Testing, 0, 0);
        for (int trial = 0; trial < 20; trial++)
        {
            (int left, int top) = (random.NextInt(width), random.NextInt(height));
            (int columns, int rows) = (1 + random.NextInt(width - left), 1 + random.NextInt(height - top));
            byte[] part = new byte[(3 * columns * rows) + 1];
            part[^1] = 123;
            Resize.Region(image, width, height, left, top, columns, rows, part);
            for (int row = 0; row < rows; row++)
            {
                Assert.Equal(whole.Pixels.AsSpan(3 * (((top + row) * width) + left), 3 * columns), part.AsSpan(3 * row * columns, 3 * columns));
            }

            Assert.Equal(123, part[^1]);
        }
    }

    [Theory]
    [InlineData(500, 375, 256, 341, 256)]
    [InlineData(375, 500, 256, 256, 341)]
    [InlineData(100, 100, 256, 256, 256)]
    public void ShorterSide_AnyPicture_KeepsItsProportion(int width, int height, int side, int toWidth, int toHeight)
    {
        RgbImage resized = Resize.ShorterSide(new RgbImage(width, height, new byte[3 * width * height]), side);
        Assert.Equal((toWidth, toHeight), (resized.Width, resized.Height));
    }

    [Fact]
    public void ShorterSide_ThreadOfAPicture_IsRefusedAsAPictureAndNotAsADefect()
    {
        RgbImage thread = new(1, 50_000, new byte[150_000]);
        Assert.Contains("1×50000", Assert.Throws<RectifyException>(() => Resize.ShorterSide(thread, 256)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void To_SameSize_IsTheSamePicture()
    {
        RgbImage image = new(2, 1, [1, 2, 3, 4, 5, 6]);
        Assert.Same(image, Resize.To(image, 2, 1));
    }

    [Fact]
    public void Region_OutsideThePicture_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Resize.Region(new RgbImage(1, 1, new byte[3]), 4, 4, 2, 0, 3, 1, new byte[9]));

    private static JsonElement[] Cases()
    {
        using Stream stream = typeof(ResizeTests).Assembly.GetManifestResourceStream("resize-bilinear.json")!;
        return [.. JsonDocument.Parse(stream).RootElement.GetProperty("cases").EnumerateArray()];
    }

    private static RgbImage Before(JsonElement c) =>
        new(c.GetProperty("width").GetInt32(), c.GetProperty("height").GetInt32(), Convert.FromHexString(c.GetProperty("pixels").GetString()!));
}
