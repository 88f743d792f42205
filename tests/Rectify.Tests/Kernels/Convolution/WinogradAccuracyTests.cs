using Rectify.Kernels;
using Rectify.Kernels.Convolution;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels.Convolution;

// Winograd's errors at the layers of the paper's models (Tables 1 and 3), one image, against float64 at elements drawn at random: normal inputs, weights by equation 10.
// The bounds are what the points and the slices of 64 channels are chosen for: ±1 and ±2, or sums over all channels at once, exceed them.
public sealed class WinogradAccuracyTests
{
    private const int Drawn = 1500;

    // H = W, C, K of the 3×3 layers.
    private static readonly (int Size, int C, int K)[] ThreeByThree =
    [
        (224, 64, 64), (112, 64, 128), (112, 128, 128), (56, 96, 256), (56, 256, 256), (56, 128, 384), (56, 384, 384),
        (28, 256, 512), (28, 512, 512), (28, 384, 768), (28, 768, 768), (14, 512, 512), (14, 896, 896),
    ];

    // H = W, C, K, padding of the 2×2 layers.
    private static readonly (int Size, int C, int K, int Pad)[] TwoByTwo =
    [
        (36, 64, 128, 0), (36, 128, 128, 0), (35, 128, 128, 1), (18, 128, 256, 0), (18, 256, 256, 0), (17, 256, 256, 1), (16, 128, 128, 0), (8, 256, 256, 0), (7, 256, 256, 1),
    ];

    // The forms, and the errors that their points and slices of 64 channels are chosen for: rms and the largest, of the rms of the result.
    private static readonly Dictionary<string, (double Rms, double Largest)> Bounds = new()
    {
        ["winograd-f53"] = (2.1e-6, 2e-5),
        ["winograd-f43"] = (1.1e-6, 1e-5),
        ["winograd-f42"] = (6e-7, 4e-6),
        ["winograd-f32"] = (3.5e-7, 2e-6),
    };

    // F(2×2, 7×7), forward alone: the windows of model A's and C's first fully connected layer in dense testing, at a shorter side of 384 and of 480.
    private static readonly (double Rms, double Largest) Seven = (5.5e-6, 3e-5);

    public static TheoryData<string, int, int, int, int> Work
    {
        get
        {
            TheoryData<string, int, int, int, int> data = [];
            foreach ((int size, int c, int k) in ThreeByThree)
            {
                data.Add("winograd-f43", size, c, k, 1);
                if (size <= 28)
                {
                    data.Add("winograd-f53", size, c, k, 1);
                }
            }

            foreach ((int size, int c, int k, int pad) in TwoByTwo)
            {
                data.Add("winograd-f42", size, c, k, pad);
                data.Add("winograd-f32", size, c, k, pad);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Work))]
    public void Forward_LayerOfTheModels_ErrsLikeASequentialSum(string form, int size, int c, int k, int pad)
    {
        ConvolutionShape shape = Shape(form, size, c, k, pad);
        ConvolutionForwardKernel? kernel = Widest(ConvolutionKernels.Forward, form);
        Assert.SkipWhen(kernel is null, "no vectors, no Winograd");
        float[] x = Normal(1, shape.Input.Length, 1.0), w = Normal(2, shape.WeightLength, HeStd(shape.Window.R, c)), y = new float[shape.Output.Length];
        using Workers workers = new(2);
        float[] scratch = new float[kernel!.ScratchLength(shape, workers.Count)];
        kernel.Run(shape, new ConvolutionForwardOperands { X = x, W = w, Y = y, Scratch = scratch }, new KernelContext(workers, IsaDetection.Widest));
        AssertErrors(
            kernel.Name, Bounds[form], shape.Output.Length, i => (y[i], Sum(shape, x, w, i)));
    }

