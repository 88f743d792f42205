using Rectify.Kernels;
using Rectify.Kernels.Pooling;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels.Pooling;

public sealed class AverageKernelsTests
{
    private static readonly AverageShape[] Shapes =
    [
        new(MapShape.Map(1, 1, 1, 1), Window.Square(1)),
        new(MapShape.Map(2, 7, 9, 17), Window.Square(3, 2), RoundUp: true),
        new(MapShape.Map(2, 8, 6, 33), Window.Square(3, 2, 1)),
        new(MapShape.Map(2, 8, 6, 33), Window.Square(3, 2, 1), RoundUp: true, CountPadding: true),
        new(MapShape.Map(1, 5, 11, 96), new Window(2, 3, 1, 2, 1, 0, 0, 2), CountPadding: true),
        new(MapShape.Map(3, 7, 5, 40), new Window(7, 5, 1, 1, 0, 0, 0, 0)),
        new(MapShape.Map(40, 3, 2, 20), new Window(3, 2, 3, 1, 0, 1, 2, 1), RoundUp: true),
        new(MapShape.Map(2, 2, 3, 3), Window.Square(1, 2)),
        new(MapShape.Image(2, 9, 7, 3), Window.Square(3, 2, 1), RoundUp: true, CountPadding: true),
    ];

    public static TheoryData<string> Forward => KernelTestBench.Runnable(AverageKernels.Forward);

    public static TheoryData<string> Backward => KernelTestBench.Runnable(AverageKernels.Backward);

    [Theory]
    [MemberData(nameof(Forward))]
    public void Forward_AnyShapeAndWorkers_EqualsFloat64Reference(string name)
    {
        AverageForwardKernel kernel = AverageKernels.Forward.Named(name);
        foreach (AverageShape shape in Shapes.Where(shape => kernel.Supports(shape, IsaDetection.Widest)))
        {
            float[] x = KernelTestBench.UniformMap(1, 1, shape.Input);
            (double[] expected, double[] magnitudes) = (new double[shape.Output.Length], new double[shape.Output.Length]);
            AverageReference<double>.Forward(shape, KernelTestBench.Doubles(x), expected);
            AverageReference<double>.Forward(shape, KernelTestBench.Magnitudes(x), magnitudes);
            float[]? first = null;
            foreach (int count in KernelTestBench.WorkerCounts)
            {
                using Workers workers = new(count);
                string replay = $"{name} with {count} workers on {shape}";
                GuardedFloats y = new(shape.Output.Length);
                kernel.Run(shape, new GuardedFloats(x).Span, y.Span, new KernelContext(workers, IsaDetection.Widest));
                float[] result = y.AssertIntact(replay);
                KernelTestBench.AssertNear(result, expected, magnitudes, shape.Window.R * shape.Window.S, replay);
                first ??= result;
                KernelTestBench.AssertSameBits(result, first, replay);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Backward))]
    public void Backward_AnyShapeAndWorkers_EqualsFloat64ReferenceAndOverwrites(string name)
    {
        AverageBackwardKernel kernel = AverageKernels.Backward.Named(name);
        foreach (AverageShape shape in Shapes.Where(shape => kernel.Supports(shape, IsaDetection.Widest)))
        {
            float[] dy = KernelTestBench.UniformMap(1, 2, shape.Output);
            (double[] expected, double[] magnitudes) = (new double[shape.Input.Length], new double[shape.Input.Length]);
            AverageReference<double>.Backward(shape, KernelTestBench.Doubles(dy), expected);
            AverageReference<double>.Backward(shape, KernelTestBench.Magnitudes(dy), magnitudes);
            float[]? first = null;
            foreach (int count in KernelTestBench.WorkerCounts)
            {
                using Workers workers = new(count);
                string replay = $"{name} with {count} workers on {shape}";
                GuardedFloats dx = new(shape.Input.Length);
                kernel.Run(shape, new GuardedFloats(dy).Span, dx.Span, new KernelContext(workers, IsaDetection.Widest));
                float[] result = dx.AssertIntact(replay);
                KernelTestBench.AssertNear(result, expected, magnitudes, shape.Window.R * shape.Window.S, replay);
                first ??= result;
                KernelTestBench.AssertSameBits(result, first, replay);
            }
        }
    }

    [Fact]
    public void Reference_PaddingCountedAndNot_GivesTheMeansWorkedOutByHand()
    {
        // One row: 3, 6, 9 with a window of three and one pixel of padding on each side.
        AverageShape shape = new(MapShape.Image(1, 1, 3, 1), new Window(1, 3, 1, 1, 0, 1, 0, 1));
        double[] y = new double[3];
        AverageReference<double>.Forward(shape, [3.0, 6, 9], y);
        Assert.Equal([4.5, 6, 7.5], y);
        AverageReference<double>.Forward(shape with { CountPadding = true }, [3.0, 6, 9], y);
        Assert.Equal([3.0, 6, 5], y);
        AverageReference<double>.Backward(shape with { CountPadding = true }, [3.0, 6, 9], y);
        Assert.Equal([3.0, 6, 5], y);
        AverageReference<double>.Backward(shape, [2.0, 6, 4], y);
        Assert.Equal([3.0, 5, 4], y);

        // Rounded up, the last window sees one pixel, and what is behind the padding does not count.
        AverageReference<double>.Forward(new AverageShape(shape.Input, new Window(1, 2, 1, 2, 0, 0, 0, 0), RoundUp: true, CountPadding: true), [3.0, 6, 9], y);
        Assert.Equal([4.5, 9], y[..2]);
    }
}
