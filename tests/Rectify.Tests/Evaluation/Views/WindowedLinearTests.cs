using Rectify.Evaluation;
using Rectify.Kernels;
using Rectify.Kernels.Convolution;
using Rectify.Kernels.Linear;
using Rectify.Kernels.Pooling;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Tensors;
using Rectify.Tests.Kernels;

namespace Rectify.Tests.Evaluation;

public sealed class WindowedLinearTests
{
    private const int Outputs = 20;

    // Of the responses' rms: what F(2×2, 7×7) errs by, many times; a bin or a remainder mistaken for its neighbour is off by a tenth.
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData(1, 14, new[] { 7, 3, 2, 1 }, 24, 33)]
    [InlineData(2, 14, new[] { 2, 7 }, 23, 22)]
    [InlineData(3, 21, new[] { 1, 7, 3 }, 30, 29)]
    public void Run_AnyMapAndLevels_EqualsPoolingEachWindow(int seed, int side, int[] levels, int height, int width)
    {
        Assert.SkipWhen(IsaDetection.Widest == Isa.Scalar, "no vectors, no Winograd");
        using Workers workers = new(2);
        KernelContext context = new(workers, IsaDetection.Widest);
        MapShape map = MapShape.Map(2, height, width, 18), window = MapShape.Map(1, side, side, 18);
        Linear layer = Layer(seed, window, levels);
        float[] x = KernelTestBench.UniformMap(seed, 1, map);
        WindowPyramidShape shape = new(map, side, side, levels);
        using WindowedLinear? windowed = WindowedLinear.For(layer, window, levels, context);
        Assert.NotNull(windowed);
        Assert.True(windowed.Pays(shape));
        float[] rows = new float[shape.Windows * windowed.Output.Pitch];
        windowed.Prepare(map, x);
        for (int first = 0, count; first < shape.Windows; first += count)
        {
            count = Math.Min(37, shape.Windows - first);
            windowed.Run(x, first, count, rows.AsSpan(first * windowed.Output.Pitch, count * windowed.Output.Pitch));
        }

        float[] expected = Slowly(layer, shape, x, context);
        double rms = Math.Sqrt(expected.Average(y => (double)y * y));
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.True(Math.Abs(rows[i] - expected[i]) <= Tolerance * rms, $"[{i}] is {rows[i]:R}, not {expected[i]:R}, of rms {rms}");
        }
    }

    [Fact]
    public void For_LevelsThatNoFormFits_IsNull()
    {
        using Workers workers = new(1);
        KernelContext context = new(workers, IsaDetection.Widest);
        MapShape window = MapShape.Map(1, 14, 14, 18);
        foreach (int[] levels in (int[][])[[6, 3], [7], [14, 7], [2, 1]])
        {
            Assert.Null(WindowedLinear.For(Layer(1, window, levels), window, levels, context));
        }

        Assert.Null(WindowedLinear.For(Layer(1, window, [7, 1]), window, [7, 1], new KernelContext(workers, IsaDetection.Widest, true)));
    }

    private static Linear Layer(int seed, MapShape window, int[] levels)
    {
        Linear layer = new("fc1", new PyramidShape(window, levels).Output, Outputs);
        float[] w = KernelTestBench.Uniform(seed, 2, layer.Weight.FanIn * Outputs), b = KernelTestBench.Uniform(seed, 3, Outputs);
        layer.Weight.FromFile(w, layer.Weight.Values);
        layer.Bias!.FromFile(b, layer.Bias.Values);
        return layer;
    }

    private static float[] Slowly(Linear layer, WindowPyramidShape shape, float[] x, KernelContext context)
    {
        WindowPyramidKernel pooling = WindowPyramidKernels.Forward.Reference;
        MapShape pooled = shape.Output(shape.Windows);
        float[] scratch = new float[pooling.ScratchLength(shape, 1)], bins = new float[pooled.Length];
        pooling.Prepare(shape, x, scratch, context);
        pooling.Pool(shape, x, scratch, 0, shape.Windows, bins, context);
        LinearShape work = layer.Shape(pooled);
        float[] y = new float[work.Output.Length];
        LinearKernels.Forward.Reference.Run(
            work, new ConvolutionForwardOperands { X = bins, W = layer.Weight.Values, Bias = layer.Bias!.Values, Y = y, Scratch = [] }, context);
        return y;
    }
}
