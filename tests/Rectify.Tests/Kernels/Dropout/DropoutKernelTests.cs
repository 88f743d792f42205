using Rectify.Kernels;
using Rectify.Kernels.Dropout;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels.Dropout;

public sealed class DropoutKernelTests
{
    private static readonly MapShape Map = MapShape.Map(6, 5, 7, 41);
    private static readonly DropoutMask Mask = new(Seed: 7, Layer: 3, Step: 11, FirstSample: 0);

    [Theory]
    [InlineData(0f)]
    [InlineData(0.1f)]
    [InlineData(0.5f)]
    [InlineData(0.9f)]
    public void Run_AnyRate_KeepsItsShareAndScalesIt(float rate)
    {
        float[] x = KernelTestBench.UniformMap(1, 1, Map);
        float[] y = Run(Map, rate, Mask, x);
        int kept = 0;
        for (int i = 0; i < y.Length; i++)
        {
            if (y[i] != 0f)
            {
                kept++;
                Assert.Equal(x[i] / (1.0 - rate), y[i], 4 * KernelTestBench.Epsilon / (1.0 - rate));
            }
        }

        // Of n independent draws with probability q, nq are expected with a deviation of √(nq(1−q)); none of the inputs is zero.
        double n = Map.Pixels * Map.C;
        Assert.Equal(n, x.Count(value => value != 0f));
        double deviation = Math.Sqrt(n * rate * (1.0 - rate));
        Assert.InRange(kept, (n * (1.0 - rate)) - (4 * deviation), (n * (1.0 - rate)) + (4 * deviation));
    }

    [Fact]
    public void Run_SurplusLanes_AreZero()
    {
        // Even where the input breaks its promise.
        float[] y = Run(Map, 0.5f, Mask, [.. Enumerable.Repeat(1f, Map.Length)]);
        Assert.All(Enumerable.Range(0, y.Length).Where(i => i % Map.Pitch >= Map.C), i => Assert.Equal(0f, y[i]));
        Assert.All(Enumerable.Range(0, y.Length).Where(i => i % Map.Pitch < Map.C), i => Assert.True(y[i] is 0f or 2f));
    }

    [Fact]
    public void Run_GradientOnTheWayBack_MeetsTheSameMask()
    {
        float[] y = Run(Map, 0.5f, Mask, [.. Enumerable.Repeat(1f, Map.Length)]);
        float[] dy = KernelTestBench.UniformMap(2, 1, Map);
        float[] dx = Run(Map, 0.5f, Mask, dy, inPlace: true);
        Assert.Equal(dy.Zip(y, (gradient, factor) => gradient * factor), dx);
    }

    [Fact]
    public void Run_MicroBatches_DrawWhatTheWholeBatchDraws()
    {
        float[] x = KernelTestBench.UniformMap(1, 1, Map);
        float[] whole = Run(Map, 0.5f, Mask, x);
        int split = 4 * Map.ImageLength;
        float[] first = Run(Map.WithBatch(4), 0.5f, Mask, x[..split]);
        float[] second = Run(Map.WithBatch(2), 0.5f, Mask with { FirstSample = 4 }, x[split..]);
        KernelTestBench.AssertSameBits([.. first, .. second], whole, "4 images, then 2");
    }

    [Fact]
    public void Run_AnyNumberOfWorkers_SameBits()
    {
        float[] x = KernelTestBench.UniformMap(1, 1, Map);
        float[] expected = Run(Map, 0.5f, Mask, x);
        foreach (int count in KernelTestBench.WorkerCounts)
        {
            KernelTestBench.AssertSameBits(Run(Map, 0.5f, Mask, x, workerCount: count), expected, $"{count} workers");
        }
    }

    [Fact]
    public void Run_OtherLayerStepSampleOrSeed_UnrelatedMask()
    {
        float[] x = [.. KernelTestBench.UniformMap(1, 1, Map).Select(value => value == 0f ? 0f : 1f)];
        float[] mask = Run(Map, 0.5f, Mask, x);
        DropoutMask[] others =
        [
            Mask with { Layer = 4 }, Mask with { Step = 12 }, Mask with { FirstSample = 6 }, Mask with { FirstSample = 1 }, Mask with { Seed = 8 },
            Mask with { Layer = 11, Step = 3 },
        ];

        // Two masks of rate ½ agree in half of the places, with a deviation of √n/2.
        double n = Map.Pixels * Map.C;
        foreach (DropoutMask other in others)
        {
            float[] otherMask = Run(Map, 0.5f, other, x);
            int agree = Enumerable.Range(0, mask.Length).Count(i => x[i] != 0f && mask[i] == otherMask[i]);
            Assert.True(Math.Abs(agree - (n / 2)) <= 4 * Math.Sqrt(n) / 2, $"{other}: {agree} of {n} places agree.");
        }
    }

    private static float[] Run(MapShape map, float rate, DropoutMask mask, float[] x, bool inPlace = false, int workerCount = 2)
    {
        using Workers workers = new(workerCount);
        GuardedFloats source = new(x);
        GuardedFloats y = inPlace ? source : new(map.Length);
        DropoutKernel.Run(map, rate, mask, source.Span, y.Span, new KernelContext(workers, IsaDetection.Widest));
        return y.AssertIntact($"dropout {rate} {mask}");
    }
}
