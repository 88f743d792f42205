using Rectify.Data;
using Rectify.Layers;
using Rectify.Onnx.Messages;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Onnx.Export;

/// <summary>Trained networks as ONNX: operator set 17 and IR version 8, standard operators alone.</summary>
/// <remarks>
/// Input <c>pixels</c> [batch,3,H,W], RGB, 0..255; the mean is subtracted in the graph. H and W are open where a pyramid stands before the first fully connected layer, else
/// those of the crop. Outputs <c>probabilities</c> (softmax) and <c>logits</c>, both [batch,classes]. What else belongs to the network stands in metadata_props: see
/// <see cref="NetworkMetadata"/>.
/// </remarks>
public static class OnnxExport
{
    /// <summary>The input's name.</summary>
    public const string Pixels = "pixels";

    /// <summary>The name of the scores after the softmax.</summary>
    public const string Probabilities = "probabilities";

    /// <summary>The name of the scores before the softmax.</summary>
    public const string Logits = "logits";

    /// <summary>What goes in, for <see cref="NetworkMetadata.Input"/>.</summary>
    public const string Input = "RGB 0..255, NCHW; the mean is subtracted in the graph";

    private const string Batch = "batch";
    private const long IrVersion = 8;
    private const long OperatorSet = 17;
    private const int ChannelAxis = 1;

    /// <summary>Writes a trained network, whole or not at all.</summary>
    /// <param name="path">Where.</param>
    /// <param name="trained">The network.</param>
    /// <exception cref="RectifyException">It is larger than the 2 GB that the format allows.</exception>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written.</exception>
    public static void Write(string path, TrainedNetwork trained)
    {
        ArgumentNullException.ThrowIfNull(trained);
        OnnxFile.Write(path, Model(trained.Network, trained.Mean, NetworkMetadata.Of(trained, Input)));
    }

    /// <summary>Whether a network takes photos of any size.</summary>
    public static bool TakesAnySize(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Layer? first = network.Nodes.Select(node => node.Layer).FirstOrDefault(layer => layer is Linear or SpatialPyramidPool);
        return first is SpatialPyramidPool && network.Layers.Contains(first);
    }

    /// <summary>A network as a model.</summary>
    /// <param name="network">The network.</param>
    /// <param name="mean">What is subtracted from the pixels; null for nothing.</param>
    /// <param name="metadata">Entries for metadata_props.</param>
    internal static OnnxModel Model(Network network, MeanImage? mean, IReadOnlyList<KeyValuePair<string, string>> metadata)
    {
        GraphWriter graph = new();
        bool anySize = TakesAnySize(network);
        string pixels = mean is null ? Pixels : MeanGraph.Add(graph, mean, Pixels, anySize);
        string logits = AddNodes(graph, network, pixels);
        _ = graph.Add(Probabilities, "Softmax", [logits], OnnxAttribute.Of("axis", ChannelAxis));
        OnnxDimension height = anySize ? "height" : network.Input.H, width = anySize ? "width" : network.Input.W;
        long classes = network.Output.ImageLength / network.Output.Pitch * network.Output.C;
        return new OnnxModel
        {
            IrVersion = IrVersion,
            OperatorSets = [new OnnxOperatorSet("", OperatorSet)],
            Producer = "rectify",
            ProducerVersion = typeof(OnnxExport).Assembly.GetName().Version?.ToString(3) ?? "",
            Graph = graph.Build(
                network.Name,
                OnnxValue.Of(Pixels, Batch, network.Input.C, height, width),
                OnnxValue.Of(Probabilities, Batch, classes),
                OnnxValue.Of(Logits, Batch, classes)),
            Metadata = metadata.ToDictionary(StringComparer.Ordinal),
        };
    }

    private static string AddNodes(GraphWriter graph, Network network, string pixels)
    {
        // The name of each map, and whether it is [N,K] rather than [N,C,H,W].
        (string Name, bool Flat)[] maps = new (string, bool)[network.Nodes.Count + 1];
        maps[0] = (pixels, false);
        for (int i = 0; i < network.Nodes.Count; i++)
        {
            Node node = network.Nodes[i];
            (string Name, bool Flat)[] sources = [.. node.Sources.Select(map => maps[map])];
            maps[i + 1] = Add(graph, node.Layer, sources, i == network.Nodes.Count - 1);
        }

        // Only a fully connected layer at the end has the right name and shape already.
        return maps[^1].Name == Logits ? Logits : graph.Add(Logits, "Flatten", [maps[^1].Name], OnnxAttribute.Of("axis", ChannelAxis));
    }

