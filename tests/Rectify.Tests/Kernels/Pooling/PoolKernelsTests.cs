using Rectify.Kernels;
using Rectify.Kernels.Pooling;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels.Pooling;

public sealed class PoolKernelsTests
{
    private static readonly PoolShape[] Shapes =
    [
        new(MapShape.Map(1, 1, 1, 1), Window.Square(1), false),
        new(MapShape.Map(2, 7, 9, 17), Window.Square(3, 2), true),
        new(MapShape.Map(2, 8, 6, 33), Window.Square(3, 2, 1), false),
        new(MapShape.Map(3, 13, 13, 5), Window.Square(2, 2), true),
        new(MapShape.Map(1, 5, 11, 96), new Window(2, 3, 1, 2, 1, 0, 0, 2), false),
        new(MapShape.Map(40, 3, 2, 20), new Window(3, 2, 3, 1, 0, 1, 2, 1), true),
        new(MapShape.Map(1, 4, 4, 600), Window.Square(3, 3), true),
        new(MapShape.Map(2, 2, 3, 3), Window.Square(1, 2), true),
        new(MapShape.Image(2, 9, 7, 3), Window.Square(3, 2, 1), true),
    ];

    public static TheoryData<string> Forward => KernelTestBench.Runnable(PoolKernels.Forward);

    public static TheoryData<string> Backward => KernelTestBench.Runnable(PoolKernels.Backward);

    [Theory]
    [MemberData(nameof(Forward))]
    public void Forward_AnyShapeAndWorkers_EqualsFloat64ReferenceExactly(string name)
    {
        PoolForwardKernel kernel = PoolKernels.Forward.Named(name);
        int ran = 0;
        foreach (int count in KernelTestBench.WorkerCounts)
        {
            using Workers workers = new(count);
            KernelContext context = new(workers, IsaDetection.Widest);
            foreach (PoolShape shape in Shapes.Where(shape => kernel.Supports(shape, IsaDetection.Widest)))
            {
                PoolingCase work = Case(shape);
                string replay = $"{name} with {count} workers on {shape}";
                (float[] y, float[] winners) = Run(kernel, shape, work.X, true, context, replay);
                work.AssertForward(y, winners, replay);
                work.AssertForward(Run(kernel, shape, work.X, false, context, replay).Y, default, $"{replay}, without winners");
                int length = shape.Input.ImageLength;
                (float[] last, _) = Run(kernel, shape with { Input = shape.Input.WithBatch(1) }, work.X[^length..], true, context, replay);
                KernelTestBench.AssertSameBits(last, y.AsSpan(y.Length - last.Length), $"{replay}, last image alone");
                ran++;
            }
        }

        Assert.True(ran >= 15);
    }

    [Theory]
    [MemberData(nameof(Backward))]
    public void Backward_AnyShapeAndWorkers_EqualsFloat64ReferenceAndOverwrites(string name)
    {
        PoolBackwardKernel kernel = PoolKernels.Backward.Named(name);
        foreach (PoolShape shape in Shapes.Where(shape => kernel.Supports(shape, IsaDetection.Widest)))
        {
            PoolingCase work = Case(shape);
            float[]? first = null;
            foreach (int count in KernelTestBench.WorkerCounts)
            {
                using Workers workers = new(count);
                string replay = $"{name} with {count} workers on {shape}";
                GuardedFloats dx = new(shape.Input.Length);
                kernel.Run(shape, new GuardedFloats(work.Dy).Span, new GuardedFloats(work.Winners).Span, dx.Span, new KernelContext(workers, IsaDetection.Widest));
                float[] result = dx.AssertIntact(replay);
                work.AssertBackward(result, replay);
                first ??= result;
                KernelTestBench.AssertSameBits(result, first, replay);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Forward))]
    public void Forward_NaNAndTies_NaNWinsAndTheFirstOfEqualsCounts(string name)
    {
        PoolForwardKernel kernel = PoolKernels.Forward.Named(name);
        using Workers workers = new(1);
        KernelContext context = new(workers, IsaDetection.Widest);
        PoolShape shape = new(MapShape.Map(1, 2, 3, 16), new Window(2, 3, 1, 1, 0, 0, 0, 0), false);
        (float[] Pixels, int Winner)[] cases =
        [
            ([1f, 2f, 2f, 0f, 2f, 1f], 1),
            ([-0f, 0f, -0f, 0f, 0f, 0f], 0),
            ([5f, float.NaN, 7f, float.NaN, float.PositiveInfinity, 1f], 1),
            ([float.NaN, 1f, 2f, 3f, 4f, 5f], 0),
            ([1f, 2f, 3f, 4f, 5f, float.NaN], 5),
            ([float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity, -float.MaxValue], 5),
            ([float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity], 0),
        ];

        // Case i stands in channels i and i + 8, so that every lane of a vector sees others beside it.
        float[] x = new float[96];
        for (int i = 0; i < 16; i++)
        {
            for (int pixel = 0; pixel < 6; pixel++)
            {
                x[(pixel * 16) + i] = cases[i % 8 % cases.Length].Pixels[pixel];
            }
        }

        (float[] y, float[] winners) = Run(kernel, shape, x, true, context, name);
        (float[] alone, _) = Run(kernel, shape, x, false, context, name);
        for (int i = 0; i < 16; i++)
        {
            (float[] pixels, int winner) = cases[i % 8 % cases.Length];
            Assert.Equal(winner, winners[i]);
            Assert.Equal(BitConverter.SingleToInt32Bits(pixels[winner]), BitConverter.SingleToInt32Bits(y[i]));
            Assert.Equal(pixels[winner], alone[i]);
        }
    }

    private static PoolingCase Case(PoolShape shape) => new(shape.Input.Length, shape.Input, PoolingReference<double>.Rectangles(shape));

    private static (float[] Y, float[] Winners) Run(PoolForwardKernel kernel, PoolShape shape, float[] x, bool wanted, KernelContext context, string replay)
    {
        GuardedFloats y = new(shape.Output.Length), winners = new(wanted ? shape.Output.Length : 0);
        kernel.Run(shape, new GuardedFloats(x).Span, y.Span, winners.Span, context);
        return (y.AssertIntact($"{replay}, y"), winners.AssertIntact($"{replay}, winners"));
    }
}
