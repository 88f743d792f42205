using Rectify.Kernels;
using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels.Rectifiers;

public sealed class RectifierKernelsTests
{
    private static readonly MapShape[] Maps =
    [
        MapShape.Map(1, 1, 1, 1),
        MapShape.Map(2, 1, 3, 16),
        MapShape.Map(1, 5, 7, 17),

        // More pixels than a chunk of 64 or 256; more than 64 chunks of 64.
        MapShape.Map(3, 9, 13, 33),
        MapShape.Map(2, 47, 45, 5),
        MapShape.Map(5, 3, 2, 96),
        MapShape.Image(2, 3, 5, 3),
    ];

    public static TheoryData<string> Forward => KernelTestBench.Runnable(RectifierKernels.Forward);

    public static TheoryData<string> Backward => KernelTestBench.Runnable(RectifierKernels.Backward);

    private static IEnumerable<RectifierShape> Shapes => Maps.SelectMany(_ => Enum.GetValues<Rectification>(), (map, f) => new RectifierShape(map, f));

    // f is one product: float32 must give the float64 product rounded once, no tolerance.
    [Theory]
    [MemberData(nameof(Forward))]
    public void Forward_AnyMap_EqualsFloat64ReferenceExactly(string name)
    {
        RectifierForwardKernel kernel = RectifierKernels.Forward.Named(name);
        using Workers workers = new(2);
        KernelContext context = new(workers, IsaDetection.Widest);
        int ran = 0;
        foreach (RectifierShape shape in Shapes.Where(shape => kernel.Supports(shape, IsaDetection.Widest)))
        {
            (float[] y, float[] slopes, _) = Operands(shape);
            double[] expected = new double[y.Length];
            RectifierReference<double>.Forward(shape.Map, shape.Rectification, KernelTestBench.Doubles(y), KernelTestBench.Doubles(slopes), expected);
            float[] rounded = [.. expected.Select(value => (float)value)];
            Assert.Equal(rounded, Run(kernel, shape, y, slopes, inPlace: false, context));
            Assert.Equal(rounded, Run(kernel, shape, y, slopes, inPlace: true, context));
            ran++;
        }

        Assert.True(ran >= 5);
    }

    [Theory]
    [MemberData(nameof(Backward))]
    public void Backward_AnyMap_EqualsFloat64ReferenceAndAddsToSums(string name)
    {
        RectifierBackwardKernel kernel = RectifierKernels.Backward.Named(name);
        using Workers workers = new(2);
        KernelContext context = new(workers, IsaDetection.Widest);
        int ran = 0;
        foreach (RectifierShape shape in Shapes.Where(shape => kernel.Supports(shape, IsaDetection.Widest)))
        {
            (float[] y, float[] slopes, float[] df) = Operands(shape);
            (double[] dy, double[] da, double[] db) = (KernelTestBench.Doubles(df), Sums(shape.SlopeLength), Sums(shape.Map.Pitch));
            RectifierReference<double>.Backward(shape.Map, shape.Rectification, KernelTestBench.Doubles(y), KernelTestBench.Doubles(slopes), dy, da, db);
            (float[] actualDy, float[] actualDa, float[] actualDb) = Run(kernel, shape, y, slopes, df, context);
            string replay = $"{name} on {shape}";
            Assert.Equal(dy.Select(value => (float)value), actualDy);
            (double[] daMagnitudes, double[] dbMagnitudes) = SumMagnitudes(shape, y, df, dy);
            int terms = shape.Map.Pixels + 1;
            KernelTestBench.AssertNear(actualDa, da, daMagnitudes, shape.SlopeLength == 1 ? terms * shape.Map.C : terms, $"{replay}, da");
            KernelTestBench.AssertNear(actualDb, db, dbMagnitudes, terms, $"{replay}, db");
            ran++;
        }

        Assert.True(ran >= 5);
    }

    [Theory]
    [MemberData(nameof(Backward))]
    public void Backward_NoSumsWanted_OnlyDy(string name)
    {
        RectifierBackwardKernel kernel = RectifierKernels.Backward.Named(name);
        using Workers workers = new(2);
        KernelContext context = new(workers, IsaDetection.Widest);
        RectifierShape shape = new(Maps[3], Rectification.ChannelSlopes);
        (float[] y, float[] slopes, float[] df) = Operands(shape);
        GuardedFloats dy = new(df), scratch = new(kernel.ScratchLength(shape, 2));
        kernel.Run(shape, y, slopes, dy.Span, default, default, scratch.Span, context);
        scratch.AssertIntact(name);
        Assert.Equal(Run(kernel, shape, y, slopes, df, context).Dy, dy.AssertIntact(name));
    }

