using Rectify.Kernels.Convolution;
using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels.Convolution;

public sealed class PhotoKernelsTests
{
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
}
