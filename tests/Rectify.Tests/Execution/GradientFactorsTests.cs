using System.Runtime.InteropServices;
using Rectify.Execution;
using Rectify.Layers;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Tests.Execution;

/// <summary>Gradients of fully connected layers kept as factors, against those that are stored.</summary>
[Collection(CountedMemory.Name)]
public sealed class GradientFactorsTests
{
    private const int Images = 7;
    private const double Rate = 0.05;

    // A mini-batch in micro-batches, the last smaller.
    private static readonly int[] Parts = [3, 3, 1];

    [Fact]
    public void Gradient_OfSeveralMicroBatches_EqualsTheStored()
    {
        using Network network = Create();
        using Session factored = new(network, Images);
        using Session stored = new(network, images: 0);
        Assert.Equal(["fc1.weight", "fc2.weight"], Factored(factored));
        Assert.Empty(Factored(stored));
        factored.Backward(Parts);
        stored.Backward(Parts);
        Assert.Equal(Images, factored.Workspace.Factors(network.Parameters[0])!.Images);
        AssertSameGradients(network, factored, stored);
        Assert.Empty(Factored(factored));

        // Cleared, they are factors again, and zero.
        factored.Workspace.ClearGradients();
        Assert.Equal(["fc1.weight", "fc2.weight"], Factored(factored));
        Assert.All(network.Parameters, parameter => Assert.True(factored.Workspace.Gradient(parameter).IndexOfAnyExcept(0f) < 0, parameter.Name));
    }

    // In the midst of a mini-batch, and with more images than were announced.
    [Theory]
    [InlineData(new[] { 3, 3, 1 }, 1)]
    [InlineData(new[] { 3, 3, 3, 1 }, -1)]
    public void Gradient_LookedAtBetweenOrOverfull_EqualsTheStored(int[] parts, int lookAfter)
    {
        using Network network = Create();
        using Session factored = new(network, Images);
        using Session stored = new(network, images: 0);
        factored.Backward(parts, lookAfter);
        stored.Backward(parts);
        Assert.Empty(Factored(factored));
        AssertSameGradients(network, factored, stored);
    }

    [Theory]
    [InlineData(0.9, 0.0005)]
    [InlineData(0.0, 0.0005)]
    [InlineData(0.9, 0.0)]
    [InlineData(0.0, 0.0)]
    public void Update_SeveralSteps_EqualsThatByStoredGradients(double momentum, double decay)
    {
        using Network factored = Create();
        using Network seen = Create();
        using Network stored = Create();
        TrainerOptions options = new() { Momentum = momentum, WeightDecay = decay };
        float[][] byFactors = Train(factored, options, Images, look: false);
        float[][] bySeen = Train(seen, options, Images, look: true);
        float[][] byStored = Train(stored, options, images: 0, look: false);
        for (int i = 0; i < byStored.Length; i++)
        {
            // Multiplied out whole or in pieces it has the same bits; sums of sums differ by roundings.
            Assert.Equal(Bits(bySeen[i]), Bits(byFactors[i]));
            Assert.InRange(Packed.ErrorOverRms(byFactors[i], Packed.ToDoubles(byStored[i])), 0.0, 2e-5);
        }
    }

    [Fact]
    public void Update_MoreWorkers_SameBits()
    {
        int[][] results = [.. new[] { 1, 2, 4 }.Select(workers =>
        {
            using Network network = Create();
            return Bits([.. Train(network, new TrainerOptions(), Images, look: false, workers).SelectMany(values => values)]);
        })];
        Assert.All(results, result => Assert.Equal(results[0], result));
    }

    // Whoever sums gradients over machines writes them back.
    [Fact]
    public void Update_GradientWrittenTo_UsesWhatWasWritten()
    {
        using Network network = Create();
        using Session session = new(network, Images);
        using MomentumOptimizer optimizer = new(network, new TrainerOptions { WeightDecay = 0.0 });
        Parameter weight = network.Parameters[0];
        float before = weight.Values[5];
        session.Backward(Parts);
        session.Workspace.Gradient(weight)[5] = 3f;
        optimizer.Update(session.Workspace, 0.5);
        Assert.Equal(before - 1.5f, weight.Values[5]);
    }