    [Theory]
    [MemberData(nameof(Work))]
    public void BackwardData_LayerOfTheModels_ErrsLikeASequentialSum(string form, int size, int c, int k, int pad)
    {
        ConvolutionShape shape = Shape(form, size, c, k, pad);
        ConvolutionBackwardDataKernel? kernel = Widest(ConvolutionKernels.BackwardData, form);
        Assert.SkipWhen(kernel is null, "no vectors, no Winograd");
        float[] dy = Normal(3, shape.Output.Length, 1.0), w = Normal(2, shape.WeightLength, HeStd(shape.Window.R, k)), dx = new float[shape.Input.Length];
        using Workers workers = new(2);
        kernel!.Run(shape, dy, w, dx, new float[kernel.ScratchLength(shape, workers.Count)], new KernelContext(workers, IsaDetection.Widest));
        AssertErrors(kernel.Name, Bounds[form], shape.Input.Length, i => (dx[i], SumBack(shape, dy, w, i)));
    }

    [Theory]
    [MemberData(nameof(Work))]
    public void BackwardFilter_LayerOfTheModels_ErrsLikeASequentialSum(string form, int size, int c, int k, int pad)
    {
        ConvolutionShape shape = Shape(form, size, c, k, pad);
        ConvolutionBackwardFilterKernel? kernel = Widest(ConvolutionKernels.BackwardFilter, form);
        Assert.SkipWhen(kernel is null, "no vectors, no Winograd");
        float[] x = Normal(1, shape.Input.Length, 1.0), dy = Normal(3, shape.Output.Length, 1.0), dw = new float[shape.WeightLength];
        using Workers workers = new(2);
        kernel!.Run(shape, x, dy, dw, new float[kernel.ScratchLength(shape, workers.Count)], new KernelContext(workers, IsaDetection.Widest));
        AssertErrors(kernel.Name, Bounds[form], shape.WeightLength, i => (dw[i], SumFilter(shape, x, dy, i)), Math.Min(Drawn, 20_000_000 / (size * size)));
    }

    [Theory]
    [InlineData(12, 512, 64)]
    [InlineData(15, 896, 64)]
    public void Forward_SevenBySeven_ErrsLittleMoreThanASequentialSum(int size, int c, int k)
    {
        ConvolutionShape shape = new(MapShape.Map(1, size, size, c), k, Window.Square(7));
        ConvolutionForwardKernel? kernel = Widest(ConvolutionKernels.Forward, "winograd-f27");
        Assert.SkipWhen(kernel is null, "no vectors, no Winograd");
        float[] x = Normal(1, shape.Input.Length, 1.0), w = Normal(2, shape.WeightLength, HeStd(7, c)), y = new float[shape.Output.Length];
        using Workers workers = new(2);
        float[] scratch = new float[kernel!.ScratchLength(shape, workers.Count)];
        kernel.Run(shape, new ConvolutionForwardOperands { X = x, W = w, Y = y, Scratch = scratch }, new KernelContext(workers, IsaDetection.Widest));
        AssertErrors(kernel.Name, Seven, shape.Output.Length, i => (y[i], Sum(shape, x, w, i)));
    }

    private static ConvolutionShape Shape(string form, int size, int c, int k, int pad) =>
        new(MapShape.Map(1, size, size, c), k, Window.Square(form.EndsWith('3') ? 3 : 2, 1, pad));

    private static TKernel? Widest<TKernel>(KernelTable<TKernel, ConvolutionShape> table, string form)
        where TKernel : Kernel<ConvolutionShape> =>
        table.FirstOrDefault(kernel => kernel.IsApproximate && kernel.Name == $"{form}-{(int)IsaDetection.Widest * 32}");

    private static double HeStd(int taps, int channels) => Math.Sqrt(2.0 / (taps * taps * channels));

    // Sums of three uniform numbers are normal enough.
    private static float[] Normal(int lane, int length, double std)
    {
        RandomStream random = KernelTestBench.Stream(1, lane);
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
        {
            float sum = 0f;
            for (int j = 0; j < 3; j++)
            {
                sum += random.NextSingle(-0.5f, 0.5f);
            }

            values[i] = (float)(2.0 * std * sum);
        }

        return values;
    }