    // At y = ±0 the slope's branch is taken: dy = a·df, not df.
    [Theory]
    [MemberData(nameof(Backward))]
    public void Backward_AtZero_TakesTheSlope(string name)
    {
        RectifierBackwardKernel kernel = RectifierKernels.Backward.Named(name);
        using Workers workers = new(1);
        KernelContext context = new(workers, IsaDetection.Widest);
        RectifierShape shape = new(MapShape.Map(1, 1, 1, 16), Rectification.SharedSlope);
        float[] y = [.. Enumerable.Range(0, 16).Select(i => i % 3 == 0 ? 0f : i % 3 == 1 ? -0f : float.Epsilon)];
        float[] df = [.. Enumerable.Repeat(2f, 16)];
        Assert.Equal(y.Select(value => value > 0f ? 2f : 0.5f), Run(kernel, shape, y, [0.25f], df, context).Dy);
        Assert.Equal(y.Select(value => value > 0f ? 2f : 0f), Run(kernel, shape with { Rectification = Rectification.Relu }, y, [], df, context).Dy);
    }

    [Theory]
    [MemberData(nameof(Backward))]
    public void Backward_ReluFromRectifiedResponses_EqualsFromResponses(string name)
    {
        RectifierBackwardKernel kernel = RectifierKernels.Backward.Named(name);
        using Workers workers = new(2);
        KernelContext context = new(workers, IsaDetection.Widest);
        RectifierShape shape = new(Maps[3], Rectification.Relu);
        (float[] y, _, float[] df) = Operands(shape);
        float[] rectified = [.. y.Select(value => Math.Max(value, 0f))];
        KernelTestBench.AssertSameBits(Run(kernel, shape, rectified, [], df, context).Dy, Run(kernel, shape, y, [], df, context).Dy, name);
    }

    [Theory]
    [MemberData(nameof(Forward))]
    public void Forward_SpecialValues_FollowTheRules(string name)
    {
        RectifierForwardKernel kernel = RectifierKernels.Forward.Named(name);
        using Workers workers = new(1);
        KernelContext context = new(workers, IsaDetection.Widest);
        RectifierShape relu = new(MapShape.Map(1, 1, 1, 16), Rectification.Relu);
        float[] special = [float.NegativeInfinity, float.NaN, -0f, 0f, float.PositiveInfinity, -1f, float.Epsilon, -float.Epsilon];
        float[] y = [.. special, .. special];
        float[] f = Run(kernel, relu, y, [], inPlace: false, context);
        float[] expected = [0f, float.NaN, 0f, 0f, float.PositiveInfinity, 0f, float.Epsilon, 0f];
        Assert.Equal([.. expected, .. expected], f);

        float[] leaky = Run(kernel, relu with { Rectification = Rectification.SharedSlope }, y, [0.5f], inPlace: true, context);
        Assert.Equal([float.NegativeInfinity, float.NaN, 0f, 0f, float.PositiveInfinity, -0.5f, float.Epsilon], leaky[..7]);
    }

    [Theory]
    [MemberData(nameof(Forward))]
    public void Forward_SlopeZeroAndOne_IsReluAndIdentity(string name)
    {
        RectifierForwardKernel kernel = RectifierKernels.Forward.Named(name);
        using Workers workers = new(2);
        KernelContext context = new(workers, IsaDetection.Widest);
        RectifierShape relu = new(Maps[3], Rectification.Relu);
        (float[] y, _, _) = Operands(relu);
        RectifierShape channels = relu with { Rectification = Rectification.ChannelSlopes };
        float[] zeros = new float[relu.Map.Pitch];
        float[] ones = [.. Enumerable.Repeat(1f, relu.Map.Pitch)];
        Assert.Equal(Run(kernel, relu, y, [], inPlace: false, context), Run(kernel, channels, y, zeros, inPlace: false, context));
        KernelTestBench.AssertSameBits(Run(kernel, channels, y, ones, inPlace: false, context), y, name);
        KernelTestBench.AssertSameBits(Run(kernel, relu with { Rectification = Rectification.SharedSlope }, y, [1f], inPlace: false, context), y, name);
    }

