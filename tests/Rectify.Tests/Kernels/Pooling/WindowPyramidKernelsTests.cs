using Rectify.Kernels;
using Rectify.Kernels.Pooling;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels.Pooling;

public sealed class WindowPyramidKernelsTests
{
    private static readonly WindowPyramidShape[] Shapes =
    [
        new(MapShape.Map(1, 1, 1, 1), 1, 1, [1]),

        // Model A's windows, on a map somewhat larger.
        new(MapShape.Map(2, 16, 17, 17), 14, 14, [7, 3, 2, 1]),
        new(MapShape.Map(1, 11, 13, 40), 10, 9, [4, 2, 1]),

        // More bins than rows: neighbours overlap.
        new(MapShape.Map(3, 4, 5, 5), 2, 5, [3, 1]),

        // Windows as large as the map, and windows that are copied.
        new(MapShape.Map(2, 6, 4, 96), 6, 4, [6, 3]),
        new(MapShape.Map(2, 9, 8, 33), 7, 7, [7]),
        new(MapShape.Map(1, 5, 5, 16), 3, 3, [2, 2]),
        new(MapShape.Image(2, 6, 5, 3), 4, 3, [3, 2]),
    ];

    public static TheoryData<string> Forward => KernelTestBench.Runnable(WindowPyramidKernels.Forward);

    [Theory]
    [MemberData(nameof(Forward))]
    public void Pool_AnyShapeWorkersAndParts_EqualsFloat64ReferenceExactly(string name)
    {
        WindowPyramidKernel kernel = WindowPyramidKernels.Forward.Named(name);
        int ran = 0;
        foreach (int count in KernelTestBench.WorkerCounts)
        {
            using Workers workers = new(count);
            KernelContext context = new(workers, IsaDetection.Widest);
            foreach (WindowPyramidShape shape in Shapes.Where(shape => kernel.Supports(shape, IsaDetection.Widest)))
            {
                string replay = $"{name} with {count} workers on {shape.Input}, windows of {shape.Rows}×{shape.Columns}, levels {string.Join(',', shape.Levels)}";
                float[] x = Coarse(shape.Input, ran);
                int length = shape.Output(1).Length;
                double[] expected = new double[shape.Output(shape.Windows).Length];
                WindowPyramidReference<double>.Run(shape, KernelTestBench.Doubles(x), 0, shape.Windows, expected);
                GuardedFloats scratch = new((int)kernel.ScratchLength(shape, count));
                kernel.Prepare(shape, new GuardedFloats(x).Span, scratch.Span, context);
                float[] prepared = scratch.AssertIntact($"{replay}, scratch");
                foreach (int part in (int[])[shape.Windows, 1, 3])
                {
                    for (int first = 0; first < shape.Windows; first += part)
                    {
                        int windows = Math.Min(part, shape.Windows - first);
                        GuardedFloats y = new(windows * length);
                        kernel.Pool(shape, new GuardedFloats(x).Span, prepared, first, windows, y.Span, context);
                        float[] wanted = [.. expected.AsSpan(first * length, windows * length).ToArray().Select(value => (float)value)];
                        KernelTestBench.AssertSameBits(y.AssertIntact(replay), wanted, $"{replay}, windows {first} to {first + windows}");
                    }
                }

                ran++;
            }
        }

        Assert.True(ran >= 28);
    }

    // The reference itself: what the layer gives for a window cut out of the map.
    [Fact]
    public void Reference_AWindow_IsThePyramidOfIt()
    {
        WindowPyramidShape shape = new(MapShape.Map(2, 6, 7, 3), 4, 5, [3, 2, 1]);
        float[] x = Coarse(shape.Input, 5);
        Assert.Equal((3, 3, 18), (shape.Down, shape.Across, shape.Windows));
        float[] y = new float[shape.Output(shape.Windows).Length];
        WindowPyramidReference<float>.Run(shape, x, 0, shape.Windows, y);
        using Workers workers = new(1);
        for (int window = 0; window < shape.Windows; window++)
        {
            (int image, int top, int left) = (window / 9, window / 3 % 3, window % 3);
            float[] cut = [.. Enumerable.Range(0, shape.OfWindow.Input.Length).Select(i =>
            {
                (int row, int column, int c) = (i / 16 / 5, i / 16 % 5, i % 16);
                return x[(((((image * 6) + top + row) * 7) + left + column) * 16) + c];
            })];
            float[] pooled = new float[shape.OfWindow.Output.Length];
            PyramidKernels.Forward.Reference.Run(shape.OfWindow, cut, pooled, [], new KernelContext(workers, IsaDetection.Widest));
            Assert.Equal(pooled, y.AsSpan(window * pooled.Length, pooled.Length).ToArray());
        }
    }

    [Fact]
    public void Pool_NotANumber_Wins()
    {
        WindowPyramidShape shape = new(MapShape.Map(1, 5, 5, 16), 3, 3, [2, 1]);
        float[] x = Coarse(shape.Input, 1);
        x[(2 * 5 * 16) + (2 * 16) + 3] = float.NaN;
        using Workers workers = new(2);
        KernelContext context = new(workers, IsaDetection.Widest);
        foreach (WindowPyramidKernel kernel in WindowPyramidKernels.Forward.Where(kernel => KernelTestBench.CanRun(kernel.Name)))
        {
            float[] scratch = new float[kernel.ScratchLength(shape, 2)];
            float[] y = new float[shape.Output(9).Length], expected = new float[y.Length];
            kernel.Prepare(shape, x, scratch, context);
            kernel.Pool(shape, x, scratch, 0, 9, y, context);
            WindowPyramidReference<float>.Run(shape, x, 0, 9, expected);
            Assert.Contains(y, float.IsNaN);
            Assert.Equal(expected, y);
        }
    }

    // So coarse that ties are common.
    private static float[] Coarse(MapShape map, int seed)
    {
        float[] x = KernelTestBench.UniformMap(seed, 1, map);
        return [.. x.Select(value => MathF.Round(value * 8f) / 8f)];
    }
}
