using Rectify.Execution;
using Rectify.Kernels.Simd;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Tests.Execution;

public sealed class PlanGradientTests
{
    // float32 rounds at 6e-8; the sums here have some hundred terms and the nets up to seven layers. A wrong term is of the order of 1.
    private const double Tolerance = 2e-5;

    // Below this distance from a kink float32 may fall on the other side; such a net is left out.
    private const double KinkWindow = 1e-5;

    public static TheoryData<Isa> Widths => [.. new[] { Isa.Scalar, Isa.V128, Isa.V256, Isa.V512 }.Where(isa => isa <= IsaDetection.Widest)];

    [Fact]
    public void Twin_RandomNetworks_GradientsAgreeWithCentralDifferences()
    {
        int done = 0;
        for (int seed = 0; seed < 16; seed++)
        {
            TrainingMoment moment = new(5, 3, 1);
            (Network network, MapShape input) = RandomNetwork.Create(seed, dropout: true);
            using (network)
            {
                NetworkTwin twin = new(network, input, moment);
                (double[] x, double[] dy) = InputAndGradient(seed, input, twin.OutputShape);
                done += GradientCheck.Run(twin, network, input, x, dy, $"seed {seed}") ? 1 : 0;
            }
        }

        Assert.True(done >= 12, $"Only {done} of 16 nets were away from kinks.");
    }

    [Fact]
    public void Twin_RandomBlocks_GradientsAgreeWithCentralDifferences()
    {
        int done = 0;
        for (int seed = 0; seed < 16; seed++)
        {
            (Network network, MapShape input) = RandomNetwork.CreateOfBlocks(seed);
            using (network)
            {
                NetworkTwin twin = new(network, input);
                (double[] x, double[] dy) = InputAndGradient(seed, input, twin.OutputShape);
                done += GradientCheck.Run(twin, network, input, x, dy, $"blocks, seed {seed}") ? 1 : 0;
            }
        }

        Assert.True(done >= 10, $"Only {done} of 16 nets were away from kinks.");
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Plan_RandomBlocks_AgreesWithTwin(Isa isa)
    {
        int done = 0;
        for (int seed = 200; seed < 240; seed++)
        {
            (Network network, MapShape input) = RandomNetwork.CreateOfBlocks(seed);
            using (network)
            {
                // More layers, and a shared slope's gradient is one sum of some hundred terms that may cancel.
                done += Agrees(network, input, seed, isa, 5 * Tolerance) ? 1 : 0;
            }
        }

        Assert.True(done >= 25, $"Only {done} of 40 nets were away from kinks.");
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Plan_RandomNetworks_AgreesWithTwin(Isa isa)
    {
        int done = 0;
        for (int seed = 100; seed < 140; seed++)
        {
            (Network network, MapShape input) = RandomNetwork.Create(seed, dropout: true);
            using (network)
            {
                done += Agrees(network, input, seed, isa) ? 1 : 0;
            }
        }

        Assert.True(done >= 30, $"Only {done} of 40 nets were away from kinks.");
    }

    [Fact]
    public void Plan_TwinWithPaddingOffByOne_Differs()
    {
        using Network network = new("shifted", MapShape.Map(1, 6, 6, 3), [new Convolution("conv", 3, 5, new Window(3, 3, 1, 1, 1, 1, 1, 1))]);
        using Network other = new("centred", MapShape.Map(1, 6, 6, 3), [new Convolution("conv", 3, 5, new Window(3, 3, 1, 1, 2, 1, 0, 1))]);
        RandomStream random = new(1, RandomPurpose.Testing, 0, 0);
        RandomNetwork.Fill(network, ref random);
        network.Parameters[0].Values.CopyTo(other.Parameters[0].Values);
        MapShape input = MapShape.Map(2, 6, 6, 3);
        NetworkTwin twin = new(other, input);
        (double[] x, _) = InputAndGradient(1, input, twin.OutputShape);
        using PlanRun run = new(network, input);
        Stored(x, run.Workspace.Input);
        run.Plan.Forward(run.Workspace);
        Assert.True(Packed.ErrorOverRms(run.Workspace.Output, twin.Forward(x)) > 0.1);
    }

    private static bool Agrees(Network network, MapShape input, int seed, Isa isa, double tolerance = Tolerance)
    {
        TrainingMoment moment = new(9, 2, 3);
        NetworkTwin twin = new(network, input, moment);
        (double[] x, double[] dy) = InputAndGradient(seed, input, twin.OutputShape);
        double[] y = twin.Forward(x);
        if (twin.Margin < KinkWindow)
        {
            return false;
        }

        using PlanRun run = new(network, input, isa: isa);
        string where = $"RandomNetwork '{network.Name}' on {input}, {isa}: {string.Join(" | ", network.Layers)}";
        Stored(x, run.Workspace.Input);
        run.Plan.Forward(run.Workspace, moment);
        Close(run.Workspace.Output, y, $"output of {where}", tolerance);
        Packed.Read(run.Workspace.OutputShape, run.Workspace.Output);
        Stored(dy, run.Workspace.OutputGradient);
        run.Plan.Backward(run.Workspace);
        Close(run.Workspace.InputGradient, twin.Backward(dy), $"dx of {where}", tolerance);
        Packed.Read(run.Workspace.InputShape, run.Workspace.InputGradient);
        foreach (Parameter parameter in network.Parameters)
        {
            Close(run.Workspace.Gradient(parameter), twin.Gradients[parameter], $"gradient of {parameter} of {where}", tolerance);
        }

        return true;
    }

    private static void Close(ReadOnlySpan<float> actual, ReadOnlySpan<double> expected, string what, double tolerance)
    {
        double error = Packed.ErrorOverRms(actual, expected);
        Assert.True(error <= tolerance, $"{what}: off by {error} of its rms.");
    }

    private static (double[] X, double[] Dy) InputAndGradient(int seed, MapShape input, MapShape output)
    {
        RandomStream random = new((ulong)seed, RandomPurpose.Testing, 1, 0);
        float[] x = new float[input.Length];
        float[] dy = new float[output.Length];
        Packed.Write(input, Packed.Gaussian(ref random, input.Pixels * input.C), x);
        Packed.Write(output, Packed.Gaussian(ref random, output.Pixels * output.C), dy);
        return (Packed.ToDoubles(x), Packed.ToDoubles(dy));
    }

    private static void Stored(double[] values, Span<float> destination)
    {
        for (int i = 0; i < values.Length; i++)
        {
            destination[i] = (float)values[i];
        }
    }
}
