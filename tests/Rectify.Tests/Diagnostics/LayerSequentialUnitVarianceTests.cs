using Rectify.Diagnostics;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Tensors;
using Rectify.Tests.Execution;

namespace Rectify.Tests.Diagnostics;

public sealed class LayerSequentialUnitVarianceTests
{
    [Theory]
    [InlineData("lsuv")]
    [InlineData("fixed:0.001")]
    public void Apply_NetWithPoolingAndBlocks_GivesEveryLayerVarianceOne(string scheme)
    {
        using Network network = EveryKind.Create(dropout: false);
        MapShape input = EveryKind.Input(4, 11, 13);
        Initializer.Apply(network, new InitializationOptions { Scheme = InitializationScheme.Parse(scheme) }, 1);
        float[] x = [.. EveryKind.Photos(input).Select(value => 70f * value)];
        using Workers workers = new(2);
        KernelContext context = new(workers, IsaDetection.Widest);
        LayerSequentialUnitVariance.Apply(network, context, input, x);
        float[] dy = new float[network.Output.WithBatch(4).Length];
        PropagationMeasurement measured = Propagation.Measure(network, context, input, x, dy);
        Assert.All(measured.Layers, layer => Assert.Equal(1.0, layer.Response.Std, 1e-3));
    }

    [Fact]
    public void Apply_Zeros_SaysWhichLayer()
    {
        using Network network = EveryKind.Create();
        MapShape input = EveryKind.Input(2, 11, 13);
        Initializer.Apply(network, InitializationOptions.Paper, 1);
        using Workers workers = new(1);
        RectifyException e = Assert.Throws<RectifyException>(
            () => LayerSequentialUnitVariance.Apply(network, new KernelContext(workers, IsaDetection.Widest), input, new float[input.Length]));
        Assert.Contains("conv1: its responses to the batch have the std 0", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SlopeStatistics_OfANet_ListsItsPReLUs()
    {
        using Network network = EveryKind.Create();
        ((PReLU)network.Layers[1]).Slope.Values[..3].Fill(9f);
        ((PReLU)network.Layers[1]).Slope.Values[3..18].Fill(-1f);
        IReadOnlyList<SlopeStatistics> slopes = SlopeStatistics.Of(network);
        Assert.Equal(["conv1.rectifier", "alone", "conv4.rectifier", "mixed/inner/f"], slopes.Select(slope => slope.Layer));
        Assert.Equal(new SlopeStatistics("conv1.rectifier", 18, (27.0 - 15.0) / 18, -1, 9), slopes[0]);
        Assert.Equal(1, slopes[1].Count);
    }
}
