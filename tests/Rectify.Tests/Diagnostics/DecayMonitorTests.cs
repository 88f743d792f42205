using Rectify.Diagnostics;
using Rectify.Initialization;
using Rectify.Kernels.Loss;
using Rectify.Layers;
using Rectify.Tensors;
using Rectify.Tests.Execution;

namespace Rectify.Tests.Diagnostics;

public sealed class DecayMonitorTests
{
    private const double Decay = 0.0005;

    [Fact]
    public void Complete_OfWeights_IsTheQuotientOfNorms()
    {
        using Network network = Chain(2);
        Initializer.Apply(network, Rule("he-out"), 1);
        DecayMonitor monitor = new(network, Decay, every: 1);
        Weight weight = network.Nodes[0].Weight!;
        using PlanRun run = new(network, network.Input.WithBatch(1));
        run.Workspace.Gradient(weight)[3] = 0.25f;
        Assert.All(monitor.Shares, share => Assert.True(double.IsNaN(share.Share)));
        monitor.Complete(weight, run.Workspace);
        double norm = Decay * Math.Sqrt(weight.Values.ToArray().Sum(w => (double)w * w));
        Assert.Equal(norm / (norm + 0.25), monitor.Shares[0].Share, 1e-12);
        Assert.Equal("conv1", monitor.Shares[0].Layer);
        Assert.True(double.IsNaN(monitor.Shares[1].Share));

        // The mean of two; biases and slopes do not count.
        run.Workspace.ClearGradients();
        monitor.Complete(weight, run.Workspace);
        Assert.Equal(((norm / (norm + 0.25)) + 1.0) / 2, monitor.Shares[0].Share, 1e-12);
        Bias bias = ((Convolution)network.Layers[0]).Bias!;
        monitor.Complete(bias, run.Workspace);
        Assert.Equal(3, monitor.Shares.Count);
    }

    [Fact]
    public void Looks_FirstLayerFrozen_CountThoseAtTheFirstThatLearns()
    {
        using Network network = Chain(2);
        Initializer.Apply(network, Rule("he-out"), 1);
        Weight frozen = network.Nodes[0].Weight!;
        DecayMonitor monitor = new(network, Decay, every: 1, new HashSet<Parameter> { frozen });
        using PlanRun run = new(network, network.Input.WithBatch(1));
        foreach (Weight weight in network.Nodes.Select(node => node.Weight).OfType<Weight>().Reverse().Where(weight => weight != frozen))
        {
            monitor.Complete(weight, run.Workspace);
        }

        Assert.Equal((1, 2), (monitor.Looks, monitor.Shares.Count));
        Assert.DoesNotContain("conv1", monitor.Shares.Select(share => share.Layer));
    }

    [Fact]
    public void Complete_NotItsTurn_LooksAtNothing()
    {
        using Network network = Chain(2);
        Initializer.Apply(network, Rule("he-out"), 1);
        DecayMonitor monitor = new(network, Decay, every: 3);
        Weight weight = network.Nodes[0].Weight!;
        using PlanRun run = new(network, network.Input.WithBatch(1));
        double[] seen = new double[4];
        for (int step = 0; step < 4; step++)
        {
            run.Workspace.Gradient(weight)[0] = step;
            monitor.Complete(weight, run.Workspace);
            seen[step] = monitor.Shares[0].Share;
        }

        Assert.Equal([1.0, 1.0, 1.0], seen[..3]);
        Assert.InRange(seen[3], 0.5, 0.51);
    }

    [Fact]
    public void Shares_OfADeepNetWithFixedStd_AreDecayAloneAndWithHeNot()
    {
        // Footnote 2: with std 0.01 nothing of the loss arrives at the first layers.
        Assert.All(Shares("fixed:0.01").Take(8), share => Assert.InRange(share.Share, 0.999, 1.0));
        Assert.All(Shares("he-out"), share => Assert.InRange(share.Share, 0.0, 0.1));
    }

    private static IReadOnlyList<DecayShare> Shares(string scheme)
    {
        using Network network = Chain(12);
        Initializer.Apply(network, Rule(scheme), 3);
        MapShape input = network.Input.WithBatch(4);
        using PlanRun run = new(network, input, inputGradient: false);
        RandomStream random = new(5, RandomPurpose.Testing, 0, 0);
        run.Forward(Packed.Gaussian(ref random, input.Pixels * input.C));
        SoftmaxCrossEntropy.Run(
            run.Workspace.OutputShape, run.Workspace.Output, [0, 1, 2, 3], 0.25, new double[4], run.Workspace.OutputGradient, run.Workspace.Context);
        DecayMonitor monitor = new(network, Decay);
        run.Plan.Backward(run.Workspace, monitor);
        return monitor.Shares;
    }

    private static InitializationOptions Rule(string scheme) => new() { Scheme = InitializationScheme.Parse(scheme), PaperLinear = false };

    private static Network Chain(int depth)
    {
        List<Layer> layers = [];
        for (int i = 1; i <= depth; i++)
        {
            layers.Add(new Convolution($"conv{i}", 16, 16, Window.Square(3, 1, 1)));
            layers.Add(new ReLU($"f{i}"));
        }

        layers.Add(new Linear("fc", MapShape.Map(1, 8, 8, 16), 10));
        return new Network("chain", MapShape.Map(1, 8, 8, 16), layers);
    }
}
