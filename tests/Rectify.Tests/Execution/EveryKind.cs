using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Tests.Execution;

/// <summary>A network with every kind of layer and every rectifier, fused, alone and missing.</summary>
internal static class EveryKind
{
    /// <summary>Index of its first fully connected layer.</summary>
    public const int FirstLinear = 12;

    public static MapShape Input(int n, int h, int w) => MapShape.Image(n, h, w, 3);

    /// <param name="dropout">Without it training and inference give the same output.</param>
    /// <param name="h">Rows of the crop.</param>
    /// <param name="w">Columns of the crop.</param>
    public static Network Create(bool dropout = true, int h = 11, int w = 13)
    {
        MapShape features = MapShape.Map(1, 5, 1, 37);
        List<Layer> layers =
        [
            new Convolution("conv1", 3, 18, Window.Square(3, 1, 1), packedInput: true),
            new PReLU("conv1.rectifier", 18),
            new MaxPool("pool1", Window.Square(2, 2), roundUp: true),
            new Convolution("conv2", 18, 40, new Window(2, 2, 1, 1, 1, 0, 0, 1), bias: false),
            new ReLU("conv2.rectifier"),
            new PReLU("alone", 40, shared: true),
            new Convolution("conv3", 40, 20, Window.Square(2)),
            new Convolution("conv4", 20, 20, Window.Square(1)),
            new PReLU("conv4.rectifier", 20, shared: true),
            new LeakyReLU("leaky", 0.3f),
            Mixed(),
            new SpatialPyramidPool("spp", 2, 1),
            new Linear("fc1", features, 35),
            new LeakyReLU("fc1.rectifier", 0.1f),
            new Linear("fc2", MapShape.Map(1, 1, 1, 35), 7),
        ];
        if (dropout)
        {
            layers.Insert(14, new Dropout("fc1.dropout", 0.3f));
        }

        Network network = new("every kind", Input(1, h, w), layers);
        RandomStream random = new(11, RandomPurpose.Testing, 0, 0);
        RandomNetwork.Fill(network, ref random);
        return network;
    }

    // A concatenation of 37 channels: a residual block within it, with a shortcut that is the map and one that has weights, a narrow branch, and the map itself.
    private static Concatenation Mixed() => new(
        "mixed",
        [
            new Residual("inner", [new Convolution("conv1", 20, 20, Window.Square(3, 1, 1)), new PReLU("f", 20), new Convolution("conv2", 20, 20, Window.Square(1))]),
            new ReLU("f"),
            new AveragePool("mean", Window.Square(3, 1, 1), countPadding: true),
            new Residual("outer", [new Convolution("conv", 20, 12, Window.Square(1)), new ReLU("f")], [new Convolution("shortcut", 20, 12, Window.Square(1), bias: false)]),
        ],
        [new Convolution("narrow", 20, 5, Window.Square(1)), new LeakyReLU("narrow.rectifier", 0.2f)],
        []);

    /// <summary>A batch of photos for it.</summary>
    public static float[] Photos(MapShape input)
    {
        RandomStream random = new(12, RandomPurpose.Testing, 0, 0);
        return Packed.Gaussian(ref random, input.Pixels * input.C);
    }

    /// <summary>A gradient of its output.</summary>
    public static float[] Dy(int n)
    {
        RandomStream random = new(13, RandomPurpose.Testing, 0, 0);
        return Packed.Gaussian(ref random, n * 7);
    }
}
