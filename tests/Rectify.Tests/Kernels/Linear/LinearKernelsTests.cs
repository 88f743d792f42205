using Rectify.Kernels;
using Rectify.Kernels.Convolution;
using Rectify.Kernels.Linear;
using Rectify.Kernels.Optimization;
using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;
using Rectify.Tests.Kernels.Convolution;

namespace Rectify.Tests.Kernels.Linear;

public sealed class LinearKernelsTests
{
    private const int Drawn = 20;

    private static readonly LinearShape[] Chosen =
    [
        new(MapShape.Image(1, 1, 1, 1), 1),
        new(MapShape.Map(2, 1, 1, 17), 5),

        // More images than a block of 112, deeper than a slice of 256, more outputs than 256; several groups of panels.
        new(MapShape.Map(130, 1, 1, 20), 18),
        new(MapShape.Map(3, 5, 4, 17), 70),
        new(MapShape.Map(5, 1, 2, 70), 300),
        new(MapShape.Map(113, 2, 1, 5), 257),
        new(MapShape.Image(4, 11, 9, 3), 21),

        // More images than a block of 256, more rows too; an odd number of panels.
        new(MapShape.Map(270, 1, 2, 150), 40),
    ];

    public static TheoryData<string> Forward => KernelTestBench.Runnable(LinearKernels.Forward);

    public static TheoryData<string> BackwardData => KernelTestBench.Runnable(LinearKernels.BackwardData);

    public static TheoryData<string> BackwardFilter => KernelTestBench.Runnable(LinearKernels.BackwardFilter);

    private static IEnumerable<int> Seeds => Enumerable.Range(0, Chosen.Length + Drawn);

    [Theory]
    [MemberData(nameof(Forward))]
    public void Forward_AnyShape_EqualsFloat64Reference(string name)
    {
        LinearForwardKernel kernel = LinearKernels.Forward.Named(name);
        AssertEach(name, kernel.Supports, (seed, shape, context, replay) =>
        {
            foreach (ForwardVariant variant in ForwardVariant.All.Where((_, i) => i % 5 == seed % 5))
            {
                (float[] x, float[] w, _) = Operands(seed, shape);
                float[] bias = variant.Bias ? KernelTestBench.UniformChannels(seed, 3, shape.Output) : [];
                float[] slopes = KernelTestBench.Slopes(seed, 6, new RectifierShape(shape.Output, variant.Rectification));
                (float[] y, float[] rectified) = Run(kernel, shape, x, w, bias, slopes, variant, context, replay);
                double[] expected = new double[y.Length];
                double[] magnitudes = new double[y.Length];
                ConvolutionReference<double>.Forward(
                    shape.AsConvolution, KernelTestBench.Doubles(x), KernelTestBench.Doubles(w), KernelTestBench.Doubles(bias), expected);
                ConvolutionReference<double>.Forward(
                    shape.AsConvolution, KernelTestBench.Magnitudes(x), KernelTestBench.Magnitudes(w), KernelTestBench.Magnitudes(bias), magnitudes);
                if (!variant.InPlace)
                {
                    KernelTestBench.AssertNear(y, expected, magnitudes, shape.Depth + 1, $"{replay}, {variant}, y");
                }

                if (variant.Rectification != Rectification.None)
                {
                    double steepest = slopes.Append(1f).Max(Math.Abs);
                    double[] f = new double[y.Length];
                    RectifierReference<double>.Forward(shape.Output, variant.Rectification, expected, KernelTestBench.Doubles(slopes), f);
                    KernelTestBench.AssertNear(rectified, f, [.. magnitudes.Select(m => m * steepest)], shape.Depth + 1, $"{replay}, {variant}, f(y)");
                }
            }
        });
    }

    [Theory]
    [MemberData(nameof(BackwardData))]
    public void BackwardData_AnyShape_EqualsFloat64ReferenceAndOverwrites(string name)
    {
        LinearBackwardDataKernel kernel = LinearKernels.BackwardData.Named(name);
        AssertEach(name, kernel.Supports, (seed, shape, context, replay) =>
        {
            (_, float[] w, float[] dy) = Operands(seed, shape);
            double[] expected = new double[shape.Input.Length];
            double[] magnitudes = new double[shape.Input.Length];
            ConvolutionReference<double>.BackwardData(shape.AsConvolution, KernelTestBench.Doubles(dy), KernelTestBench.Doubles(w), expected);
            ConvolutionReference<double>.BackwardData(shape.AsConvolution, KernelTestBench.Magnitudes(dy), KernelTestBench.Magnitudes(w), magnitudes);
            KernelTestBench.AssertNear(Run(kernel, shape, dy, w, context, replay), expected, magnitudes, shape.K, replay);
        });
    }

