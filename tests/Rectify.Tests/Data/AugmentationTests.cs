using MathNet.Numerics;
using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Tests.Data;

/// <summary>The paper's augmentation as distributions, and as pixels.</summary>
public class AugmentationTests
{
    private const int Draws = 20_000;
    private const int Size = 224;

    [Fact]
    public void ResizeCropFlip_Scale_IsUniformOverWholeNumbers256To512()
    {
        int[] counts = new int[257];
        for (int i = 0; i < Draws; i++)
        {
            counts[Definition.Draw(i, 256, 512, 640, 480).Scale - 256]++;
        }

        Uniform(counts);
    }

    [Theory]
    [InlineData(256)]
    [InlineData(300)]
    public void ResizeCropFlip_PositionsAndFlip_AreUniform(int side)
    {
        // Green is the column and blue the row of a picture that has the scale already, so a crop tells where it was taken.
        int size = side - 32;
        RgbImage image = new NumberedDataset(1, side, side).Read(0);
        ResizeCropFlip transform = new(size, side, side, MeanImage.Zero(size));
        float[] crop = new float[transform.Length];
        int[] columns = new int[33], rows = new int[33];
        int flips = 0;
        for (int i = 0; i < Draws / 4; i++)
        {
            RandomStream random = Definition.Stream(i);
            transform.Apply(image, ref random, crop);
            bool flip = ((int)(crop[1] - crop[4]) & 255) == 1;
            flips += flip ? 1 : 0;
            columns[(int)(flip ? crop[(3 * size) - 2] : crop[1])]++;
            rows[(int)crop[2]]++;
        }

        Uniform(columns);
        Uniform(rows);
        Uniform([flips, (Draws / 4) - flips]);
    }

