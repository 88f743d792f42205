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
    private static readonly MapShape Input = MapShape.Map(2, 1, 2, Channels);
    private static readonly float[] X = [-2f, 4f, -8f, 1f, -1f, 0f, 3f, -5f, 6f, -0.5f, 2f, -4f];
    private static readonly float[] Df = [1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f, 9f, 10f, 11f, 12f];

    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 1)]
    public void Slope_SharedOrNot_HasOneValueOrOneAChannel(bool shared, int count)
    {
        using Network network = Build(fused: false, shared ? SharedSlope : ChannelSlopes);
        PReLU prelu = (PReLU)network.Layers[^1];
        Assert.Equal([count], prelu.Slope.Dimensions);
        Assert.Equal(count, network.SlopeCount);
        Assert.Equal("f.slope", prelu.Slope.Name);
        Assert.Equal(0.25f, prelu.InitialSlope);
        Assert.Equal(shared ? Rectification.SharedSlope : Rectification.ChannelSlopes, prelu.Rectification);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Forward_SlopePerChannel_ScalesNegativesByTheirChannel(bool fused)
    {
        using Network network = Build(fused, ChannelSlopes);
        using PlanRun run = new(network, Input);
        Assert.Equal([-1f, 4f, -1f, 1f, 1f, 0f, 3f, 5f, 6f, -0.25f, 2f, -0.5f], run.Forward(X));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Forward_SharedSlope_ScalesNegativesAlike(bool fused)
    {
        using Network network = Build(fused, SharedSlope);
        using PlanRun run = new(network, Input);
        Assert.Equal([-1f, 4f, -4f, 1f, -0.5f, 0f, 3f, -2.5f, 6f, -0.25f, 2f, -2f], run.Forward(X));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gradient_SlopePerChannel_SumsNegativesOfItsChannel(bool fused)
    {
        using Network network = Build(fused, ChannelSlopes);
        using PlanRun run = new(network, Input);
        run.Forward(X);

        // At y = 0 (the sixth) the slope's branch is taken.
        Assert.Equal([0.5f, 2f, 0.375f, 4f, -5f, 0.75f, 7f, -8f, 9f, 5f, 11f, 1.5f], run.Backward(Df));
        Assert.Equal([-7f, -45f, -72f], run.Gradient(network.Parameters[^1]));
        CheckByDifferences(network);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gradient_SharedSlope_SumsNegativesOfAllChannels(bool fused)
    {
        using Network network = Build(fused, SharedSlope);
        using PlanRun run = new(network, Input);
        run.Forward(X);
        Assert.Equal([0.5f, 2f, 1.5f, 4f, 2.5f, 3f, 7f, 4f, 9f, 5f, 11f, 6f], run.Backward(Df));
        Assert.Equal([-124f], run.Gradient(network.Parameters[^1]));
        CheckByDifferences(network);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Forward_SlopesZero_IsReLU(bool fused, bool shared)
    {
        using Network prelu = Build(fused, shared ? [0f] : [0f, 0f, 0f]);
        using Network relu = Build(fused, []);
        using PlanRun run = new(prelu, Input);
        using PlanRun reluRun = new(relu, Input);
        Assert.Equal(reluRun.Forward(X), run.Forward(X));
        Assert.Equal(reluRun.Backward(Df), run.Backward(Df));
        if (fused)
        {
            Assert.Equal(reluRun.Gradient(relu.Parameters[0]), run.Gradient(prelu.Parameters[0]));
        }
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Forward_SlopesOne_IsIdentity(bool fused, bool shared)
    {
        using Network network = Build(fused, shared ? [1f] : [1f, 1f, 1f]);
        using PlanRun run = new(network, Input);
        Assert.Equal(X, run.Forward(X));
        Assert.Equal(Df, run.Backward(Df));
    }

    private static float[] ChannelSlopes => [0.5f, -1f, 0.125f];

    private static float[] SharedSlope => [0.5f];

    // Fused: after a 1×1 convolution that changes nothing, so both give the same numbers. No slopes: ReLU.
    private static Network Build(bool fused, float[] slopes)
    {
        List<Layer> layers = [];
        if (fused)
        {
            Convolution identity = new("conv", Channels, Channels, Window.Square(1), bias: false);
            identity.Weight.FromFile([1, 0, 0, 0, 1, 0, 0, 0, 1], identity.Weight.Values);
            layers.Add(identity);
        }

        if (slopes.Length == 0)
        {
            layers.Add(new ReLU("f"));
        }
        else
        {
            PReLU prelu = new("f", Channels, shared: slopes.Length == 1);
            prelu.Slope.FromFile(slopes, prelu.Slope.Values);
            layers.Add(prelu);
        }

        return new Network("prelu", Input, layers);
    }

    private static void CheckByDifferences(Network network)
    {
        RandomStream random = new(3, RandomPurpose.Testing, 0, 0);
        RandomNetwork.Fill(network, ref random);
        NetworkTwin twin = new(network, Input);
        float[] x = new float[Input.Length];
        Packed.Write(Input, Packed.Gaussian(ref random, X.Length), x);
        float[] dy = new float[Input.Length];
        Packed.Write(Input, Packed.Gaussian(ref random, X.Length), dy);
        bool done = GradientCheck.Run(twin, network, Input, Packed.ToDoubles(x), Packed.ToDoubles(dy), "seed 3");
        Assert.True(done, "Seed 3 is near a kink; take another.");
    }
}
