using Rectify.Initialization;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Tensors;

namespace Rectify.Tests.Initialization;

/// <summary>Samples against formulas, close enough to tell the right one from its nearest rivals.</summary>
public sealed class InitializerTests
{
    private const ulong Seed = 2015;

    // conv2 has a = 0.875 before it and 0.25 after it, and fan-in 576 against fan-out 1440: no two formulas agree there.
    private const int Conv2 = 3;
    private const int Fc1 = 8;
    private const int FanIn = 9 * 64;
    private const int FanOut = 9 * 160;

    public static TheoryData<string, double> Rules => new()
    {
        { "he-out", Math.Sqrt(2.0 / (1.0625 * FanOut)) },
        { "he-in", Math.Sqrt(2.0 / (1.765625 * FanIn)) },
        { "xavier", Math.Sqrt(1.0 / FanIn) },
        { "xavier-uniform", Math.Sqrt(2.0 / (FanIn + FanOut)) },
        { "fixed:0.02", 0.02 },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Apply_EachRule_DrawsItsStdAndNoRivals(string scheme, double std)
    {
        using Network network = Sandwich();
        Initializer.Apply(network, Options(scheme), Seed);
        Weight weight = ((Convolution)network.Layers[Conv2]).Weight;
        (double sample, double mean, double kurtosis) = Moments(weight);
        bool uniform = scheme == "xavier-uniform";

        // The estimator's own standard deviation is std·√((κ−1)/4n), κ being 3 for normal, 1.8 for uniform numbers; five of them.
        double tolerance = 5.0 * std * Math.Sqrt(((uniform ? 1.8 : 3.0) - 1.0) / (4.0 * weight.Count));
        Assert.InRange(sample, std - tolerance, std + tolerance);
        Assert.InRange(mean, -5.0 * std / Math.Sqrt(weight.Count), 5.0 * std / Math.Sqrt(weight.Count));
        Assert.InRange(kurtosis, uniform ? 1.77 : 2.9, uniform ? 1.83 : 3.1);
        foreach ((string name, double rival) in Rivals())
        {
            // Twice the tolerance: a sample within it of one formula is outside it of any other.
            double apart = Math.Abs(rival - std);
            Assert.True(apart < 1e-9 || apart > 2.0 * tolerance, $"{scheme}: {name} with {rival} is too near to {std} ± {tolerance}.");
        }

        Assert.Equal(std, Initializer.Distribution(network, Conv2, Options(scheme)).Std, 12);
    }

    [Theory]
    [InlineData("orthogonal")]
    [InlineData("lsuv")]
    public void Apply_Orthogonal_FiltersAreAtRightAnglesAndOfOneLength(string scheme)
    {
        // conv2's filters number 160, its connections 576; fc1's 50 and 400; the first layer's 64 and 27: there the connections are orthogonal.
        using Network network = Sandwich();
        Initializer.Apply(network, Options(scheme), Seed);
        foreach (int layer in (int[])[0, Conv2, Fc1])
        {
            Weight weight = network.Nodes[layer].Weight!;
            double std = Initializer.Distribution(network, layer, Options(scheme)).Std;
            (int filters, int n) = (weight.Dimensions[0], weight.FanIn);
            Assert.Equal(InitializationMath.OrthogonalStd(n, filters, Initializer.SlopeBefore(network, layer)), std, 12);
            float[] values = Values(weight);
            bool rows = filters <= n;
            double At(int vector, int i) => rows ? values[(vector * n) + i] : values[(i * n) + vector];
            int length = Math.Max(filters, n);
            for (int a = 0; a < Math.Min(12, Math.Min(filters, n)); a++)
            {
                for (int b = 0; b <= a; b++)
                {
                    double dot = Enumerable.Range(0, length).Sum(i => At(a, i) * At(b, i));
                    Assert.Equal(a == b ? length * std * std : 0.0, dot, 1e-5 * length * std * std);
                }
            }
        }

        using Network again = Sandwich();
        Initializer.Apply(again, Options(scheme), Seed);
        Assert.Equal(Values(network.Nodes[Conv2].Weight!), Values(again.Nodes[Conv2].Weight!));
    }

    [Fact]
    public void Apply_XavierUniform_FillsItsBounds()
    {
        using Network network = Sandwich();
        Initializer.Apply(network, Options("xavier-uniform"), Seed);
        float[] values = Values(((Convolution)network.Layers[Conv2]).Weight);
        double bound = Math.Sqrt(6.0 / (FanIn + FanOut));
        Assert.InRange(values.Max(), 0.999 * bound, bound * 1.000001);
        Assert.InRange(values.Min(), -bound * 1.000001, -0.999 * bound);
    }

    [Fact]
    public void Apply_VggB_HasThePapersStds()
    {
        // Section 2.2: "the standard deviation is 0.059, 0.042, 0.029, and 0.021 when the filter numbers are 64, 128, 256, and 512".
        using Network network = ModelBuilder.Build("vgg-b", new ModelOptions { Activation = ActivationKind.ReLU });
        Dictionary<int, double> expected = new() { [64] = 0.059, [128] = 0.042, [256] = 0.029, [512] = 0.021 };
        for (int i = 0; i < network.Layers.Count; i++)
        {
            if (network.Layers[i] is Convolution convolution)
            {
                // 0.0295 is printed as 0.029.
                double paper = expected[convolution.Filters];
                Assert.InRange(Initializer.Distribution(network, i, InitializationOptions.Paper).Std, paper - 0.0005, paper + 0.0006);
            }
        }
    }

    [Fact]
    public void Distribution_PaperLinear_IsTheFixedStds()
    {
        using Network network = ModelBuilder.Build("a", new ModelOptions());
        double[] stds = [.. Enumerable.Range(0, network.Layers.Count)
            .Where(i => network.Layers[i] is Linear)
            .Select(i => Initializer.Distribution(network, i, InitializationOptions.Paper).Std)];
        Assert.Equal([0.01, 0.01, 0.001], stds);
    }

    [Fact]
    public void Distribution_LinearByTheRules_CountsItsOwnConnections()
    {
        // fc1 takes 5 bins of 80 channels to 50 outputs, a = 0 before it and 0.25 after it.
        using Network network = Sandwich();
        Assert.Equal(Math.Sqrt(2.0 / (1.0625 * 50)), Initializer.Distribution(network, Fc1, Options("he-out")).Std, 12);
        Assert.Equal(Math.Sqrt(2.0 / (5 * 80)), Initializer.Distribution(network, Fc1, Options("he-in")).Std, 12);
        Assert.Equal(Math.Sqrt(2.0 / ((5 * 80) + 50)), Initializer.Distribution(network, Fc1, Options("xavier-uniform")).Std, 12);
    }

    [Fact]
    public void Distribution_NoRectifierAfter_HasSlopeOne()
    {
        using Network network = Sandwich();
        int last = network.Layers.Count - 1;
        Assert.Equal(1.0, Initializer.SlopeAfter(network, last));
        Assert.Equal(Math.Sqrt(1.0 / 11), Initializer.Distribution(network, last, Options("he-out")).Std, 12);
    }

    [Fact]
    public void Distribution_NoRectifierBefore_HasSlopeOneButTheFirstTheNets()
    {
        using Network network = new(
            "bare",
            MapShape.Image(1, 8, 8, 3),
            [
                new Convolution("conv1", 3, 16, Window.Square(3), packedInput: true),
                new Convolution("conv2", 16, 16, Window.Square(3)),
                new LeakyReLU("f", 0.5f),
                new MaxPool("pool", Window.Square(2)),
                new Convolution("conv3", 16, 16, Window.Square(1)),
            ]);
        Assert.Equal(Math.Sqrt(2.0 / (1.25 * 27)), Initializer.Distribution(network, 0, Options("he-in")).Std, 12);
        Assert.Equal(Math.Sqrt(1.0 / (9 * 16)), Initializer.Distribution(network, 1, Options("he-in")).Std, 12);
        Assert.Equal(Math.Sqrt(2.0 / (1.25 * 16)), Initializer.Distribution(network, 4, Options("he-in")).Std, 12);
        Assert.Equal(Math.Sqrt(1.0 / (9 * 16)), Initializer.Distribution(network, 0, Options("he-out")).Std, 12);
        Assert.Equal(Math.Sqrt(2.0 / (1.25 * 9 * 16)), Initializer.Distribution(network, 1, Options("he-out")).Std, 12);
        Assert.Throws<ArgumentException>(() => Initializer.Distribution(network, 2, Options("he-in")));
    }

    [Fact]
    public void Apply_FirstLayerOfPReLUNet_ReckonsWithAQuarter()
    {
        using Network network = ModelBuilder.Build("small14", new ModelOptions { Crop = 32 });
        Assert.Equal(Math.Sqrt(2.0 / (1.0625 * 27)), Initializer.Distribution(network, 0, Options("he-in")).Std, 12);
    }

    [Fact]
    public void Apply_UsedNetwork_SetsBiasesSlopesAndSurplusLanes()
    {
        using Network network = Sandwich();
        foreach (Parameter parameter in network.Parameters)
        {
            parameter.Values.Fill(float.NaN);
        }

        Initializer.Apply(network, InitializationOptions.Paper, Seed);
        foreach (Parameter parameter in network.Parameters)
        {
            float[] file = Values(parameter);
            float[] stored = new float[parameter.StoredLength];
            parameter.FromFile(file, stored);
            Assert.Equal(stored, parameter.Values.ToArray());
            Assert.All(file, value => Assert.True(
                parameter switch { Bias => value == 0f, Slope => value == 0.25f, _ => float.IsFinite(value) && value != 0f }, $"{parameter}: {value}"));
        }
    }

    [Fact]
    public void Apply_AnyNumberOfThreads_SameBits()
    {
        using Network network = Sandwich();
        Initializer.Apply(network, InitializationOptions.Paper, Seed);
        float[] alone = [.. network.Parameters.SelectMany(Values)];
        using Workers workers = new(3);
        Initializer.Apply(network, InitializationOptions.Paper, Seed, workers);
        Assert.Equal(alone, network.Parameters.SelectMany(Values));
    }

    [Fact]
    public void Apply_SameSeed_SameBitsOtherSeedOthers()
    {
        using Network network = Sandwich();
        Initializer.Apply(network, InitializationOptions.Paper, Seed);
        float[] first = [.. network.Parameters.SelectMany(Values)];
        Initializer.Apply(network, InitializationOptions.Paper, Seed + 1);
        float[] other = [.. network.Parameters.OfType<Weight>().SelectMany(Values)];
        Initializer.Apply(network, InitializationOptions.Paper, Seed);
        Assert.Equal(first, network.Parameters.SelectMany(Values));
        float[] weights = [.. network.Parameters.OfType<Weight>().SelectMany(Values)];

        // Five standard deviations of a correlation: neighbouring seeds are unrelated, and so are layers of one net.
        Assert.InRange(Correlation(weights, other), -5.0 / Math.Sqrt(weights.Length), 5.0 / Math.Sqrt(weights.Length));
        float[] a = Values(((Convolution)network.Layers[Conv2]).Weight);
        float[] b = Values(((Convolution)network.Layers[Conv2 + 2]).Weight)[..a.Length];
        Assert.InRange(Correlation(a, b), -5.0 / Math.Sqrt(a.Length), 5.0 / Math.Sqrt(a.Length));
    }

    [Fact]
    public void Apply_MoreFilters_LeavesTheFirstAsTheyWere()
    {
        MapShape input = MapShape.Map(1, 4, 4, 5);
        using Network few = new("few", input, [new Convolution("conv", 5, 7, Window.Square(3))]);
        using Network many = new("many", input, [new Convolution("conv", 5, 40, Window.Square(3))]);
        Initializer.Apply(few, Options("fixed:0.1"), Seed);
        Initializer.Apply(many, Options("fixed:0.1"), Seed);
        Assert.Equal(Values(few.Parameters[0]), Values(many.Parameters[0])[..(int)few.Parameters[0].Count]);
    }

    private static IEnumerable<(string Name, double Std)> Rivals()
    {
        foreach ((string fan, int n) in new[] { ("fan-in", FanIn), ("fan-out", FanOut) })
        {
            yield return ($"√(1/{fan})", Math.Sqrt(1.0 / n));
            foreach ((string side, double a) in new[] { ("ignored", 0.0), ("before", 0.875), ("after", 0.25) })
            {
                yield return ($"{fan}, a {side}", InitializationMath.HeStd(n, a));
            }
        }

        yield return ("Glorot", Math.Sqrt(2.0 / (FanIn + FanOut)));
        yield return ("Glorot's bound taken for the std", Math.Sqrt(6.0 / (FanIn + FanOut)));
        yield return ("0.01", 0.01);
    }

    // Each layer with weights has other slopes before and after it.
    private static Network Sandwich() => new(
        "sandwich",
        MapShape.Image(1, 12, 12, 3),
        [
            new Convolution("conv1", 3, 64, Window.Square(3, 1, 1), packedInput: true),
            new LeakyReLU("conv1.rectifier", 0.875f),
            new MaxPool("pool1", Window.Square(2, 2)),
            new Convolution("conv2", 64, 160, Window.Square(3)),
            new PReLU("conv2.rectifier", 160),
            new Convolution("conv3", 160, 80, Window.Square(3)),
            new ReLU("conv3.rectifier"),
            new SpatialPyramidPool("spp", 2, 1),
            new Linear("fc1", MapShape.Map(1, 5, 1, 80), 50),
            new PReLU("fc1.rectifier", 50, shared: true),
            new Linear("fc2", MapShape.Map(1, 1, 1, 50), 11),
        ]);

    private static InitializationOptions Options(string scheme) => new() { Scheme = InitializationScheme.Parse(scheme), PaperLinear = false };

    private static float[] Values(Parameter parameter)
    {
        float[] file = new float[parameter.Count];
        parameter.ToFile(parameter.Values, file);
        return file;
    }

    private static (double Std, double Mean, double Kurtosis) Moments(Parameter parameter)
    {
        float[] values = Values(parameter);
        double mean = values.Average(v => (double)v);
        double variance = values.Average(v => (v - mean) * (v - mean));
        return (Math.Sqrt(variance), mean, values.Average(v => Math.Pow(v - mean, 4)) / (variance * variance));
    }

    private static double Correlation(float[] a, float[] b) =>
        a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(y => (double)y * y));
}
