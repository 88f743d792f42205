using Rectify.Diagnostics;
using Rectify.Initialization;
using Rectify.Layers;
using Rectify.Tensors;
using Rectify.Tests.Execution;

namespace Rectify.Tests.Diagnostics;

public sealed class FadingWatchTests
{
    [Fact]
    public void Check_DecayAloneAndTheLossOfGuessing_TellsOnce()
    {
        using Network network = TwoLayers();
        DecayMonitor monitor = new(network, 0.0005, every: 1);
        FadingWatch watch = new(monitor, classes: 10);
        List<FadingSignal?> told = [];
        for (int look = 0; look < 8; look++)
        {
            Look(network, monitor, 0f);
            told.Add(watch.Check(2.302));
        }

        FadingSignal signal = Assert.Single(told, each => each is not null)!;
        Assert.Same(signal, told[4]);
        Assert.Equal(1.0, signal.DecayShare);
    }

    [Theory]
    [InlineData(0f, 1.5)]
    [InlineData(1f, 2.302)]
    public void Check_LossThatFellOrAGradient_TellsNothing(float gradient, double loss)
    {
        using Network network = TwoLayers();
        DecayMonitor monitor = new(network, 0.0005, every: 1);
        FadingWatch watch = new(monitor, classes: 10);
        for (int look = 0; look < 20; look++)
        {
            Look(network, monitor, gradient);
            Assert.Null(watch.Check(loss));
        }
    }

    private static void Look(Network network, DecayMonitor monitor, float gradient)
    {
        using PlanRun run = new(network, network.Input.WithBatch(1));
        foreach (Weight weight in network.Nodes.Select(node => node.Weight).OfType<Weight>().Reverse())
        {
            run.Workspace.Gradient(weight).Fill(gradient);
            monitor.Complete(weight, run.Workspace);
        }
    }

    private static Network TwoLayers()
    {
        Network network = new(
            "two", MapShape.Map(1, 4, 4, 16), [new Convolution("conv", 16, 16, Window.Square(3, 1, 1)), new ReLU("f"), new Linear("fc", MapShape.Map(1, 4, 4, 16), 10)]);
        Initializer.Apply(network, InitializationOptions.Paper, 1);
        return network;
    }
}
