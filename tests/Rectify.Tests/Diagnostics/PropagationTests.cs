using Rectify.Diagnostics;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Tensors;
using Rectify.Tests.Execution;

namespace Rectify.Tests.Diagnostics;

/// <summary>Predicted against measured, over draws of the weights: with fixed weights no number of pixels brings the two together.</summary>
public sealed class PropagationTests
{
    private const int Draws = 24;

    public static TheoryData<string, bool> Rules
    {
        get
        {
            TheoryData<string, bool> rules = [];
            foreach (string scheme in (string[])["he-in", "he-out", "xavier"])
            {
                rules.Add(scheme, false);
                rules.Add(scheme, true);
            }

            return rules;
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Predict_RandomNets_AgreesWithMeasuredAndWouldNotWithoutTheHalf(string scheme, bool padded)
    {
        for (int seed = 0; seed < 3; seed++)
        {
            using Network network = RandomChain(seed, padded, out double half);
            InitializationOptions options = new() { Scheme = InitializationScheme.Parse(scheme), PaperLinear = false };
            PropagationPrediction prediction = Propagation.Predict(network, options);
            double[] forward = new double[Draws];
            double[] backward = new double[Draws];
            for (int draw = 0; draw < Draws; draw++)
            {
                Initializer.Apply(network, options, (ulong)((1000 * seed) + draw));
                PropagationMeasurement measured = Measure(network, seed, out double input, out double output);
                forward[draw] = 2 * Math.Log(measured.Layers[^1].Response.Rms / input);
                backward[draw] = 2 * Math.Log(measured.Layers[1].InputGradient!.Value.Rms / output);
            }

            string where = $"{scheme}, padded {padded}, seed {seed}: {string.Join(" | ", network.Layers)}";
            Agrees(forward, Math.Log(prediction.Layers[^1].Corrected.Forward), half, $"forward, {where}");
            Agrees(backward, Math.Log(prediction.Layers[1].Corrected.Backward), half, $"backward, {where}");
        }
    }

    [Fact]
    public void Predict_ResidualBlocks_AgreesWithMeasuredAndWouldNotWithoutTheShortcuts()
    {
        // Each block adds as much as it was given: the variance doubles, forward and backward.
        MapShape input = MapShape.Map(1, 8, 8, 64);
        Residual Block(string name) => new(
            name,
            [new ReLU("f"), new Convolution("conv1", 64, 64, Window.Square(3, 1, 1)), new LeakyReLU("g", 0.3f), new Convolution("conv2", 64, 64, Window.Square(3, 1, 1))]);
        using Network network = new(
            "residual",
            input,
            [new Convolution("first", 64, 64, Window.Square(1)), Block("a"), Block("b"), Block("c"), new ReLU("last.f"), new Convolution("last", 64, 64, Window.Square(1))]);
        InitializationOptions options = new() { Scheme = InitializationScheme.Parse("he-in") };
        PropagationPrediction prediction = Propagation.Predict(network, options);
        double[] forward = new double[Draws];
        double[] backward = new double[Draws];
        for (int draw = 0; draw < Draws; draw++)
        {
            Initializer.Apply(network, options, (ulong)draw);
            PropagationMeasurement measured = Measure(network, 1, out double x, out double dy);
            forward[draw] = 2 * Math.Log(measured.Layers[^1].Response.Rms / x);
            backward[draw] = 2 * Math.Log(measured.Layers[0].ResponseGradient.Rms / dy);
        }

        Agrees(forward, Math.Log(prediction.Layers[^1].Corrected.Forward), 3 * Math.Log(2), "forward");

        // Of the first layer Δy is measured; the theory gives its Δx, which is n̂·Var[w] times that.
        double first = prediction.Layers[0].Corrected.Backward / (64 * Math.Pow(prediction.Layers[0].Std, 2));
        Agrees(backward, Math.Log(first), 3 * Math.Log(2), "backward");
    }

    [Fact]
    public void Measure_BatchAndGradient_AgreesWithTheTwin()
    {
        using Network network = EveryKind.Create(dropout: false);
        MapShape input = EveryKind.Input(2, 11, 13);
        NetworkTwin twin = new(network, input);
        double[] y = twin.Forward(Packed.ToDoubles(EveryKind.Photos(input)));
        twin.Backward(Stored(twin.OutputShape, EveryKind.Dy(2)));
        using Workers workers = new(2);
        PropagationMeasurement measured = Propagation.Measure(
            network, new KernelContext(workers, IsaDetection.Widest), input, EveryKind.Photos(input), FloatsOf(Stored(twin.OutputShape, EveryKind.Dy(2))));
        Node[] weighted = [.. network.Nodes.Where(node => node.Weight is not null)];
        Assert.Equal(weighted.Select(node => node.Layer.Name), measured.Layers.Select(layer => layer.Name));
        for (int i = 0; i < weighted.Length; i++)
        {
            int map = network.Nodes.ToList().IndexOf(weighted[i]) + 1;
            Same(twin.Map(map), measured.Layers[i].Response, $"y of {weighted[i].Layer}");
            Same(twin.GradientOf(map), measured.Layers[i].ResponseGradient, $"dy of {weighted[i].Layer}");
            int source = weighted[i].Sources[0];
            Assert.Equal(source == 0, measured.Layers[i].InputGradient is null);
            if (measured.Layers[i].InputGradient is { } dx)
            {
                Same(twin.GradientOf(source), dx, $"dx of {weighted[i].Layer}");
            }

            (MapShape shape, double[] values) = twin.Map(map);
            double inactive = Enumerable.Range(0, shape.Pixels).Count(pixel => values[pixel * shape.Pitch] <= 0) / (double)shape.Pixels;
            Assert.Equal(inactive, measured.Layers[i].Inactive[0], 1e-12);
            Assert.Equal(shape.C, measured.Layers[i].Inactive.Count);
        }

        Assert.Equal(y.Length, twin.Map(network.Nodes.Count).Values.Length);
    }

    [Fact]
    public void Measure_ChannelThatNothingReaches_IsDead()
    {
        MapShape input = MapShape.Map(2, 4, 4, 8);
        using Network network = new("dead", input, [new Convolution("conv", 8, 4, Window.Square(1)), new ReLU("f"), new Linear("fc", MapShape.Map(1, 4, 4, 4), 3)]);
        Initializer.Apply(network, InitializationOptions.Paper, 1);
        ((Convolution)network.Layers[0]).Bias!.Values[2] = -100f;
        RandomStream random = new(1, RandomPurpose.Testing, 0, 0);
        float[] x = new float[input.Length];
        Packed.Write(input, Packed.Gaussian(ref random, input.Pixels * 8), x);
        using Workers workers = new(1);
        float[] before = network.Parameters[0].Values.ToArray();
        PropagationMeasurement measured = Propagation.Measure(network, new KernelContext(workers, IsaDetection.Widest), input, x, (int[])[0, 2]);
        Assert.Equal(0.25, measured.Layers[0].DeadShare);
        Assert.Equal(1.0, measured.Layers[0].Inactive[2]);
        Assert.True(measured.Layers[^1].ResponseGradient.Rms > 0);
        Assert.Equal(before, network.Parameters[0].Values.ToArray());
        IReadOnlyList<PropagationRow> rows = Propagation.Compare(Propagation.Predict(network), measured);
        Assert.Equal(["conv", "fc"], rows.Select(row => row.Name));
        Assert.Equal(0.25, rows[0].DeadShare);
        Assert.Equal(1.0, rows[0].MeasuredForward);
        Assert.Null(rows[0].MeasuredBackward);
        Assert.Equal(1.0, rows[1].MeasuredBackward);
        Assert.Equal(rows[0].Std, Propagation.Predict(network).Layers[0].Std);
    }

    // Log-normal, as a product of many factors is: log E = E log + ½ Var log. Var log grows as L/width, and is what the error is taken from.
    private static void Agrees(double[] logs, double predicted, double half, string where)
    {
        double mean = logs.Average();
        double variance = logs.Sum(log => (log - mean) * (log - mean)) / (logs.Length - 1);
        double error = 4 * Math.Sqrt((variance / logs.Length) + (variance * variance / (2 * logs.Length)));
        double found = mean + (variance / 2);
        Assert.True(Math.Abs(found - predicted) <= error, $"{where}: log of the variance {found:f3} ± {error:f3}, predicted {predicted:f3}.");

        // Without the factor ½(1+a²) of the rectifiers between the layers.
        Assert.True(Math.Abs(found - (predicted - half)) > error, $"{where}: {found:f3} ± {error:f3} does not tell from {predicted - half:f3}.");
    }

    // Filters of 1×1 to 3×3, 40 to 80 of them, rectifiers with slopes 0 to 0.5; half is the log of the rectifiers' factor.
    private static Network RandomChain(int seed, bool padded, out double half)
    {
        RandomStream random = new((ulong)seed, RandomPurpose.Testing, 7, 0);
        int c = 32 + random.NextInt(32);
        MapShape input = MapShape.Map(4, 12, 12, c);
        MapShape shape = input;
        List<Layer> layers = [];
        half = 0.0;
        int count = 5 + random.NextInt(2);
        for (int i = 1; i <= count; i++)
        {
            int size = padded ? 3 : 1 + random.NextInt(3);
            layers.Add(new Convolution($"conv{i}", shape.C, 40 + random.NextInt(40), Window.Square(size, 1, padded ? 1 : 0)));
            shape = layers[^1].Output(shape);
            if (i < count)
            {
                float slope = 0.5f * random.NextSingle();
                layers.Add(random.NextInt(3) == 0 ? new ReLU($"f{i}") : new LeakyReLU($"f{i}", slope));
                half += Math.Log((1 + Math.Pow(((Rectifier)layers[^1]).InitialSlope, 2)) / 2);
            }
        }

        return new Network($"chain{seed}", input, layers);
    }

    private static PropagationMeasurement Measure(Network network, int seed, out double inputRms, out double outputRms)
    {
        RandomStream random = new((ulong)seed, RandomPurpose.Testing, 8, 0);
        MapShape input = network.Input.WithBatch(4);
        MapShape output = network.Output.WithBatch(4);
        float[] x = new float[input.Length];
        float[] dy = new float[output.Length];
        Packed.Write(input, Packed.Gaussian(ref random, input.Pixels * input.C), x);
        Packed.Write(output, Packed.Gaussian(ref random, output.Pixels * output.C), dy);
        (inputRms, outputRms) = (MapStatistics.Of(input, x).Rms, MapStatistics.Of(output, dy).Rms);
        using Workers workers = new(1);
        return Propagation.Measure(network, new KernelContext(workers, IsaDetection.Widest), input, x, dy);
    }

    private static void Same((MapShape Shape, double[] Values) expected, MapStatistics actual, string what)
    {
        double[] logical = [.. expected.Values.Where((_, i) => i % expected.Shape.Pitch < expected.Shape.C)];
        double rms = Math.Sqrt(logical.Sum(value => value * value) / logical.Length);
        double mean = logical.Average();
        Assert.True(Math.Abs(actual.Rms - rms) <= 1e-5 * rms, $"{what}: rms {actual.Rms}, not {rms}.");
        Assert.True(Math.Abs(actual.Mean - mean) <= 1e-5 * rms, $"{what}: mean {actual.Mean}, not {mean}.");
        Assert.Equal(Math.Sqrt((rms * rms) - (mean * mean)), actual.Std, 1e-4 * rms);
    }

    private static double[] Stored(MapShape shape, float[] packed)
    {
        float[] stored = new float[shape.Length];
        Packed.Write(shape, packed, stored);
        return Packed.ToDoubles(stored);
    }

    private static float[] FloatsOf(double[] values) => [.. values.Select(value => (float)value)];
}