    [Fact]
    public void Update_NoImages_IsDecayAlone()
    {
        using Network network = Create();
        using Session session = new(network, Images);
        using MomentumOptimizer optimizer = new(network, new TrainerOptions { WeightDecay = 0.5 });
        Parameter weight = network.Parameters[0];
        float[] before = weight.Values.ToArray();
        session.Workspace.ClearGradients();
        optimizer.Update(session.Workspace, 0.5);
        Assert.Equal(before.Select(w => w - (0.25f * w)), weight.Values.ToArray());
    }

    [Fact]
    public void GradientNorm_OfFactors_IsThatOfTheProduct()
    {
        using Network network = Create();
        using Session session = new(network, Images);
        session.Backward(Parts);
        double[] norms = [.. network.Parameters.Select(session.Workspace.GradientNorm)];
        Assert.Equal(["fc1.weight", "fc2.weight"], Factored(session));
        foreach ((Parameter parameter, double norm) in network.Parameters.Zip(norms))
        {
            double expected = Math.Sqrt(session.Workspace.Gradient(parameter).ToArray().Sum(g => (double)g * g));
            Assert.Equal(expected, session.Workspace.GradientNorm(parameter), 1e-9 * expected);
            Assert.Equal(expected, norm, 1e-6 * expected);
        }
    }

    // 1e20·1e20 overflows; 1e14·1e14 does not, though it is not modest.
    [Theory]
    [InlineData(1f, true, false)]
    [InlineData(1e14f, false, false)]
    [InlineData(1e20f, false, true)]
    public void CountNotFinite_OfFactors_IsExact(float scale, bool known, bool spoiled)
    {
        using Network network = new("linear", MapShape.Map(1, 1, 1, 64), [new Linear("fc", MapShape.Map(1, 1, 1, 64), 64)]);
        using PlanRun run = new(network, MapShape.Map(2, 1, 1, 64), inputGradient: false, images: 4);
        Parameter weight = network.Parameters[0];
        float[] x = new float[128], dy = new float[128];
        (x[3], x[64 + 4], dy[0], dy[64 + 7]) = (1f, scale, 1f, scale);
        for (int part = 0; part < 2; part++)
        {
            run.Forward(part == 0 ? x : new float[128]);
            run.Backward(part == 0 ? dy : new float[128]);
        }

        Assert.Equal(known, run.Workspace.IsKnownFinite(weight));

        // With factors of other ranks among them they are looked at again.
        run.Workspace.NoteOthers(weight);
        Assert.Equal(known, run.Workspace.IsKnownFinite(weight));
        Assert.Equal(spoiled ? 1 : 0, run.Workspace.CountNotFinite(weight));
        Assert.NotNull(run.Workspace.Factors(weight));
    }

    [Fact]
    public void Bytes_OfFactors_AreFewerUntilTheGradientIsWantedWhole()
    {
        // Buffers that other tests left to the finalizer are no concern of this.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using Network network = Create();
        long before = NativeBuffer.LiveBytes;
        using (Session factored = new(network, Images))
        {
            Workspace workspace = factored.Workspace;
            long arena = workspace.Plan.ArenaBytes(workspace.Context, ExecutionMode.Training, workspace.InputShape);
            long all = sizeof(float) * network.Parameters.Sum(parameter => (long)parameter.StoredLength);
            long bytes = workspace.Bytes;
            Assert.Equal(arena + workspace.Plan.GradientBytes(workspace.Context, Images), bytes);
            Assert.Equal(arena + all, arena + workspace.Plan.GradientBytes(workspace.Context, 0));
            factored.Backward(Parts);
            Assert.Equal((bytes, before + bytes), (workspace.Bytes, NativeBuffer.LiveBytes));
            Parameter weight = network.Parameters[0];
            workspace.Gradient(weight);
            workspace.ClearGradients();
            factored.Backward(Parts, lookAfter: 0);
            long products = sizeof(float) * network.Parameters.Where(parameter => parameter is Weight).Sum(parameter => (long)parameter.StoredLength);
            Assert.Equal((bytes + products, before + bytes + products), (workspace.Bytes, NativeBuffer.LiveBytes));
        }

        Assert.Equal(before, NativeBuffer.LiveBytes);
    }

