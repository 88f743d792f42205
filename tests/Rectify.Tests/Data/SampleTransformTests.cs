using Rectify.Data;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Tests.Data;

public class SampleTransformTests
{
    // Green is the column and blue the row in the pictures of NumberedDataset, so a crop tells where it was taken.
    private static readonly RgbImage Eight = new NumberedDataset(8, 8, 8).Read(7);

    [Fact]
    public void CenterCrop_SameSize_IsPixelMinusMean()
    {
        float[] mean = [.. Enumerable.Range(0, 192).Select(i => i * 0.25f)];
        float[] crop = new float[192];
        RandomStream random = default;
        new CenterCrop(8, 8, new MeanImage(8, MeanKind.PerPixel, mean)).Apply(Eight, ref random, crop);
        for (int i = 0; i < crop.Length; i++)
        {
            Assert.Equal(Eight.Pixels[i] - mean[i], crop[i]);
        }
    }

    [Fact]
    public void CenterCrop_LargerScale_IsTheMiddle()
    {
        float[] crop = new float[3 * 4 * 4];
        RandomStream random = default;
        new CenterCrop(4, 8, MeanImage.Zero(4)).Apply(Eight, ref random, crop);
        Assert.Equal((7f, 2f, 2f), (crop[0], crop[1], crop[2]));
        Assert.Equal((7f, 5f, 5f), (crop[^3], crop[^2], crop[^1]));
    }

    [Fact]
    public void PadCropFlip_ManyDraws_ShiftsByUpToThePadAndFlipsHalf()
    {
        PadCropFlip transform = new(8, 2, MeanImage.Zero(8));
        HashSet<(int, int)> shifts = [];
        int flips = 0;
        float[] crop = new float[192];
        for (ulong i = 0; i < 1000; i++)
        {
            RandomStream random = new(1, RandomPurpose.Augmentation, 0, i);
            transform.Apply(Eight, ref random, crop);

            // The middle of the crop lies in the picture whatever the shift.
            int at = 3 * ((4 * 8) + 4);
            bool flip = crop[at + 4] < crop[at + 1];
            flips += flip ? 1 : 0;
            int shiftX = (int)crop[at + 1] - (flip ? 3 : 4);
            int shiftY = (int)crop[at + 2] - 4;
            _ = shifts.Add((shiftX, shiftY));
            for (int y = 0; y < 8; y++)
            {
                for (int x = 0; x < 8; x++)
                {
                    (int fromX, int fromY) = ((flip ? 7 - x : x) + shiftX, y + shiftY);
                    (float, float, float) expected = fromX is >= 0 and < 8 && fromY is >= 0 and < 8 ? (7, fromX, fromY) : (0, 0, 0);
                    int p = 3 * ((8 * y) + x);
                    Assert.Equal(expected, (crop[p], crop[p + 1], crop[p + 2]));
                }
            }
        }

        // Each of 25 shifts has 40 draws to come in; the flips are binomial with a deviation of 16.
        Assert.Equal(25, shifts.Count);
        Assert.InRange(flips, 420, 580);
    }

    [Fact]
    public void PadCropFlip_WidePicture_ShowsItsMiddleSquareAlone()
    {
        // 16 wide, 8 high: columns 4 to 11 are the middle; the frame hides the others.
        RgbImage wide = new NumberedDataset(8, 16, 8).Read(7);
        PadCropFlip transform = new(8, 2, MeanImage.Zero(8));
        float[] crop = new float[192];
        bool framed = false;
        for (ulong i = 0; i < 100; i++)
        {
            RandomStream random = new(2, RandomPurpose.Augmentation, 0, i);
            transform.Apply(wide, ref random, crop);
            for (int p = 0; p < crop.Length; p += 3)
            {
                framed |= crop[p] == 0;
                Assert.True(crop[p] == 0 ? crop[p + 1] == 0 : crop[p + 1] is >= 4 and <= 11, $"Column {crop[p + 1]} shows.");
            }
        }

        Assert.True(framed);
    }

    [Fact]
    public void PadCropFlip_FramedPixel_IsTheMeanWhateverTheMeanIs()
    {
        PadCropFlip transform = new(8, 7, new MeanImage(8, MeanKind.PerChannel, [100f, 50f, 25f]));
        float[] crop = new float[192];
        int framed = 0;
        for (ulong i = 0; i < 50; i++)
        {
            RandomStream random = new(3, RandomPurpose.Augmentation, 0, i);
            transform.Apply(Eight, ref random, crop);
            for (int p = 0; p < crop.Length; p += 3)
            {
                Assert.True(crop[p] is 0 or -93);
                framed += crop[p] == 0 ? 1 : 0;
            }
        }

        Assert.True(framed > 0);
    }

    [Fact]
    public void ResizeCropFlip_ManyDraws_StaysInsideAndReachesTheCorners()
    {
        ResizeCropFlip transform = new(4, 8, 8, MeanImage.Zero(4));
        HashSet<(float, float)> corners = [];
        float[] crop = new float[48];
        for (ulong i = 0; i < 1000; i++)
        {
            RandomStream random = new(1, RandomPurpose.Augmentation, 0, i);
            transform.Apply(Eight, ref random, crop);
            _ = corners.Add((Math.Min(crop[1], crop[10]), crop[2]));
            Assert.Equal(7f, crop[0]);
            Assert.Equal(3f, Math.Abs(crop[1] - crop[10]));
        }

        Assert.Equal(25, corners.Count);
    }

