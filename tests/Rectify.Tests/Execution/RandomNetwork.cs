using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Tests.Execution;

/// <summary>Small networks of every layer kind with odd sizes: a matter of the seed alone.</summary>
internal static class RandomNetwork
{
    /// <summary>A network with values, and a batch for it.</summary>
    public static (Network Network, MapShape Input) Create(int seed, bool dropout = false)
    {
        RandomStream random = new((ulong)seed, RandomPurpose.Testing, 0, 0);
        int c = random.NextBool() ? 3 : 1 + random.NextInt(20);
        (int n, int h, int w) = (1 + random.NextInt(4), 5 + random.NextInt(9), 5 + random.NextInt(9));
        MapShape input = random.NextBool() ? MapShape.Image(n, h, w, c) : MapShape.Map(n, h, w, c);
        MapShape shape = input;
        List<Layer> layers = [];

        void Add(Layer layer)
        {
            shape = layer.Output(shape);
            layers.Add(layer);
        }

        int count = 2 + random.NextInt(4);
        for (int i = 0; i < count; i++)
        {
            int kind = random.NextInt(10);
            if (kind <= 4)
            {
                Window window = FittingWindow(ref random, shape);
                bool packed = shape.Pitch != MapShape.Map(1, 1, 1, shape.C).Pitch;
                Add(new Convolution($"conv{i}", shape.C, 1 + random.NextInt(40), window, packed, bias: random.NextInt(4) > 0));
            }
            else if (kind == 5)
            {
                Add(new MaxPool($"pool{i}", FittingWindow(ref random, shape), roundUp: random.NextBool()));
            }
            else if (kind == 6)
            {
                Add(Rectifier(ref random, $"alone{i}", shape.C));
            }
            else if (kind == 7 && shape.H > 1)
            {
                Add(new SpatialPyramidPool($"spp{i}", 1 + random.NextInt(4), 1 + random.NextInt(2)));
            }
            else if (kind == 8 && dropout)
            {
                Add(new Dropout($"dropout{i}", 0.3f));
            }
            else if (kind == 9)
            {
                Add(new Linear($"fc{i}", shape, 1 + random.NextInt(40), bias: random.NextInt(4) > 0));
            }

            if (layers.Count > 0 && layers[^1] is Convolution or Linear && random.NextInt(5) > 0)
            {
                Add(Rectifier(ref random, $"f{i}", shape.C));
            }
        }

        Add(new Linear("last", shape, 1 + random.NextInt(20)));
        Network network = new($"random{seed}", input, layers);
        Fill(network, ref random);
        return (network, input);
    }

    /// <summary>Values of the size that trained nets have: weights by fan-in, biases and slopes of both signs.</summary>
    public static void Fill(Network network, ref RandomStream random)
    {
        foreach (Parameter parameter in network.Parameters)
        {
            double std = parameter switch { Weight weight => Math.Sqrt(2.0 / weight.FanIn), Slope => 0.5, _ => 0.3 };
            parameter.FromFile(Packed.Gaussian(ref random, (int)parameter.Count, std), parameter.Values);
        }
    }

    /// <summary>A network of random blocks, some within others, and a batch for it.</summary>
    public static (Network Network, MapShape Input) CreateOfBlocks(int seed)
    {
        RandomStream random = new((ulong)seed, RandomPurpose.Testing, 1, 0);
        (int c, int h, int w) = (1 + random.NextInt(20), 4 + random.NextInt(4), 4 + random.NextInt(4));
        MapShape input = MapShape.Map(1 + random.NextInt(3), h, w, c);
        List<Layer> layers = [];
        MapShape shape = input;
        for (int i = 0; i < 2; i++)
        {
            layers.Add(RandomBlock(ref random, $"block{i}", shape, deep: true));
            shape = layers[^1].Output(shape);
            if (random.NextBool())
            {
                layers.Add(Rectifier(ref random, $"f{i}", shape.C));
            }
        }

        layers.Add(new Linear("last", shape, 1 + random.NextInt(20)));
        Network network = new($"blocks{seed}", input, layers);
        Fill(network, ref random);
        return (network, input);
    }

    private static Block RandomBlock(ref RandomStream random, string name, MapShape input, bool deep)
    {
        if (random.NextBool())
        {
            int stride = 1 + random.NextInt(2);
            int filters = random.NextBool() ? input.C : 1 + random.NextInt(40);
            List<Layer> branch = [new Convolution("conv1", input.C, 1 + random.NextInt(20), Window.Square(3, stride, 1))];
            MapShape shape = branch[0].Output(input);
            branch.Add(Rectifier(ref random, "f", shape.C));
            if (deep && random.NextBool())
            {
                branch.Add(RandomBlock(ref random, "inner", shape, deep: false));
                shape = branch[^1].Output(shape);
            }

            branch.Add(new Convolution("conv2", shape.C, filters, Window.Square(3, 1, 1)));
            shape = branch[^1].Output(shape);
            if (shape == input && random.NextBool())
            {
                return new Residual(name, branch);
            }

            Window fitting = new(1, 1, FittingStride(input.H, shape.H), FittingStride(input.W, shape.W), 0, 0, 0, 0);
            return new Residual(name, branch, [new Convolution("shortcut", input.C, filters, fitting)]);
        }

        List<IReadOnlyList<Layer>> branches = [];
        for (int i = 0; i < 1 + random.NextInt(3); i++)
        {
            List<Layer> branch = random.NextInt(4) switch
            {
                0 => [],
                1 => [new MaxPool($"pool{i}", Window.Square(3, 1, 1))],
                2 => [Rectifier(ref random, $"alone{i}", input.C)],
                _ => [new Convolution($"conv{i}", input.C, 1 + random.NextInt(20), Window.Square(3, 1, 1))],
            };
            if (deep && random.NextBool())
            {
                int channels = branch.Aggregate(input, (shape, layer) => layer.Output(shape)).C;
                branch.Add(new Residual($"inner{i}", [new Convolution("conv", channels, channels, Window.Square(1))]));
            }

            branches.Add(branch);
        }

        return new Concatenation(name, branches);
    }

    // The stride of a 1×1 window that makes `to` of `from`.
    private static int FittingStride(int from, int to) => Enumerable.Range(1, from).First(stride => ((from - 1) / stride) + 1 == to);

    public static Rectifier Rectifier(ref RandomStream random, string name, int channels) => random.NextInt(4) switch
    {
        0 => new ReLU(name),
        1 => new LeakyReLU(name, 0.2f),
        2 => new PReLU(name, channels),
        _ => new PReLU(name, channels, shared: true),
    };

    private static Window FittingWindow(ref RandomStream random, MapShape shape)
    {
        (int r, int s) = (1 + random.NextInt(Math.Min(4, shape.H)), 1 + random.NextInt(Math.Min(4, shape.W)));
        return new Window(
            r, s, 1 + random.NextInt(3), 1 + random.NextInt(2), random.NextInt(r), random.NextInt(s), random.NextInt(r), random.NextInt(s));
    }
}
