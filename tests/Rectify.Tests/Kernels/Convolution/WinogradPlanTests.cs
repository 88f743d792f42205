using Rectify.Kernels.Convolution;
using Rectify.Kernels.Convolution.Winograd;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels.Convolution;

public sealed class WinogradPlanTests
{
    // 512 → 512 at 14×14: nine tiles an image, at most 98 in a block. Chunks beyond those that the threads need only transform the same patches again.
    [Theory]
    [InlineData(8, 1, 1)]
    [InlineData(8, 2, 2)]
    [InlineData(8, 4, 4)]
    [InlineData(16, 1, 2)]
    [InlineData(16, 2, 2)]
    [InlineData(16, 4, 4)]
    [InlineData(8, 16, 32)]
    public void Chunks_FewTiles_AreAsManyAsTheThreadsShareEvenly(int images, int threads, int chunks)
    {
        ConvolutionShape shape = new(MapShape.Map(images, 14, 14, 512), 512, Window.Square(3, 1, 1));
        Assert.Equal(chunks, new WinogradPlan(TileGrid.Forward<Winograd53>(shape), threads).Chunks);
    }
}
