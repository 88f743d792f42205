using Rectify.Kernels;
using Rectify.Kernels.Convolution;
using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels.Convolution;

// More than 4 MB of output goes past the caches where it is aligned, and through them otherwise.
public sealed class LargeMapsTests
{
    private static readonly ConvolutionShape Photos = new(MapShape.Image(2, 129, 131, 1), 33, Window.Square(1));
    // For each of Winograd's forms the filters that it is for.
    private static readonly ConvolutionShape[] Maps =
        [.. new[] { 3, 2, 7 }.Select(taps => new ConvolutionShape(MapShape.Map(2, 129, 131, 16), 33, Window.Square(taps, 1, taps / 2)))];

    public static TheoryData<string> Kernels =>
        [.. ConvolutionKernels.Forward.Select(kernel => kernel.Name).Where(name => (IsPhoto(name) || IsWinograd(name)) && KernelTestBench.CanRun(name))];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Kernels))]
    public void Forward_AlignedOrNot_SameBits(string name)
    {
        using Workers workers = new(2);
        KernelContext context = new(workers, IsaDetection.Widest);
        ConvolutionForwardKernel kernel = ConvolutionKernels.Forward.Named(name);
        ConvolutionShape shape = IsPhoto(name) ? Photos : Maps.First(maps => kernel.Supports(maps, IsaDetection.Widest));
        foreach (bool inPlace in (bool[])[false, true])
        {
            (float[] y, float[] rectified) = Run(kernel, shape, context, 0, inPlace);
            (float[] elsewhereY, float[] elsewhereRectified) = Run(kernel, shape, context, 1, inPlace);
            KernelTestBench.AssertSameBits(y, elsewhereY, $"{name}, y");
            KernelTestBench.AssertSameBits(rectified, elsewhereRectified, $"{name}, f(y)");
            Assert.Contains(y, value => value > 0f);
        }
    }

    private static bool IsPhoto(string name) => name.StartsWith("photo", StringComparison.Ordinal);

    private static bool IsWinograd(string name) => name.StartsWith("winograd", StringComparison.Ordinal);

    private static (float[] Y, float[] Rectified) Run(ConvolutionForwardKernel kernel, in ConvolutionShape shape, KernelContext context, int offset, bool inPlace)
    {
        float[] x = KernelTestBench.UniformMap(1, 1, shape.Input);
        float[] w = ConvolutionCase.UniformWeights(1, 2, shape);
        float[] channels = KernelTestBench.UniformChannels(1, 3, shape.Output);
        using NativeBuffer y = new(shape.Output.Length + 1), rectified = new(shape.Output.Length + 1);
        Span<float> destination = y.Slice(offset, shape.Output.Length);
        ConvolutionForwardOperands operands = new()
        {
            X = x,
            W = w,
            Bias = channels,
            Y = destination,
            Rectification = Rectification.ChannelSlopes,
            Slopes = channels,
            Rectified = inPlace ? destination : rectified.Slice(offset, shape.Output.Length),
            Scratch = new float[kernel.ScratchLength(shape, context.Workers.Count)],
        };
        kernel.Run(shape, operands, context);
        return (destination.ToArray(), operands.Rectified.ToArray());
    }
}