    [Theory]
    [MemberData(nameof(Forward))]
    public void Forward_AnyNumberOfWorkersAndBatch_SameBits(string name)
    {
        RectifierForwardKernel kernel = RectifierKernels.Forward.Named(name);
        foreach (RectifierShape shape in Shapes.Where(shape => kernel.Supports(shape, IsaDetection.Widest)))
        {
            (float[] y, float[] slopes, _) = Operands(shape);
            float[][] results = [.. KernelTestBench.WorkerCounts.Select(count => OnWorkers(count, context => Run(kernel, shape, y, slopes, inPlace: false, context)))];
            Assert.All(results, result => KernelTestBench.AssertSameBits(result, results[0], $"{name} on {shape}"));
            int last = (shape.Map.N - 1) * shape.Map.ImageLength;
            RectifierShape one = shape with { Map = shape.Map.WithBatch(1) };
            float[] alone = OnWorkers(2, context => Run(kernel, one, y[last..], slopes, inPlace: true, context));
            KernelTestBench.AssertSameBits(alone, results[0].AsSpan(last), $"{name}, last image of {shape}");
        }
    }

    [Theory]
    [MemberData(nameof(Backward))]
    public void Backward_AnyNumberOfWorkers_SameBits(string name)
    {
        RectifierBackwardKernel kernel = RectifierKernels.Backward.Named(name);
        foreach (RectifierShape shape in Shapes.Where(shape => kernel.Supports(shape, IsaDetection.Widest)))
        {
            (float[] y, float[] slopes, float[] df) = Operands(shape);
            float[][] results =
            [
                .. KernelTestBench.WorkerCounts.Select(count => OnWorkers(count, context =>
                {
                    (float[] dy, float[] da, float[] db) = Run(kernel, shape, y, slopes, df, context);
                    return (float[])[.. dy, .. da, .. db];
                })),
            ];
            Assert.All(results, result => KernelTestBench.AssertSameBits(result, results[0], $"{name} on {shape}"));
        }
    }

    private static float[] OnWorkers(int count, Func<KernelContext, float[]> run)
    {
        using Workers workers = new(count);
        return run(new KernelContext(workers, IsaDetection.Widest));
    }

    // Every seventh response is a zero of one sign or the other.
    private static (float[] Y, float[] Slopes, float[] Df) Operands(RectifierShape shape)
    {
        float[] y = KernelTestBench.UniformMap(shape.Map.Length, 1, shape.Map);
        for (int i = 0; i < y.Length; i += 7)
        {
            y[i] = i % 2 == 0 ? 0f : -0f;
        }

        return (y, KernelTestBench.Slopes(shape.Map.Length, 2, shape), KernelTestBench.UniformMap(shape.Map.Length, 3, shape.Map));
    }

    private static double[] Sums(int length) => [.. Enumerable.Range(0, length).Select(i => 0.5 + (i % 3))];

    private static (double[] Da, double[] Db) SumMagnitudes(RectifierShape shape, float[] y, float[] df, double[] dy)
    {
        double[] da = Sums(shape.SlopeLength);
        double[] db = Sums(shape.Map.Pitch);
        for (int i = 0; i < y.Length; i++)
        {
            int channel = i % shape.Map.Pitch;
            db[channel] += Math.Abs(dy[i]);
            if (da.Length > 0 && y[i] <= 0f)
            {
                da[da.Length == 1 ? 0 : channel] += Math.Abs((double)df[i] * y[i]);
            }
        }

        return (da, db);
    }

    private static float[] Run(RectifierForwardKernel kernel, RectifierShape shape, float[] y, float[] slopes, bool inPlace, KernelContext context)
    {
        GuardedFloats guardedY = new(y);
        GuardedFloats rectified = inPlace ? guardedY : new(shape.Map.Length);
        kernel.Run(shape, guardedY.Span, new GuardedFloats(slopes).Span, rectified.Span, context);
        if (!inPlace)
        {
            KernelTestBench.AssertSameBits(guardedY.Span, y, $"{kernel.Name} on {shape}, y is only read");
        }

        return rectified.AssertIntact($"{kernel.Name} on {shape}");
    }

    private static (float[] Dy, float[] Da, float[] Db) Run(
        RectifierBackwardKernel kernel, RectifierShape shape, float[] y, float[] slopes, float[] df, KernelContext context)
    {
        GuardedFloats gradient = new(df), scratch = new(kernel.ScratchLength(shape, context.Workers.Count));
        GuardedFloats da = new([.. Sums(shape.SlopeLength).Select(sum => (float)sum)]), db = new([.. Sums(shape.Map.Pitch).Select(sum => (float)sum)]);
        kernel.Run(shape, new GuardedFloats(y).Span, new GuardedFloats(slopes).Span, gradient.Span, da.Span, db.Span, scratch.Span, context);
        string replay = $"{kernel.Name} on {shape}";
        scratch.AssertIntact($"{replay}, scratch");
        return (gradient.AssertIntact($"{replay}, dy"), da.AssertIntact($"{replay}, da"), db.AssertIntact($"{replay}, db"));
    }
}