    [Fact]
    public void Uniform_CountsThatAreNot_AreRefused()
    {
        // The nearest wrong answer: the largest scale is never drawn.
        int[] counts = new int[257];
        for (int i = 0; i < Draws; i++)
        {
            counts[Definition.Draw(i, 256, 511, 640, 480).Scale - 256]++;
        }

        _ = Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Uniform(counts));
    }

    [Fact]
    public void ColourShift_Draw_IsNormalAlongEachComponentWithSigmaTimesTheDeviation()
    {
        double[] values = [14_000, 1_200, 290];
        double[,] vectors = { { 0.5675, 0.5808, 0.5836 }, { 0.7192, -0.0045, -0.6948 }, { 0.4009, -0.8140, 0.4203 } };
        ColourShift shift = new(values, vectors, 0.1);
        double[][] alphas = [new double[Draws], new double[Draws], new double[Draws]];
        for (int i = 0; i < Draws; i++)
        {
            RandomStream random = Definition.Stream(i);
            (float red, float green, float blue) = shift.Draw(ref random);
            for (int c = 0; c < 3; c++)
            {
                alphas[c][i] = ((red * vectors[c, 0]) + (green * vectors[c, 1]) + (blue * vectors[c, 2])) / Math.Sqrt(values[c]);
            }
        }

        foreach (double[] alpha in alphas)
        {
            Assert.Equal(0, alpha.Average(), 4 * 0.1 / Math.Sqrt(Draws));
            Assert.Equal(0.01, alpha.Average(a => a * a), 4 * 0.01 * Math.Sqrt(2.0 / Draws));
            Assert.True(KolmogorovSmirnov(alpha, 0.1) < 1.95, "not normal at p = 0.001");
        }

        // Neither a wider normal by a twentieth nor a uniform distribution of the same deviation passes, and the components are independent.
        Assert.True(KolmogorovSmirnov(alphas[0], 0.105) > 1.95);
        double[] even = [.. Enumerable.Range(0, Draws).Select(i => 0.1 * Math.Sqrt(12) * (((i + 0.5) / Draws) - 0.5))];
        Assert.True(KolmogorovSmirnov(even, 0.1) > 1.95);
        foreach ((int a, int b) in new[] { (0, 1), (0, 2), (1, 2) })
        {
            Assert.Equal(0, alphas[a].Zip(alphas[b], (x, y) => x * y).Average() / 0.01, 4 / Math.Sqrt(Draws));
        }
    }

    [Fact]
    public void ResizeCropFlip_RandomDraws_AreTheDefinitionPixelByPixel()
    {
        RgbImage[] images = [new RenderedDataset(4, 300, 1).Read(0), Picture(500, 333), Picture(350, 610)];
        MeanImage mean = new(Size, MeanKind.PerPixel, [.. Enumerable.Range(0, 3 * Size * Size).Select(i => 100f + (i % 53) / 7f)]);
        ColourShift colour = new([14_000, 1_200, 290], new double[,] { { 0.6, 0.8, 0 }, { -0.8, 0.6, 0 }, { 0, 0, 1 } }, 0.1);
        foreach (ColourShift? shift in new[] { colour, null })
        {
            ResizeCropFlip transform = new(Size, 256, 512, mean, shift);
            float[] crop = new float[transform.Length];
            for (int i = 0; i < 30; i++)
            {
                RgbImage image = images[i % images.Length];
                RandomStream random = Definition.Stream(i);
                transform.Apply(image, ref random, crop);
                Assert.True(Definition.Crop(image, i, mean, shift).AsSpan().SequenceEqual(crop), $"draw {i} is another crop");
            }
        }
    }

    [Fact]
    public void Epoch_AnyOrderBatchAndWorkers_GivesEachSampleTheSameCrop()
    {
        RenderedDataset data = new(60, 40, 1);
        ColourShift colour = new([1_000, 100, 10], new double[,] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } }, 0.1);
        SampleTransform transform = new Preprocessing(32).Training(MeanImage.Zero(32), new Augmentation { ScaleMin = 36, ScaleMax = 64 }, colour);
        Dictionary<int, float[]> first = Crops(new() { BatchSize = 7, Shuffle = true, Seed = 3 }, 2);
        Dictionary<int, float[]> second = Crops(new() { BatchSize = 16, Workers = 5, Seed = 3 }, 2);
        Dictionary<int, float[]> later = Crops(new() { BatchSize = 16, Seed = 3 }, 3);
        Assert.Equal(60, first.Count);
        foreach ((int index, float[] crop) in first)
        {
            Assert.Equal(crop, second[index]);
            Assert.NotEqual(crop, later[index]);
        }

        Dictionary<int, float[]> Crops(LoaderOptions options, int epoch)
        {
            using BatchLoader loader = new(data, transform, options);
            Dictionary<int, float[]> crops = [];
            foreach (Batch batch in loader.Epoch(epoch, cancellation: TestContext.Current.CancellationToken))
            {
                for (int i = 0; i < batch.Count; i++)
                {
                    crops[batch.Indices[i]] = batch.Pixels.AsSpan(i * transform.Length, transform.Length).ToArray();
                }
            }

            return crops;
        }
    }

    [Fact]
    public void PadCropFlip_WithColour_ShiftsThePictureAndNotTheFrame()
    {
        RgbImage grey = new(8, 8, [.. Enumerable.Repeat((byte)100, 192)]);
        ColourShift colour = new([900, 0, 0], new double[,] { { 0, 1, 0 }, { 1, 0, 0 }, { 0, 0, 1 } }, 0.5);
        PadCropFlip transform = new(8, 3, MeanImage.Zero(8), colour);
        float[] crop = new float[192];
        int framed = 0;
        for (int i = 0; i < 50; i++)
        {
            RandomStream random = Definition.Stream(i);
            transform.Apply(grey, ref random, crop);
            float green = crop[(3 * 36) + 1];
            Assert.NotEqual(100f, green);
            for (int p = 0; p < crop.Length; p += 3)
            {
                Assert.True((crop[p], crop[p + 1], crop[p + 2]) == (100f, green, 100f) || (crop[p], crop[p + 1], crop[p + 2]) == (0f, 0f, 0f));
                framed += crop[p] == 0 ? 1 : 0;
            }
        }

        Assert.True(framed > 0);
    }

    [Fact]
    public void CropRow_EveryLength_IsPixelMinusMeanPlusShiftAndMirrorsPixels()
    {
        RandomStream random = new(1, RandomPurpose.Testing, 0, 0);
        float[] shift = new float[CropRow.ShiftLength], none = new float[CropRow.ShiftLength];
        CropRow.Fill(shift, 1.5f, -2.25f, 100f);
        for (int length = 3; length < 200; length += 3)
        {
            byte[] pixels = [.. Enumerable.Range(0, length).Select(_ => (byte)random.NextInt(256))];
            float[] mean = [.. Enumerable.Range(0, length).Select(_ => random.NextSingle(90, 140))];
            float[] result = new float[length + 1], plain = new float[length + 1];
            byte[] mirrored = new byte[length + 1];
            (result[length], plain[length], mirrored[length]) = (7, 7, 7);
            CropRow.Write(pixels, mean, shift, result.AsSpan(0, length));
            CropRow.Write(pixels, mean, none, plain.AsSpan(0, length));
            CropRow.Mirror(pixels, mirrored.AsSpan(0, length));
            for (int i = 0; i < length; i++)
            {
                Assert.Equal((pixels[i] - mean[i]) + shift[i % 3], result[i]);
                Assert.Equal(BitConverter.SingleToInt32Bits(pixels[i] - mean[i]), BitConverter.SingleToInt32Bits(plain[i]));
                Assert.Equal(pixels[length - 3 - (i / 3 * 3) + (i % 3)], mirrored[i]);
            }

            Assert.Equal((7f, 7f, (byte)7), (result[length], plain[length], mirrored[length]));
        }
    }

    [Theory]
    [InlineData(200, 512, 0.0)]
    [InlineData(300, 256, 0.0)]
    [InlineData(256, 0, 0.0)]
    [InlineData(256, 20_000, 0.0)]
    [InlineData(0, 0, -0.1)]
    [InlineData(0, 0, double.NaN)]
    public void Validate_OutOfRange_NamesTheOption(int min, int max, double sigma)
    {
        Augmentation augmentation = new() { ScaleMin = min, ScaleMax = max, ColourSigma = sigma };
        string message = Assert.Throws<UsageException>(() => augmentation.Validate(Size)).Message;
        Assert.StartsWith(min + max > 0 ? "--scale" : "--colour", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_DefaultAugmentation_IsThePapersGeometry()
    {
        ResizeCropFlip paper = (ResizeCropFlip)new Preprocessing(224).Training(MeanImage.Zero(224), new Augmentation());
        Assert.Equal((256, 512), (paper.ScaleMin, paper.ScaleMax));
        _ = Assert.IsType<PadCropFlip>(new Preprocessing(32).Training(MeanImage.Zero(32), new Augmentation()));
        ResizeCropFlip fixedScale = (ResizeCropFlip)new Preprocessing(224).Training(MeanImage.Zero(224), new Augmentation { ScaleMin = 256, ScaleMax = 256 });
        Assert.Equal((256, 256), (fixedScale.ScaleMin, fixedScale.ScaleMax));
    }

    private static RgbImage Picture(int width, int height) =>
        new(width, height, [.. Enumerable.Range(0, 3 * width * height).Select(i => (byte)((i * 7) ^ (i / width)))]);

    // Pearson's χ² as a normal deviate (Wilson and Hilferty): 4 is one in 30,000.
    private static void Uniform(int[] counts)
    {
        double expected = (double)counts.Sum() / counts.Length;
        double degrees = counts.Length - 1;
        double square = counts.Sum(count => (count - expected) * (count - expected) / expected);
        double deviate = (Math.Cbrt(square / degrees) - (1 - (2 / (9 * degrees)))) / Math.Sqrt(2 / (9 * degrees));
        Assert.True(deviate < 4, $"χ² is {square:F1} with {degrees} degrees of freedom");
    }

    // √n times the largest distance to the normal distribution's function.
    private static double KolmogorovSmirnov(double[] values, double sigma)
    {
        double[] sorted = [.. values.Order()];
        double most = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            double expected = 0.5 * SpecialFunctions.Erfc(-sorted[i] / (sigma * Math.Sqrt(2)));
            most = Math.Max(most, Math.Max(Math.Abs(expected - ((double)i / sorted.Length)), Math.Abs(expected - ((i + 1.0) / sorted.Length))));
        }

        return Math.Sqrt(sorted.Length) * most;
    }

    /// <summary>What is to be drawn, and what a crop is, written down a second time: the whole picture is resized, then cut.</summary>
    private static class Definition
    {
        public static RandomStream Stream(int sample) => new(17, RandomPurpose.Augmentation, 2, (ulong)sample);

        public static (int Scale, int Left, int Top, bool Flip, RandomStream Random) Draw(int sample, int min, int max, int width, int height)
        {
            RandomStream random = Stream(sample);
            int scale = min + random.NextInt(max - min + 1);
            (int resizedWidth, int resizedHeight) = width <= height ? (scale, scale * height / width) : (scale * width / height, scale);
            int left = random.NextInt(resizedWidth - Size + 1);
            int top = random.NextInt(resizedHeight - Size + 1);
            bool flip = random.NextBool();
            return (scale, left, top, flip, random);
        }

        public static float[] Crop(RgbImage image, int sample, MeanImage mean, ColourShift? colour)
        {
            (int scale, int left, int top, bool flip, RandomStream random) = Draw(sample, 256, 512, image.Width, image.Height);
            RgbImage whole = Resize.ShorterSide(image, scale);
            (float red, float green, float blue) = colour is null ? (0, 0, 0) : colour.Draw(ref random);
            float[] shift = [red, green, blue];
            float[] crop = new float[3 * Size * Size];
            for (int i = 0; i < crop.Length; i++)
            {
                (int y, int x, int c) = (i / 3 / Size, i / 3 % Size, i % 3);
                int column = left + (flip ? Size - 1 - x : x);
                crop[i] = whole.Pixels[(3 * (((top + y) * whole.Width) + column)) + c] - mean.Values[i] + shift[c];
            }

            return crop;
        }
    }
}
