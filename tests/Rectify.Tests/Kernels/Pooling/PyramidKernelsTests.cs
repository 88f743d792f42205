using Rectify.Kernels;
using Rectify.Kernels.Pooling;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels.Pooling;

public sealed class PyramidKernelsTests
{
    private static readonly PyramidShape[] Shapes =
    [
        new(MapShape.Map(1, 1, 1, 1), [1]),
        new(MapShape.Map(2, 7, 7, 17), [7, 3, 2, 1]),
        new(MapShape.Map(1, 10, 13, 40), [4, 2, 1]),

        // More bins than rows: neighbours overlap.
        new(MapShape.Map(3, 2, 5, 5), [3, 1]),
        new(MapShape.Map(33, 6, 4, 96), [6, 3]),
        new(MapShape.Map(1, 5, 5, 16), [2, 2]),
        new(MapShape.Image(2, 6, 5, 3), [3, 2]),
    ];

    public static TheoryData<string> Forward => KernelTestBench.Runnable(PyramidKernels.Forward);

    public static TheoryData<string> Backward => KernelTestBench.Runnable(PyramidKernels.Backward);

    [Theory]
    [MemberData(nameof(Forward))]
    public void Forward_AnyShapeAndWorkers_EqualsFloat64ReferenceExactly(string name)
    {
        PyramidForwardKernel kernel = PyramidKernels.Forward.Named(name);
        int ran = 0;
        foreach (int count in KernelTestBench.WorkerCounts)
        {
            using Workers workers = new(count);
            KernelContext context = new(workers, IsaDetection.Widest);
            foreach (PyramidShape shape in Shapes.Where(shape => kernel.Supports(shape, IsaDetection.Widest)))
            {
                PoolingCase work = Case(shape);
                string replay = $"{name} with {count} workers on {shape.Input}, levels {string.Join(',', shape.Levels)}";
                (float[] y, float[] winners) = Run(kernel, shape, work.X, true, context, replay);
                work.AssertForward(y, winners, replay);
                work.AssertForward(Run(kernel, shape, work.X, false, context, replay).Y, default, $"{replay}, without winners");
                (float[] last, _) = Run(kernel, shape with { Input = shape.Input.WithBatch(1) }, work.X[^shape.Input.ImageLength..], true, context, replay);
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
        PyramidBackwardKernel kernel = PyramidKernels.Backward.Named(name);
        foreach (PyramidShape shape in Shapes.Where(shape => kernel.Supports(shape, IsaDetection.Widest)))
        {
            PoolingCase work = Case(shape);
            float[]? first = null;
            foreach (int count in KernelTestBench.WorkerCounts)
            {
                using Workers workers = new(count);
                string replay = $"{name} with {count} workers on {shape.Input}, levels {string.Join(',', shape.Levels)}";
                GuardedFloats dx = new(shape.Input.Length);
                kernel.Run(shape, new GuardedFloats(work.Dy).Span, new GuardedFloats(work.Winners).Span, dx.Span, new KernelContext(workers, IsaDetection.Widest));
                float[] result = dx.AssertIntact(replay);
                work.AssertBackward(result, replay);
                first ??= result;
                KernelTestBench.AssertSameBits(result, first, replay);
            }
        }
    }

    // Bin i of n covers the rows that overlap the interval [i·H/n, (i+1)·H/n): together they cover the map.
    [Fact]
    public void Rectangles_AnySizes_CoverWhatOverlapsTheBin()
    {
        for (int size = 1; size <= 20; size++)
        {
            for (int n = 1; n <= 9; n++)
            {
                PyramidShape shape = new(MapShape.Map(1, size, 21 - size, 1), [n]);
                PixelRectangle[] bins = new PixelRectangle[shape.Bins];
                shape.Rectangles(bins);
                Assert.Equal(n * n, bins.Length);
                for (int bin = 0; bin < bins.Length; bin++)
                {
                    int[] rows = [.. Enumerable.Range(0, size).Where(h => Overlaps(h, bin / n, size, n))];
                    int[] columns = [.. Enumerable.Range(0, 21 - size).Where(w => Overlaps(w, bin % n, 21 - size, n))];
                    Assert.Equal(new PixelRectangle(rows[0], rows[^1] + 1, columns[0], columns[^1] + 1), bins[bin]);
                }
            }
        }

        static bool Overlaps(int pixel, int bin, int size, int n) => (pixel + 1) * n > bin * size && pixel * n < (bin + 1) * size;
    }

    private static PoolingCase Case(PyramidShape shape)
    {
        PixelRectangle[] bins = new PixelRectangle[shape.Bins];
        shape.Rectangles(bins);
        return new PoolingCase(shape.Input.Length, shape.Input, bins);
    }

    private static (float[] Y, float[] Winners) Run(PyramidForwardKernel kernel, PyramidShape shape, float[] x, bool wanted, KernelContext context, string replay)
    {
        GuardedFloats y = new(shape.Output.Length), winners = new(wanted ? shape.Output.Length : 0);
        kernel.Run(shape, new GuardedFloats(x).Span, y.Span, winners.Span, context);
        return (y.AssertIntact($"{replay}, y"), winners.AssertIntact($"{replay}, winners"));
    }
}