    private static double Sum(in ConvolutionShape shape, float[] x, float[] w, int i)
    {
        (int pixel, int k) = (i / shape.Output.Pitch, i % shape.Output.Pitch);
        (int p, int q) = (pixel / shape.Output.W, pixel % shape.Output.W);
        (int taps, int pad, double sum) = (shape.Window.R, shape.Window.PadTop, 0.0);
        for (int tap = 0; tap < taps * taps; tap++)
        {
            (int h, int column) = (p + (tap / taps) - pad, q + (tap % taps) - pad);
            if ((uint)h < (uint)shape.Input.H && (uint)column < (uint)shape.Input.W)
            {
                for (int c = 0; c < shape.Input.C; c++)
                {
                    sum += (double)x[(((h * shape.Input.W) + column) * shape.Input.Pitch) + c] * w[ConvolutionReference<float>.WeightIndex(shape, k, tap, c)];
                }
            }
        }

        return sum;
    }

    private static double SumBack(in ConvolutionShape shape, float[] dy, float[] w, int i)
    {
        (int pixel, int c) = (i / shape.Input.Pitch, i % shape.Input.Pitch);
        (int h, int column) = (pixel / shape.Input.W, pixel % shape.Input.W);
        (int taps, int pad, double sum) = (shape.Window.R, shape.Window.PadTop, 0.0);
        for (int tap = 0; tap < taps * taps; tap++)
        {
            (int p, int q) = (h - (tap / taps) + pad, column - (tap % taps) + pad);
            if ((uint)p < (uint)shape.Output.H && (uint)q < (uint)shape.Output.W)
            {
                for (int k = 0; k < shape.K; k++)
                {
                    sum += (double)dy[(((p * shape.Output.W) + q) * shape.Output.Pitch) + k] * w[ConvolutionReference<float>.WeightIndex(shape, k, tap, c)];
                }
            }
        }

        return sum;
    }

    private static double SumFilter(in ConvolutionShape shape, float[] x, float[] dy, int i)
    {
        (int taps, int pad) = (shape.Window.R, shape.Window.PadTop);
        int lane = i % 16, c = i / 16 % shape.Input.Pitch, tap = i / 16 / shape.Input.Pitch % (taps * taps), k = (i / shape.Depth / 16 * 16) + lane;
        double sum = 0.0;
        for (int pixel = 0; pixel < shape.Output.Pixels; pixel++)
        {
            (int h, int column) = ((pixel / shape.Output.W) + (tap / taps) - pad, (pixel % shape.Output.W) + (tap % taps) - pad);
            if ((uint)h < (uint)shape.Input.H && (uint)column < (uint)shape.Input.W)
            {
                sum += (double)x[(((h * shape.Input.W) + column) * shape.Input.Pitch) + c] * dy[(pixel * shape.Output.Pitch) + k];
            }
        }

        return sum;
    }

    private static void AssertErrors(string name, (double Rms, double Largest) bounds, int length, Func<int, (float Actual, double Expected)> element, int drawn = Drawn)
    {
        RandomStream random = KernelTestBench.Stream(1, 9);
        double squares = 0.0, errors = 0.0, largest = 0.0;
        for (int n = 0; n < drawn; n++)
        {
            (float actual, double expected) = element(random.NextInt(length));
            squares += expected * expected;
            errors += (actual - expected) * (actual - expected);
            largest = Math.Max(largest, Math.Abs(actual - expected));
        }

        double rms = Math.Sqrt(squares / drawn);
        double error = Math.Sqrt(errors / drawn) / rms;
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: rms {error:G3}, largest {largest / rms:G3} of the rms");
        Assert.True(error < bounds.Rms && largest / rms < bounds.Largest, $"{name}: error rms {error:G3}, largest {largest / rms:G3} of the rms.");
    }
}
