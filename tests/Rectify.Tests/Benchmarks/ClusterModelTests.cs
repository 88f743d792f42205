using Rectify.Benchmarks;
using Rectify.Execution;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Tensors;

namespace Rectify.Tests.Benchmarks;

/// <summary>What several machines are reckoned to reach.</summary>
[Trait("Width", "any")]
public sealed class ClusterModelTests
{
    private const int Batch = 128;

    // Fast enough that nothing is waited for.
    private static readonly ClusterLink Free = new(1e9, 0.0, 1e9);

    // "On 4 GPUs 3.8 times faster, on 8 6.0" (section 3): A's step took 2.6 s on four K20 (3.52 peak TFLOP/s), C was trained on eight K40 (4.29). How gradients travelled
    // the paper does not say: one GPU in the middle and PCI Express at 6 GB/s, with nothing else going on meanwhile, comes to what was observed.
    [Theory]
    [InlineData("a", 4, 3.8)]
    [InlineData("c", 8, 6.0)]
    public void Reckon_ThePapersHybrid_ComesToThePapersSpeedUps(string model, int gpus, double paper)
    {
        using Network network = ModelBuilder.Build(model, new ModelOptions { Classes = 1000 });
        using Network a = ModelBuilder.Build("a", new ModelOptions { Classes = 1000 });
        double step = 2.6 * 3.8 * network.MultiplyAdds(network.Input) / a.MultiplyAdds(a.Input) * (gpus == 8 ? 3.52 / 4.29 : 1.0);
        ClusterLink bus = new(8 * 6, 20e-6, 100) { IsStar = true, Overlaps = false };
        ClusterPoint point = new ClusterModel(network, Batch).Reckon(
            ClusterScheme.Hybrid, bus, gpus, ClusterModel.Even(network, step / gpus), ClusterModel.Even(network, step));
        Assert.InRange(step / point.Seconds, 0.95 * paper, 1.05 * paper);

        // Sums in parts that go on meanwhile would have done better.
        ClusterPoint better = new ClusterModel(network, Batch).Reckon(
            ClusterScheme.Factors, bus with { IsStar = false, Overlaps = true }, gpus, ClusterModel.Even(network, step / gpus), ClusterModel.Even(network, step));
        Assert.InRange(step / better.Seconds, 0.97 * gpus, gpus);
    }

    [Fact]
    public void Reckon_NothingToWaitFor_IsTheShare()
    {
        using Network network = ModelBuilder.Build("a", new ModelOptions { Classes = 1000 });
        ClusterModel model = new(network, Batch);
        IReadOnlyList<ClusterPart> share = ClusterModel.Even(network, 2.0), whole = ClusterModel.Even(network, 16.0);
        Assert.Equal(2.0, model.Reckon(ClusterScheme.Factors, Free, 8, share, whole).Seconds, 1e-6);
        Assert.Equal(2.0, model.Reckon(ClusterScheme.Data, Free, 8, share, whole).Seconds, 1e-6);

        // The fully connected layers' 0.8 % of eight times the work on one machine: 63 bins of 512 maps to 4096, 4096 to 4096, 4096 to 1000.
        double connected = ((63 * 512 * 4096.0) + (4096 * 4096) + (4096 * 1000)) / network.MultiplyAdds(network.Input);
        Assert.Equal((2.0 * (1 - connected)) + (16.0 * connected), model.Reckon(ClusterScheme.Hybrid, Free, 8, share, whole).Seconds, 1e-4);

        // One machine waits for nobody.
        ClusterPoint alone = model.Reckon(ClusterScheme.Hybrid, new ClusterLink(1, 1, 1), 1, whole, whole);
        Assert.Equal((0.0, 0.0, 16.0), (alone.WaitSeconds, alone.BytesIn, alone.Seconds), new Near());
    }

    [Fact]
    public void Reckon_Gradients_TravelWhileLayersBeforeAreComputed()
    {
        // Two convolutions of 32 → 32, 36,864 bytes each, and 128 + 128 bytes of biases.
        using Network network = new(
            "two",
            MapShape.Map(1, 8, 8, 32),
            [new Convolution("one", 32, 32, Window.Square(3, 1, 1)), new Convolution("two", 32, 32, Window.Square(3, 1, 1))]);
        ClusterPart[] parts =
        [
            new("one", StepPass.Forward, 1), new("two", StepPass.Forward, 1), new("two", StepPass.BackwardFilter, 1), new("two", StepPass.BackwardData, 1),
            new("one", StepPass.BackwardFilter, 1), new("network", StepPass.Update, 0.25),
        ];

        // On two machines a sum moves as many bytes as it has: each takes 1.5 s.
        ClusterLink link = new(8e-9 * 36_864 / 1.5, 0.0, 1e9);
        ClusterModel model = new(network, Batch);
        double small = 1.5 * 256 / 36_864;
        ClusterPoint point = model.Reckon(ClusterScheme.Factors, link, 2, parts, parts);
        Assert.Equal(1.5 + small, point.WaitSeconds, 1e-6);
        Assert.Equal(5.25, point.ComputeSeconds, 1e-9);
        Assert.Equal((2 * 36_864.0) + 256, point.BytesIn, 1e-6);

        // With nothing going on meanwhile both are waited for; in the middle of a star all goes through twice.
        Assert.Equal(3.0 + small, model.Reckon(ClusterScheme.Factors, link with { Overlaps = false }, 2, parts, parts).WaitSeconds, 1e-6);
        Assert.Equal(2 * 3 * (3.0 + small), model.Reckon(ClusterScheme.Factors, link with { Overlaps = false, IsStar = true }, 4, parts, parts).WaitSeconds, 1e-5);
    }

    [Fact]
    public void Reckon_BytesOfModelA_AreThoseOfTheDecision()
    {
        using Network network = ModelBuilder.Build("a", new ModelOptions { Classes = 1000 });
        ClusterModel model = new(network, Batch);
        double Megabytes(ClusterScheme scheme, int nodes) => 1e-6 * model.Reckon(scheme, Free, nodes, ClusterModel.Even(network, 1), ClusterModel.Even(network, 1)).BytesIn;
        Assert.Equal((712, 108, 113), (Megabytes(ClusterScheme.Data, 2), Megabytes(ClusterScheme.Hybrid, 2), Megabytes(ClusterScheme.Factors, 2)), new Near(1.0));
        Assert.Equal((1246, 190, 197), (Megabytes(ClusterScheme.Data, 8), Megabytes(ClusterScheme.Hybrid, 8), Megabytes(ClusterScheme.Factors, 8)), new Near(1.0));
    }

    private sealed class Near(double tolerance = 1e-9) : IEqualityComparer<(double A, double B, double C)>
    {
        public bool Equals((double A, double B, double C) x, (double A, double B, double C) y) =>
            Math.Abs(x.A - y.A) <= tolerance && Math.Abs(x.B - y.B) <= tolerance && Math.Abs(x.C - y.C) <= tolerance;

        public int GetHashCode((double A, double B, double C) values) => 0;
    }
}
