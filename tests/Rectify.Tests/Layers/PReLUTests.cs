using Rectify.Execution;
using Rectify.Kernels.Rectifiers;
using Rectify.Layers;
using Rectify.Tensors;
using Rectify.Tests.Execution;

namespace Rectify.Tests.Layers;

/// <summary>Caffe's seven tests of PReLU, each through a plan, fused into a convolution and standing alone.</summary>
public sealed class PReLUTests
{
    private const int Channels = 3;

    // Two images of 1×2 pixels: [n][w][c].
    private static readonly float[] Responses = [-2f, 4f, -8f, 1f, -1f, 0f, 3f, -5f, 6f, -0.5f, 2f, -4f];
    private static readonly MapShape Input = MapShape.Map(2, 1, 2, Channels);

    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 1)]
    public void Slope_SharedOrNot_HasOneValueAChannelOrOne(bool shared, int count)
    {
        using PReLU prelu = new Owned("conv1.rectifier", shared).Layer;
        Assert.Equal([count], prelu.Slope.Dimensions);
        Assert.Equal(count, prelu.Slope.Count);
        Assert.Equal("conv1.rectifier.slope", prelu.Slope.Name);
        Assert.Equal(shared ? 1 : 16, prelu.Slope.StoredLength);
        Assert.Equal(shared, prelu.Slope.Shared);
        Assert.Equal(0.25f, prelu.InitialSlope);
        Assert.Equal(shared ? Rectification.SharedSlope : Rectification.ChannelSlopes, prelu.Rectification);
    }
}