    [Fact]
    public void ResizeCropFlip_ManyDraws_UsesEveryScale()
    {
        // A picture whose column rises by 8 a pixel: the step between neighbours of the crop tells the scale.
        byte[] ramp = new byte[3 * 32 * 32];
        for (int i = 0; i < 32 * 32; i++)
        {
            ramp[3 * i] = (byte)(8 * (i % 32));
        }

        ResizeCropFlip transform = new(8, 16, 18, MeanImage.Zero(8));
        HashSet<int> scales = [];
        float[] crop = new float[192];
        for (ulong i = 0; i < 200; i++)
        {
            RandomStream random = new(1, RandomPurpose.Augmentation, 0, i);
            transform.Apply(new RgbImage(32, 32, ramp), ref random, crop);
            _ = scales.Add((int)Math.Round(256 / (Math.Abs(crop[15] - crop[6]) / 3)));
        }

        Assert.Superset(new HashSet<int> { 16, 18 }, scales);
    }

    [Fact]
    public void ShorterSide_EachTransform_IsItsLargestScaleAndWhatIsRead()
    {
        MeanImage zero = MeanImage.Zero(8);
        SampleTransform[] transforms = [new CenterCrop(8, 10, zero), new PadCropFlip(8, zero), new ResizeCropFlip(8, 9, 17, zero)];
        Assert.Equal([10, 8, 17], transforms.Select(t => t.ShorterSide));
        foreach (SampleTransform transform in transforms)
        {
            NumberedDataset data = new(5, 20, 20);
            using BatchLoader loader = new(data, transform, new() { BatchSize = 2, Workers = 2 });
            Assert.Equal(3, loader.Epoch(0, cancellation: TestContext.Current.CancellationToken).Count());
            Assert.Equal([transform.ShorterSide], data.ShorterSides.Keys);
        }
    }

    [Fact]
    public void MeanImage_Compute_ReadsForTheScaleOfEvaluation()
    {
        NumberedDataset data = new(5, 20, 20);
        _ = MeanImage.Compute(data, 8, 10, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal([10], data.ShorterSides.Keys);
    }

    [Fact]
    public void Constructor_MeanOfOtherSize_IsRefused() =>
        Assert.Contains("16×16", Assert.Throws<RectifyException>(() => new CenterCrop(8, 8, MeanImage.Zero(16))).Message, StringComparison.Ordinal);

    [Fact]
    public void Constructor_ScaleBelowTheCrop_IsRefused()
    {
        _ = Assert.Throws<RectifyException>(() => new CenterCrop(8, 7, MeanImage.Zero(8)));
        _ = Assert.Throws<RectifyException>(() => new ResizeCropFlip(8, 7, 9, MeanImage.Zero(8)));
        _ = Assert.Throws<RectifyException>(() => new ResizeCropFlip(8, 9, 8, MeanImage.Zero(8)));
        _ = Assert.Throws<RectifyException>(() => new PadCropFlip(8, 8, MeanImage.Zero(8)));
    }

    [Fact]
    public void MeanImage_PerPixel_IsTheMeanAtEachPosition()
    {
        MeanImage mean = MeanImage.Compute(new NumberedDataset(10, 8, 8), 8, 8, cancellation: TestContext.Current.CancellationToken);
        for (int i = 0; i < 64; i++)
        {
            Assert.Equal((4.5f, i % 8, i / 8), (mean.Values[3 * i], mean.Values[(3 * i) + 1], mean.Values[(3 * i) + 2]));
        }
    }

    [Fact]
    public void MeanImage_AnyNumberOfThreads_SameBits()
    {
        RenderedDataset data = new(60, 20, 1);
        using Workers workers = new(3);
        MeanImage mean = MeanImage.Compute(data, 14, 16, workers: workers, cancellation: TestContext.Current.CancellationToken);
        MeanImage alone = MeanImage.Compute(data, 14, 16, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(alone.Values.ToArray(), mean.Values.ToArray());
    }

    [Fact]
    public void MeanImage_PerChannelWithFewSamples_IsSpreadOverTheSet()
    {
        // Samples 0, 25, 50 and 75 of 100.
        NumberedDataset data = new(100, 8, 8);
        MeanImage mean = MeanImage.Compute(data, 8, 8, MeanKind.PerChannel, samples: 4, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(4, data.Reads);
        Assert.Equal((37.5f, 3.5f, 3.5f), mean.Channels);
        Assert.Equal(37.5f, mean.Values[^3]);
    }

    [Fact]
    public void MeanImage_BrokenSamples_AreLeftOut()
    {
        MeanImage mean = MeanImage.Compute(new NumberedDataset(10, 8, 8, NumberedDataset.Failing(9)), 8, 8, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(4f, mean.Values[0]);
        NumberedDataset broken = new(2, 8, 8, NumberedDataset.Failing(0, 1));
        RectifyException error = Assert.Throws<RectifyException>(() => MeanImage.Compute(broken, 8, 8, cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("numbered #0 is broken", error.Message, StringComparison.Ordinal);
    }
}