    [Theory]
    [MemberData(nameof(BackwardFilter))]
    public void BackwardFilter_AnyShape_EqualsFloat64ReferenceAndAdds(string name)
    {
        LinearBackwardFilterKernel kernel = LinearKernels.BackwardFilter.Named(name);
        AssertEach(name, kernel.Supports, (seed, shape, context, replay) =>
        {
            (float[] x, _, float[] dy) = Operands(seed, shape);
            float[] dw = ConvolutionCase.UniformWeights(seed, 5, shape.AsConvolution);
            double[] expected = KernelTestBench.Doubles(dw);
            double[] magnitudes = KernelTestBench.Magnitudes(dw);
            ConvolutionReference<double>.BackwardFilter(shape.AsConvolution, KernelTestBench.Doubles(x), KernelTestBench.Doubles(dy), expected);
            ConvolutionReference<double>.BackwardFilter(shape.AsConvolution, KernelTestBench.Magnitudes(x), KernelTestBench.Magnitudes(dy), magnitudes);
            KernelTestBench.AssertNear(Run(kernel, shape, x, dy, dw, context, replay), expected, magnitudes, shape.Input.N + 1, replay);

            // Overwritten, whatever was there: the guard's NaN. Alone it has the bits of a sum that began with zero.
            float[] alone = Run(kernel, shape, x, dy, null, context, replay);
            float[] fromZero = Run(kernel, shape, x, dy, new float[shape.WeightLength], context, replay);
            Assert.True(alone.AsSpan().SequenceEqual(fromZero), $"{replay}: overwritten is not what is added to zero.");
        });
    }

    [Theory]
    [MemberData(nameof(BackwardFilter))]
    public void Update_AnyShape_SameBitsAsWithTheStoredGradient(string name)
    {
        LinearBackwardFilterKernel kernel = LinearKernels.BackwardFilter.Named(name);
        AssertEach(name, kernel.Supports, (seed, shape, context, replay) =>
        {
            (float[] x, float[] w, float[] dy) = Operands(seed, shape);
            float[] v = ConvolutionCase.UniformWeights(seed, 6, shape.AsConvolution);
            float[] dw = Run(kernel, shape, x, dy, null, context, replay);
            foreach (MomentumRule rule in (MomentumRule[])[new(0.1f, 0.9f, 0.0005f), new(0.1f, 0f, 0.0005f), new(0.1f, 0.9f, 0f)])
            {
                float[] expectedW = [.. w], expectedV = [.. v];
                MomentumKernel.Run(expectedW, dw, expectedV, rule, context);
                (float[] updatedW, float[] updatedV) = Update(kernel, shape, x, dy, w, v, rule, context, replay);
                KernelTestBench.AssertSameBits(updatedW, expectedW, $"{replay}, {rule}, w");
                KernelTestBench.AssertSameBits(updatedV, expectedV, $"{replay}, {rule}, v");
            }
        });
    }

    [Theory]
    [MemberData(nameof(BackwardFilter))]
    public void Update_AnyNumberOfWorkers_SameBits(string name)
    {
        LinearBackwardFilterKernel kernel = LinearKernels.BackwardFilter.Named(name);
        LinearShape shape = Chosen[^1];
        (float[] x, float[] w, float[] dy) = Operands(1, shape);
        float[][] results = [.. KernelTestBench.WorkerCounts.Select(count =>
        {
            using Workers workers = new(count);
            (float[] updatedW, float[] v) = Update(kernel, shape, x, dy, w, w, new(0.1f, 0.9f, 0.1f), new KernelContext(workers, IsaDetection.Widest), name);
            return (float[])[.. updatedW, .. v];
        })];
        Assert.All(results, result => KernelTestBench.AssertSameBits(result, results[0], name));
    }