    private static (string Name, bool Flat) Add(GraphWriter graph, Layer layer, (string Name, bool Flat)[] sources, bool last)
    {
        (string map, bool flat) = sources[0];
        string name = layer.Name;
        switch (layer)
        {
            case Linear linear:
                string features = flat ? map : graph.Add($"{name}.features", "Flatten", [map], OnnxAttribute.Of("axis", ChannelAxis));
                string matrix = Parameter(graph, linear.Weight, linear.Outputs, linear.Weight.FanIn);
                return (graph.Add(last ? Logits : name, "Gemm", [features, matrix, .. BiasOf(graph, linear.Bias)], OnnxAttribute.Of("transB", 1)), true);
            case Dropout:
                return sources[0];
            case Rectifier rectifier:
                return (AddRectifier(graph, rectifier, map, flat), flat);
            case Residual:
                return (graph.Add(name, "Add", AsMaps(graph, layer, sources)), false);
            case Concatenation:
                return (graph.Add(name, "Concat", AsMaps(graph, layer, sources), OnnxAttribute.Of("axis", ChannelAxis)), false);
            default:
                return (AddSpatial(graph, layer, AsMaps(graph, layer, sources)[0]), false);
        }
    }

    // What a fully connected layer makes is a map of one pixel where a map is due.
    private static string[] AsMaps(GraphWriter graph, Layer layer, (string Name, bool Flat)[] sources) =>
        [.. sources.Select((source, i) => source.Flat ? graph.Add($"{layer.Name}.map{i}", "Reshape", [source.Name, graph.Whole(0, -1, 1, 1)]) : source.Name)];

    private static string AddSpatial(GraphWriter graph, Layer layer, string map)
    {
        switch (layer)
        {
            case Convolution convolution:
                Weight weight = convolution.Weight;
                string filters = Parameter(graph, weight, [.. weight.Dimensions.Select(d => (long)d)]);
                return graph.Add(layer.Name, "Conv", [map, filters, .. BiasOf(graph, convolution.Bias)], WindowOf(convolution.Window));
            case MaxPool pool:
                return graph.Add(layer.Name, "MaxPool", [map], [.. WindowOf(pool.Window), OnnxAttribute.Of("ceil_mode", pool.RoundUp ? 1 : 0)]);
            case SpatialPyramidPool pyramid:
                return PyramidGraph.Add(graph, pyramid, map);
            default:
                throw new RectifyException($"{layer.Name}: {layer.Description} cannot be written as ONNX; leave the layer out.");
        }
    }

    private static string AddRectifier(GraphWriter graph, Rectifier rectifier, string map, bool flat) => rectifier switch
    {
        ReLU => graph.Add(rectifier.Name, "Relu", [map]),
        LeakyReLU leaky => graph.Add(rectifier.Name, "LeakyRelu", [map], OnnxAttribute.Of("alpha", leaky.InitialSlope)),
        PReLU prelu => graph.Add(rectifier.Name, "PRelu", [map, Parameter(graph, prelu.Slope, flat ? [prelu.Slope.Count] : [prelu.Slope.Count, 1, 1])]),
        _ => throw new RectifyException($"{rectifier.Name}: {rectifier.Description} cannot be written as ONNX; use another rectifier."),
    };

    private static IReadOnlyList<OnnxAttribute> WindowOf(Window window) =>
    [
        OnnxAttribute.Of("kernel_shape", [(long)window.R, window.S]),
        OnnxAttribute.Of("strides", [(long)window.StrideH, window.StrideW]),
        OnnxAttribute.Of("pads", [(long)window.PadTop, window.PadLeft, window.PadBottom, window.PadRight]),
    ];

    private static IReadOnlyList<string> BiasOf(GraphWriter graph, Bias? bias) => bias is null ? [] : [Parameter(graph, bias, bias.Count)];

    // The order of files is ONNX's: filters [K,C,R,S], columns of a fully connected layer in the order of a flattened [C,H,W].
    private static string Parameter(GraphWriter graph, Parameter parameter, params IReadOnlyList<long> dimensions)
    {
        float[] values = new float[parameter.Count];
        parameter.ToFile(parameter.Values, values);
        return graph.Add(parameter.Name, dimensions, values);
    }
}
