using Rectify.Kernels;
using Rectify.Kernels.Convolution;
using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels.Convolution;

public sealed class PhotoKernelsTests
{
    private static readonly ConvolutionShape Large = new(MapShape.Image(2, 129, 131, 1), 33, Window.Square(1));

    // Kernels that store large maps past the caches where they are aligned; nothing but those that have run in the other tests otherwise.
    public static TheoryData<string> Kernels => [.. ConvolutionKernels.Forward.Where(kernel => kernel.Name.StartsWith("photo", StringComparison.Ordinal) && KernelTestBench.CanRun(kernel.Name)).Select(kernel => kernel.Name)];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Forward_LargeMapsAlignedOrNot_SameBits(string name)
    {
        using Workers workers = new(2);
        KernelContext context = new(workers, IsaDetection.Widest);
        ConvolutionForwardKernel kernel = ConvolutionKernels.Forward.Named(name);
        foreach (bool inPlace in (bool[])[false, true])
        {
            (float[] y, float[] rectified) = Run(kernel, context, 0, inPlace);
            (float[] elsewhereY, float[] elsewhereRectified) = Run(kernel, context, 1, inPlace);
            KernelTestBench.AssertSameBits(y, elsewhereY, $"{name}, y");
            KernelTestBench.AssertSameBits(rectified, elsewhereRectified, $"{name}, f(y)");
            Assert.Contains(y, value => value > 0f);
        }
    }

    [Fact]
    public void Choose_FirstLayers_TakesPhoto()
    {
        Window seven = Window.Square(7, 2, 3);
        AssertChoice("photo-512", new ConvolutionShape(MapShape.Image(1, 224, 224, 3), 96, seven));
        AssertChoice("photo-512", new ConvolutionShape(MapShape.Image(1, 32, 32, 3), 32, Window.Square(3, 1, 1)));
        AssertChoice("blocked-512", new ConvolutionShape(MapShape.Image(1, 6, 6, 3), 32, Window.Square(1)));
        AssertChoice("blocked-512", new ConvolutionShape(MapShape.Map(1, 224, 224, 3), 96, seven));
    }

    private static void AssertChoice(string name, ConvolutionShape shape)
    {
        Assert.Equal(name, ConvolutionKernels.Forward.Choose(shape, Isa.V512).Name);
        Assert.Equal(name, ConvolutionKernels.BackwardFilter.Choose(shape, Isa.V512).Name);
    }

    private static (float[] Y, float[] Rectified) Run(ConvolutionForwardKernel kernel, KernelContext context, int offset, bool inPlace)
    {
        float[] x = KernelTestBench.UniformMap(1, 1, Large.Input);
        float[] w = ConvolutionCase.UniformWeights(1, 2, Large);
        float[] channels = KernelTestBench.UniformChannels(1, 3, Large.Output);
        using NativeBuffer y = new(Large.Output.Length + 1), rectified = new(Large.Output.Length + 1);
        Span<float> destination = y.Slice(offset, Large.Output.Length);
        ConvolutionForwardOperands operands = new()
        {
            X = x,
            W = w,
            Bias = channels,
            Y = destination,
            Rectification = Rectification.ChannelSlopes,
            Slopes = channels,
            Rectified = inPlace ? destination : rectified.Slice(offset, Large.Output.Length),
            Scratch = new float[kernel.ScratchLength(Large, context.Workers.Count)],
        };
        kernel.Run(Large, operands, context);
        return (destination.ToArray(), operands.Rectified.ToArray());
    }
}