    // An output gradient that is not finite spoils all weights of its output; of the surplus lanes of x those count that a kernel multiplies out, 0·∞ being NaN.
    [Theory]
    [MemberData(nameof(BackwardFilter))]
    public void CountNotFinite_AnyShape_CountsThoseOfTheProduct(string name)
    {
        LinearBackwardFilterKernel kernel = LinearKernels.BackwardFilter.Named(name);
        AssertEach(name, kernel.Supports, (seed, shape, context, replay) =>
        {
            (float[] x, _, float[] dy) = Operands(seed, shape);
            foreach (float bad in (float[])[1f, float.PositiveInfinity, float.NaN])
            {
                dy[^shape.Output.Pitch] = bad;
                GuardedFloats scratch = new(kernel.ScratchLength(shape, context.Workers.Count));
                long count = kernel.CountNotFinite(shape, new GuardedFloats(x).Span, new GuardedFloats(dy).Span, scratch.Span, context);
                (int least, int most) = float.IsFinite(bad) ? (0, 0) : (shape.Input.H * shape.Input.W * shape.Input.C, shape.Depth);
                Assert.InRange(count, least, most);
                scratch.AssertIntact($"{replay}, scratch");
            }
        });
    }

    [Theory]
    [MemberData(nameof(Forward))]
    public void Forward_AnyNumberOfWorkersAndBatch_SameBits(string name)
    {
        LinearForwardKernel kernel = LinearKernels.Forward.Named(name);
        ForwardVariant variant = new(Rectification.SharedSlope, InPlace: true, Bias: true);
        AssertSameBits(name, kernel.Supports, (seed, shape, context, images) =>
        {
            (float[] x, float[] w, _) = Operands(seed, shape);
            float[] bias = KernelTestBench.UniformChannels(seed, 3, shape.Output);
            LinearShape part = shape with { Input = shape.Input.WithBatch(images.Length) };
            return Run(kernel, part, Images(x, shape.Depth, images), w, bias, [0.25f], variant, context, $"{name}, seed {seed}").Rectified;
        });
    }

    [Theory]
    [MemberData(nameof(BackwardData))]
    public void BackwardData_AnyNumberOfWorkersAndBatch_SameBits(string name)
    {
        LinearBackwardDataKernel kernel = LinearKernels.BackwardData.Named(name);
        AssertSameBits(name, kernel.Supports, (seed, shape, context, images) =>
        {
            (_, float[] w, float[] dy) = Operands(seed, shape);
            LinearShape part = shape with { Input = shape.Input.WithBatch(images.Length) };
            return Run(kernel, part, Images(dy, shape.Output.Pitch, images), w, context, $"{name}, seed {seed}");
        });
    }

    [Theory]
    [MemberData(nameof(BackwardFilter))]
    public void BackwardFilter_AnyNumberOfWorkers_SameBits(string name)
    {
        LinearBackwardFilterKernel kernel = LinearKernels.BackwardFilter.Named(name);
        foreach (int seed in Seeds.Where(seed => kernel.Supports(ShapeOf(seed), IsaDetection.Widest)))
        {
            LinearShape shape = ShapeOf(seed);
            (float[] x, _, float[] dy) = Operands(seed, shape);
            float[] dw = new float[shape.WeightLength];
            float[][] results = [.. KernelTestBench.WorkerCounts.Select(count =>
            {
                using Workers workers = new(count);
                return Run(kernel, shape, x, dy, dw, new KernelContext(workers, IsaDetection.Widest), name);
            })];
            Assert.All(results, result => KernelTestBench.AssertSameBits(result, results[0], $"{name}, seed {seed}, {shape}"));
        }
    }

    private static LinearShape ShapeOf(int seed)
    {
        if (seed < Chosen.Length)
        {
            return Chosen[seed];
        }

        RandomStream random = KernelTestBench.Stream(seed, 0);
        int[] channels = [1, 3, 5, 17, 32, 96];
        int c = channels[random.NextInt(channels.Length)];
        (int n, int h, int w) = (1 + random.NextInt(16), 1 + random.NextInt(4), 1 + random.NextInt(4));
        MapShape input = c < 16 && random.NextBool() ? MapShape.Image(n, h, w, c) : MapShape.Map(n, h, w, c);
        return new LinearShape(input, 1 + random.NextInt(70));
    }

    private static (float[] X, float[] W, float[] Dy) Operands(int seed, LinearShape shape) => (
        KernelTestBench.UniformMap(seed, 1, shape.Input),
        ConvolutionCase.UniformWeights(seed, 2, shape.AsConvolution),
        KernelTestBench.UniformMap(seed, 4, shape.Output));

    private static float[] Images(float[] maps, int length, int[] images) => [.. images.SelectMany(image => maps.AsSpan(image * length, length).ToArray())];

