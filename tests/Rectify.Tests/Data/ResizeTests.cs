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

    [Fact]
    public void To_AnySize_EqualsTheNaiveSums()
    {
        // Widths around those of the vectors, enlarged and reduced up to more neighbours than one load of sixteen bytes holds.
        RandomStream random = new(5, RandomPurpose.Testing, 0, 0);
        for (int trial = 0; trial < 150; trial++)
        {
            (int fromWidth, int fromHeight) = (1 + random.NextInt(90), 1 + random.NextInt(30));
            (int width, int height) = (1 + random.NextInt(40), 1 + random.NextInt(30));
            byte[] pixels = new byte[3 * fromWidth * fromHeight];
            for (int i = 0; i < pixels.Length; i++)
            {
                pixels[i] = (byte)(random.NextBool() ? 255 : random.NextInt(256));
            }

            RgbImage image = new(fromWidth, fromHeight, pixels);
            byte[] expected = Naive(image, width, height);
            byte[] actual = Resize.To(image, width, height).Pixels;
            Assert.True(expected.AsSpan().SequenceEqual(actual), $"trial {trial} of seed 5: {fromWidth}×{fromHeight} to {width}×{height}");
        }
    }

    [Fact]
    public void Region_SecondTime_AllocatesNextToNothing()
    {
        RgbImage image = new(400, 533, new byte[3 * 400 * 533]);
        byte[] part = new byte[3 * 224 * 224];
        long least = long.MaxValue;
        for (int trial = 0; trial < 10; trial++)
        {
            // The pool that lends the buffers may be emptied by the garbage collector at any time.
            long before = GC.GetAllocatedBytesForCurrentThread();
            Resize.Region(image, 256, 341, 16, 58, 224, 224, part);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.InRange(least, 0, 1024);
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

    private static byte[] Naive(RgbImage image, int width, int height)
    {
        using ResizeCoefficients across = new(image.Width, image.Width, width, 0, width);
        using ResizeCoefficients down = new(image.Height, image.Height, height, 0, height);
        byte[] between = Pass(image.Pixels, across, image.Height, 3 * image.Width, 3, 3 * width, 3);
        return Pass(between, down, width, 3, 3 * width, 3, 3 * width);
    }

    // Along an axis whose steps are given, for each of so many lines across it.
    private static byte[] Pass(byte[] from, ResizeCoefficients c, int lines, int fromLine, int fromStep, int toLine, int toStep)
    {
        byte[] to = new byte[3 * lines * c.Length];
        for (int line = 0; line < lines; line++)
        {
            for (int i = 0; i < 3 * c.Length; i++)
            {
                (int output, int channel) = (i / 3, i % 3);
                long sum = 1L << 21;
                for (int k = 0; k < c.Weights(output).Length; k++)
                {
                    sum += (long)c.Weights(output)[k] * from[(line * fromLine) + ((c.First(output) + k) * fromStep) + channel];
                }

                to[(line * toLine) + (output * toStep) + channel] = (byte)Math.Clamp(sum >> 22, 0, 255);
            }
        }

        return to;
    }

    private static JsonElement[] Cases()
    {
        using Stream stream = typeof(ResizeTests).Assembly.GetManifestResourceStream("resize-bilinear.json")!;
        return [.. JsonDocument.Parse(stream).RootElement.GetProperty("cases").EnumerateArray()];
    }

    private static RgbImage Before(JsonElement c) =>
        new(c.GetProperty("width").GetInt32(), c.GetProperty("height").GetInt32(), Convert.FromHexString(c.GetProperty("pixels").GetString()!));
}
