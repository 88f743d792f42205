using Rectify.Execution;
using Rectify.Layers;
using Rectify.Tensors;
using Rectify.Tests.Execution;

namespace Rectify.Tests.Layers;

/// <summary>Every layer through a plan against numbers worked out by hand.</summary>
public sealed class LayerForwardTests
{
    private static readonly float[] Square = [9f, 1f, 2f, 3f, 4f, 5f, 6f, 8f, 7f];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Convolution_PaddedAboveAndLeftStride2_GivesTheHandmadeSums(bool packed)
    {
        // Channel 0 counts 1..9, channel 1 is all ones. Filter 0 weighs channel 0 by 1 2 / 3 4, filter 1 counts the pixels of channel 1 that it sees.
        MapShape input = packed ? MapShape.Image(1, 3, 3, 2) : MapShape.Map(1, 3, 3, 2);
        Convolution convolution = new("conv", 2, 2, new Window(2, 2, 2, 2, 1, 1, 0, 0), packedInput: packed);
        using Network network = new("net", input, [convolution]);
        Set(convolution.Weight, [1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]);
        Set(convolution.Bias!, [10, 0]);
        float[] x = [.. Enumerable.Range(1, 9).SelectMany(i => new[] { i, 1f })];
        using PlanRun run = new(network, input);
        Assert.Equal([14f, 1f, 28f, 2f, 46f, 2f, 87f, 4f], run.Forward(x));

        // Only the output at the upper left: it saw pixel 0 with the last tap of each filter.
        float[] dx = run.Backward([1f, 100f, 0f, 0f, 0f, 0f, 0f, 0f]);
        Assert.Equal([4f, 100f], dx[..2]);
        Assert.All(dx[2..], g => Assert.Equal(0f, g));
        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 100, 0, 0, 0, 100], run.Gradient(convolution.Weight));
        Assert.Equal([1f, 100f], run.Gradient(convolution.Bias!));
    }

    [Fact]
    public void Linear_Map_WeighsInFileOrderChannelsThenRows()
    {
        MapShape input = MapShape.Map(1, 2, 1, 2);
        Linear linear = new("fc", input, 1);
        using Network network = new("net", input, [linear]);
        Set(linear.Weight, [1, 10, 100, 1000]);
        Set(linear.Bias!, [0.5f]);
        using PlanRun run = new(network, input);
        Assert.Equal([4231.5f], run.Forward([1f, 2f, 3f, 4f]));
        Assert.Equal([2f, 200f, 20f, 2000f], run.Backward([2f]));
        Assert.Equal([2f, 6f, 4f, 8f], run.Gradient(linear.Weight));
        Assert.Equal([2f], run.Gradient(linear.Bias!));
    }

    [Fact]
    public void MaxPool_RoundedUp_TakesTheIncompleteWindows()
    {
        MapShape input = MapShape.Map(1, 3, 3, 1);
        using Network network = new("net", input, [new MaxPool("pool", Window.Square(2, 2), roundUp: true)]);
        using PlanRun run = new(network, input);
        Assert.Equal([9f, 5f, 8f, 7f], run.Forward(Square));
        Assert.Equal([1f, 0f, 0f, 0f, 0f, 2f, 0f, 3f, 4f], run.Backward([1f, 2f, 3f, 4f]));
    }

    [Fact]
    public void AveragePool_WholeMap_IsTheMeanOfEachChannelAtAnySize()
    {
        MapShape input = MapShape.Map(1, 2, 2, 16);
        using Network network = new("net", input, [new AveragePool("mean")]);
        using PlanRun run = new(network, input);
        float[] x = new float[64];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (i / 16) + (10 * (i % 16));
        }

        Assert.Equal([.. Enumerable.Range(0, 16).Select(c => 1.5f + (10 * c))], run.Forward(x));
        Assert.Equal(MapShape.Map(1, 1, 1, 16), network.Layers[0].Output(MapShape.Map(1, 9, 5, 16)));

        // Each of four pixels gets a quarter.
        float[] dx = run.Backward([.. Enumerable.Range(0, 16).Select(c => 4f * c)]);
        Assert.Equal([.. Enumerable.Range(0, 64).Select(i => (float)(i % 16))], dx);
    }

    [Fact]
    public void MaxPool_NegativesAndPadding_PaddingNeverWins()
    {
        MapShape input = MapShape.Map(1, 2, 2, 1);
        using Network network = new("net", input, [new MaxPool("pool", Window.Square(2, 2, 1))]);
        using PlanRun run = new(network, input);
        Assert.Equal([-1f, -2f, -3f, -4f], run.Forward([-1f, -2f, -3f, -4f]));
    }

    [Fact]
    public void MaxPool_EqualValues_FirstGetsTheGradient()
    {
        MapShape input = MapShape.Map(1, 2, 2, 1);
        using Network network = new("net", input, [new MaxPool("pool", Window.Square(2))]);
        using PlanRun run = new(network, input);
        run.Forward([0f, 5f, 5f, 5f]);
        Assert.Equal([0f, 3f, 0f, 0f], run.Backward([3f]));
    }

    [Fact]
    public void SpatialPyramidPool_OddMap_BinsOverlap()
    {
        MapShape input = MapShape.Map(1, 3, 3, 1);
        using Network network = new("net", input, [new SpatialPyramidPool("spp", 2, 1)]);
        using PlanRun run = new(network, input);
        Assert.Equal(MapShape.Map(1, 5, 1, 1), run.Workspace.OutputShape);
        Assert.Equal([9f, 5f, 8f, 8f, 9f], run.Forward(Square));
        Assert.Equal([17f, 0f, 0f, 0f, 0f, 2f, 0f, 12f, 0f], run.Backward([1f, 2f, 4f, 8f, 16f]));
    }

    [Fact]
    public void SpatialPyramidPool_MapSmallerThanLevel_RepeatsPixels()
    {
        MapShape input = MapShape.Map(1, 2, 2, 1);
        using Network network = new("net", input, [new SpatialPyramidPool("spp", 3)]);
        using PlanRun run = new(network, input);

        // Rows ⌊2i/3⌋..⌈2(i+1)/3⌉−1: 0, 0-1, 1.
        Assert.Equal([1f, 2f, 2f, 3f, 4f, 4f, 3f, 4f, 4f], run.Forward([1f, 2f, 3f, 4f]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ReLU_FusedOrAlone_CutsNegatives(bool fused)
    {
        (float[] y, float[] dx) = Rectified(new ReLU("f"), fused);
        Assert.Equal([0f, 2f, 0f, 3f], y);
        Assert.Equal([0f, 20f, 0f, 40f], dx);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LeakyReLU_FusedOrAlone_ScalesNegatives(bool fused)
    {
        (float[] y, float[] dx) = Rectified(new LeakyReLU("f", 0.125f), fused);
        Assert.Equal([-0.125f, 2f, 0f, 3f], y);
        Assert.Equal([1.25f, 20f, 3.75f, 40f], dx);
        Assert.Equal(0.01f, new LeakyReLU("f").InitialSlope);
    }

    [Fact]
    public void Dropout_Inference_ChangesNothing()
    {
        (Network network, MapShape input, float[] x) = DropoutNet();
        using (network)
        {
            using PlanRun run = new(network, input, ExecutionMode.Inference);
            Assert.Equal(x, run.Forward(x, new TrainingMoment(1, 2)));
        }
    }

    [Fact]
    public void Dropout_Training_DropsItsShareAndScalesTheRest()
    {
        (Network network, MapShape input, float[] x) = DropoutNet();
        using (network)
        {
            using PlanRun run = new(network, input);
            float[] y = run.Forward(x, new TrainingMoment(1, 2));
            float[] dx = run.Backward(x);
            Assert.Equal(y, dx);
            int dropped = 0;
            for (int i = 0; i < y.Length; i++)
            {
                Assert.True(y[i] == 0f || y[i] == x[i] * (1f / 0.75f), $"{i}: {x[i]} became {y[i]}.");
                dropped += y[i] == 0f ? 1 : 0;
            }

            // Five standard deviations of a binomial: √(n·¼·¾).
            Assert.InRange(dropped, (0.25 * y.Length) - (5 * Math.Sqrt(y.Length * 0.1875)), (0.25 * y.Length) + (5 * Math.Sqrt(y.Length * 0.1875)));
        }
    }

    [Fact]
    public void Dropout_Mask_DependsOnSeedStepAndSampleAlone()
    {
        (Network network, MapShape input, float[] x) = DropoutNet();
        using (network)
        {
            using PlanRun run = new(network, input);
            float[] y = run.Forward(x, new TrainingMoment(1, 2));
            Assert.Equal(y, run.Forward(x, new TrainingMoment(1, 2)));
            Assert.NotEqual(y, run.Forward(x, new TrainingMoment(1, 3)));
            Assert.NotEqual(y, run.Forward(x, new TrainingMoment(2, 2)));

            // The second half of the batch alone draws what it drew in the whole.
            run.Workspace.Bind(input.WithBatch(2));
            Assert.Equal(y[(y.Length / 2)..], run.Forward(x.AsSpan(x.Length / 2), new TrainingMoment(1, 2, FirstSample: 2)));
        }
    }

    private static (Network Network, MapShape Input, float[] X) DropoutNet()
    {
        MapShape input = MapShape.Map(4, 5, 5, 20);
        RandomStream random = new(7, RandomPurpose.Testing, 0, 0);
        return (new Network("net", input, [new Dropout("drop", 0.25f)]), input, Packed.Gaussian(ref random, input.Pixels * input.C));
    }

    private static (float[] Y, float[] Dx) Rectified(Rectifier rectifier, bool fused)
    {
        MapShape input = MapShape.Map(1, 1, 4, 1);
        Convolution identity = new("conv", 1, 1, Window.Square(1));
        using Network network = new("net", input, fused ? [identity, rectifier] : [rectifier]);
        if (fused)
        {
            Set(identity.Weight, [1f]);
        }

        using PlanRun run = new(network, input);
        return (run.Forward([-1f, 2f, 0f, 3f]), run.Backward([10f, 20f, 30f, 40f]));
    }

    private static void Set(Parameter parameter, float[] values)
    {
        Assert.Equal(parameter.Count, values.Length);
        parameter.FromFile(values, parameter.Values);
    }
}