    private static (float[] Y, float[] Rectified) Run(
        LinearForwardKernel kernel, LinearShape shape, float[] x, float[] w, float[] bias, float[] slopes, ForwardVariant variant, KernelContext context, string replay)
    {
        GuardedFloats y = new(shape.Output.Length), scratch = new(kernel.ScratchLength(shape, context.Workers.Count));
        GuardedFloats rectified = variant.InPlace ? y : new(shape.Output.Length);
        ConvolutionForwardOperands operands = new()
        {
            X = new GuardedFloats(x).Span,
            W = new GuardedFloats(w).Span,
            Bias = new GuardedFloats(bias).Span,
            Y = y.Span,
            Rectification = variant.Rectification,
            Slopes = new GuardedFloats(slopes).Span,
            Rectified = rectified.Span,
            Scratch = scratch.Span,
        };
        kernel.Run(shape, operands, context);
        scratch.AssertIntact($"{replay}, scratch");
        return (y.AssertIntact($"{replay}, y"), rectified.AssertIntact($"{replay}, f(y)"));
    }

    private static float[] Run(LinearBackwardDataKernel kernel, LinearShape shape, float[] dy, float[] w, KernelContext context, string replay)
    {
        GuardedFloats dx = new(shape.Input.Length), scratch = new(kernel.ScratchLength(shape, context.Workers.Count));
        kernel.Run(shape, new GuardedFloats(dy).Span, new GuardedFloats(w).Span, dx.Span, scratch.Span, context);
        scratch.AssertIntact($"{replay}, scratch");
        return dx.AssertIntact($"{replay}, dx");
    }

    private static float[] Run(LinearBackwardFilterKernel kernel, LinearShape shape, float[] x, float[] dy, float[]? before, KernelContext context, string replay)
    {
        GuardedFloats dw = before is null ? new(shape.WeightLength) : new(before), scratch = new(kernel.ScratchLength(shape, context.Workers.Count));
        kernel.Run(shape, new GuardedFloats(x).Span, new GuardedFloats(dy).Span, before is not null, dw.Span, scratch.Span, context);
        scratch.AssertIntact($"{replay}, scratch");
        return dw.AssertIntact($"{replay}, dw");
    }

    private static (float[] W, float[] V) Update(
        LinearBackwardFilterKernel kernel, LinearShape shape, float[] x, float[] dy, float[] w, float[] v, MomentumRule rule, KernelContext context, string replay)
    {
        GuardedFloats updatedW = new(w), updatedV = new(v), scratch = new(kernel.ScratchLength(shape, context.Workers.Count));
        kernel.Update(shape, new GuardedFloats(x).Span, new GuardedFloats(dy).Span, updatedW.Span, updatedV.Span, rule, scratch.Span, context);
        scratch.AssertIntact($"{replay}, scratch");
        return (updatedW.AssertIntact($"{replay}, w"), updatedV.AssertIntact($"{replay}, v"));
    }

    private static void AssertEach(string name, SupportsShape supports, Action<int, LinearShape, KernelContext, string> assert)
    {
        using Workers workers = new(2);
        KernelContext context = new(workers, IsaDetection.Widest);
        int[] seeds = [.. Seeds.Where(seed => supports(ShapeOf(seed), IsaDetection.Widest))];
        Assert.True(seeds.Length >= 5, $"{name} supports {seeds.Length} cases; give it more.");
        foreach (int seed in seeds)
        {
            assert(seed, ShapeOf(seed), context, $"{name}, seed {seed}, {ShapeOf(seed)}");
        }
    }

    // The whole batch with 1, 2 and 4 workers, then two of its images the other way round.
    private static void AssertSameBits(string name, SupportsShape supports, Func<int, LinearShape, KernelContext, int[], float[]> run)
    {
        foreach (int seed in Seeds.Where(seed => supports(ShapeOf(seed), IsaDetection.Widest)))
        {
            LinearShape shape = ShapeOf(seed);
            int[] all = [.. Enumerable.Range(0, shape.Input.N)];
            float[]? batch = null;
            foreach (int count in KernelTestBench.WorkerCounts)
            {
                using Workers workers = new(count);
                KernelContext context = new(workers, IsaDetection.Widest);
                float[] again = run(seed, shape, context, all);
                batch ??= again;
                KernelTestBench.AssertSameBits(again, batch, $"{name} with {count} workers, seed {seed}, {shape}");
                int[] two = [all[^1], 0];
                float[] part = run(seed, shape, context, two);
                KernelTestBench.AssertSameBits(part, Images(batch, part.Length / 2, two), $"{name}, last and first image alone, seed {seed}, {shape}");
            }
        }
    }

    private delegate bool SupportsShape(in LinearShape shape, Isa isa);
}
