using Rectify.Data;
using Rectify.Evaluation;
using Rectify.Initialization;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Tests.Evaluation;

/// <summary>Networks with all that dense testing meets, and answers that differ from photo to photo.</summary>
internal static class SmallNets
{
    public static readonly string[] Classes = ["ant", "bee", "cow", "dog", "elk", "fox"];

    /// <summary>Two convolutions with a pooling between, a pyramid (none: the fully connected layer reads the map), two fully connected layers with dropout.</summary>
    public static ViewMember Create(int seed, int crop, int[] levels, string name = "net", IReadOnlyList<string>? classes = null, MeanKind kind = MeanKind.PerPixel)
    {
        classes ??= Classes;
        MapShape shape = MapShape.Image(1, crop, crop, 3);
        List<Layer> layers = [];
        void Add(Layer layer)
        {
            shape = layer.Output(shape);
            layers.Add(layer);
        }

        Add(new Convolution("conv1", 3, 5, Window.Square(3, 1, 1), packedInput: true));
        Add(new PReLU("f1", 5));
        Add(new MaxPool("pool", Window.Square(2, 2)));
        Add(new Convolution("conv2", 5, 19, Window.Square(3, 1, 1)));
        Add(new ReLU("f2"));
        if (levels.Length > 0)
        {
            Add(new SpatialPyramidPool("spp", levels));
        }

        Add(new Linear("fc1", shape, 21));
        Add(new PReLU("f3", 21));
        Add(new Dropout("drop"));
        Add(new Linear("fc2", shape, classes.Count));
        Network network = new(name, MapShape.Image(1, crop, crop, 3), layers);
        Initializer.Apply(network, new InitializationOptions { PaperLinear = false }, (ulong)seed);

        // Answers neither certain nor all alike.
        foreach (ref float w in network.Parameters.OfType<Weight>().Last().Values)
        {
            w *= 0.01f;
        }

        return new ViewMember(name, network, Mean(crop, kind), classes);
    }

    private static MeanImage Mean(int crop, MeanKind kind) => kind == MeanKind.PerChannel
        ? new MeanImage(crop, kind, [110f, 100f, 90f])
        : new MeanImage(crop, kind, [.. Enumerable.Range(0, 3 * crop * crop).Select(i => 60f + (i * 31 % 90))]);
}