    [Fact]
    public void Pay_ManyImages_StoresTheGradient()
    {
        using Network network = Create();
        using PlanRun more = new(network, network.Input.WithBatch(3), images: 10);
        using PlanRun many = new(network, network.Input.WithBatch(3), images: 1000);
        Assert.Equal(["fc1.weight"], Factored(network, more.Workspace));
        Assert.Empty(Factored(network, many.Workspace));
    }

    private static Network Create()
    {
        Network network = new(
            "two",
            MapShape.Map(1, 2, 2, 20),
            [new Linear("fc1", MapShape.Map(1, 2, 2, 20), 70), new ReLU("f"), new Linear("fc2", MapShape.Map(1, 1, 1, 70), 50)]);
        RandomStream random = new(3, RandomPurpose.Testing, 0, 0);
        RandomNetwork.Fill(network, ref random);
        return network;
    }

    // Parameters and velocities after three steps.
    private static float[][] Train(Network network, TrainerOptions options, int images, bool look, int workers = 1)
    {
        using Session session = new(network, images, workers);
        using MomentumOptimizer optimizer = new(network, options);
        for (int step = 0; step < 3; step++)
        {
            session.Workspace.ClearGradients();
            session.Backward(Parts);
            if (look)
            {
                Assert.All(network.Parameters, parameter => Assert.False(session.Workspace.Gradient(parameter).IsEmpty));
            }

            optimizer.Update(session.Workspace, Rate);
            Assert.Equal(images > 0 && !look ? 2 : 0, Factored(session).Count());
        }

        return [.. network.Parameters.SelectMany(parameter => (float[][])[parameter.Values.ToArray(), optimizer.Velocity(parameter).ToArray()])];
    }

    private static void AssertSameGradients(Network network, Session actual, Session expected) => Assert.All(network.Parameters, parameter =>
        Assert.InRange(Packed.ErrorOverRms(actual.Workspace.Gradient(parameter), Packed.ToDoubles(expected.Workspace.Gradient(parameter))), 0.0, 1e-6));

    private static IEnumerable<string> Factored(Session session) => Factored(session.Workspace.Plan.Network, session.Workspace);

    private static IEnumerable<string> Factored(Network network, Workspace workspace) =>
        network.Parameters.Where(parameter => workspace.Factors(parameter) is not null).Select(parameter => parameter.Name);

    private static int[] Bits(float[] values) => [.. MemoryMarshal.Cast<float, int>(values)];

    private sealed class Session : IDisposable
    {
        private readonly Network _network;
        private readonly PlanRun _run;

        public Session(Network network, int images, int workers = 1) =>
            (_network, _run) = (network, new PlanRun(network, network.Input.WithBatch(Parts.Max()), workers: workers, inputGradient: false, images: images));

        public Workspace Workspace => _run.Workspace;

        // The same numbers every time; after one of the parts somebody looks at all gradients.
        public void Backward(int[] parts, int lookAfter = -1)
        {
            RandomStream random = new(4, RandomPurpose.Testing, 0, 0);
            for (int part = 0; part < parts.Length; part++)
            {
                _run.Workspace.Bind(_network.Input.WithBatch(parts[part]));
                _run.Forward(Packed.Gaussian(ref random, parts[part] * 80));
                _run.Backward(Packed.Gaussian(ref random, parts[part] * 50));
                if (part == lookAfter)
                {
                    Assert.All(_network.Parameters, parameter => Assert.False(_run.Workspace.Gradient(parameter).IsEmpty));
                }
            }
        }

        public void Dispose() => _run.Dispose();
    }
}
