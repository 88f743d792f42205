using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Onnx.Conversion;
using Rectify.Onnx.Export;
using Rectify.Onnx.Graphs;
using Rectify.Onnx.Messages;
using Rectify.Tensors;
using Rectify.Tests.Execution;
using Rectify.Tests.Onnx.Export;
using Rectify.Tests.Onnx.Operators;
using Rectify.Training;

namespace Rectify.Tests.Onnx.Conversion;

/// <summary>A converted network gives the scores of the graph that it was: both in float32, in other orders.</summary>
public sealed class NetworkConverterTests
{
    // Of the largest score: sums of some thousand products differ by a hundredth of this; a bias, a mean or a tap that is missing by a hundred times it.
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData("small14", "prelu", "per-pixel", 16)]
    [InlineData("small14", "prelu-shared", "per-channel", 24)]
    [InlineData("vgg-b", "leaky", "per-pixel", 32)]
    [InlineData("vgg16", "relu", "per-channel", 32)]
    public void Convert_ExportedModel_IsTheNetworkItWas(string model, string activation, string mean, int crop)
    {
        using TrainedNetwork trained = OnnxRuntimeTests.Trained(model, activation, mean, crop);
        OnnxModel exported = OnnxExport.Model(trained.Network, trained.Mean, []);

        using Network network = Agrees(exported, InputScaling.Pixels, crop, out ConvertedNetwork converted);

        Assert.Equal(trained.Network.Layers.Where(layer => layer is not Dropout).Select(layer => layer.Description), network.Layers.Select(layer => layer.Description));
        Assert.Equal(trained.Network.Parameters.Select(parameter => parameter.Count), network.Parameters.Select(parameter => parameter.Count));
        for (int i = 0; i < network.Parameters.Count; i++)
        {
            Assert.True(trained.Network.Parameters[i].Values.SequenceEqual(network.Parameters[i].Values), network.Parameters[i].Name);
        }

        Assert.Equal(trained.Mean.Kind, converted.Mean.Kind);
        Assert.True(trained.Mean.Values.SequenceEqual(converted.Mean.Values));
    }

    [Fact]
    public void Convert_RandomNetworksOfBlocks_GiveTheSameScores()
    {
        int converted = 0;
        for (int seed = 0; seed < 120; seed++)
        {
            (Network network, MapShape input) = seed % 3 > 0 ? RandomNetwork.CreateOfBlocks(seed) : RandomNetwork.Create(seed);
            using (network)
            {
                if (input.H == input.W && input.C == 3 && network.Output is { H: 1, W: 1 })
                {
                    Agrees(OnnxExport.Model(network, null, []), InputScaling.Pixels, input.H, out _).Dispose();
                    converted++;
                }
            }
        }

        Assert.True(converted > 6, $"only {converted} networks were tried");
    }

    [Fact]
    public void Convert_EveryKindOfLayer_GivesTheSameScores()
    {
        using Network network = EveryKind.Create(h: 12, w: 12);
        using Network converted = Agrees(OnnxExport.Model(network, null, []), InputScaling.Pixels, 12, out _);
        Assert.Equal(network.Nodes.Count(node => node.Layer is not Dropout), converted.Nodes.Count);
    }

    [Fact]
    public void Convert_ExportedMeanOfTheMap_IsOneForPhotosOfAnySize()
    {
        using Network network = new(
            "mean",
            MapShape.Image(1, 8, 8, 3),
            [new Convolution("conv", 3, 6, Window.Square(3), packedInput: true), new ReLU("f"), new AveragePool("mean"), new Linear("fc", MapShape.Map(1, 1, 1, 6), 4)]);
        RandomStream random = new(6, RandomPurpose.Testing, 0, 0);
        RandomNetwork.Fill(network, ref random);

        using Network converted = Agrees(OnnxExport.Model(network, null, []), InputScaling.Pixels, 8, out _);

        Assert.Equal(network.Layers.Select(layer => layer.Description), converted.Layers.Select(layer => layer.Description));
        Assert.Equal(MapShape.Map(1, 1, 1, 4), converted.Shapes(MapShape.Image(1, 20, 11, 3))[^1]);
    }

    [Theory]
    [InlineData("pixels")]
    [InlineData("imagenet")]
    [InlineData("caffe")]
    public void Convert_NormalizationMeansAndConstants_GoIntoTheWeights(string input)
    {
        RandomStream random = new(3, RandomPurpose.Testing, 30, 0);
        Builder graph = new();
        string at = graph.Add("Sub", ["x", graph.Random(ref random, 1, 3, 1, 1)]);
        at = graph.Add("Div", [at, graph.Positive(ref random, 3, 1, 1)]);
        at = graph.Add("Conv", [at, graph.Random(ref random, 6, 3, 3, 3)], OnnxAttribute.Of("pads", [1L, 1, 1, 1]));
        string[] normalization = [graph.Random(ref random, 6), graph.Random(ref random, 6), graph.Random(ref random, 6), graph.Positive(ref random, 6)];
        at = graph.Add("BatchNormalization", [at, .. normalization], OnnxAttribute.Of("epsilon", 0.01f));
        string fork = at = graph.Add("Relu", [at]);
        at = graph.Add("Conv", [at, graph.Random(ref random, 6, 6, 3, 3), graph.Random(ref random, 6)], OnnxAttribute.Of("auto_pad", "SAME_UPPER"));
        at = graph.Add("Mul", [graph.Random(ref random, 1, 6, 1, 1), at]);
        at = graph.Add("PRelu", [graph.Add("Sum", [at, fork]), graph.Random(ref random, 6, 1, 1)]);
        string pool = graph.Add("MaxPool", [at], OnnxAttribute.Of("kernel_shape", [3L, 3]), OnnxAttribute.Of("pads", [1L, 1, 1, 1]));
        at = graph.Add("Concat", [at, pool], OnnxAttribute.Of("axis", 1L));
        at = graph.Add("Flatten", [graph.Add("Dropout", [graph.Add("GlobalAveragePool", [at])])]);
        at = graph.Add("MatMul", [at, graph.Random(ref random, 12, 5)]);
        at = graph.Add("LeakyRelu", [graph.Add("Add", [at, graph.Random(ref random, 5)])], OnnxAttribute.Of("alpha", 0.3f));
        at = graph.Add("Gemm", [at, graph.Random(ref random, 5, 4), graph.Random(ref random, 1, 4)], OnnxAttribute.Of("alpha", 0.5f), OnnxAttribute.Of("beta", 2f));
        _ = graph.Add("Softmax", [at]);

        using Network network = Agrees(graph.Model(at), InputScaling.Parse(input), 8, out _);

        Assert.Equal(
            [typeof(Convolution), typeof(ReLU), typeof(Residual), typeof(PReLU), typeof(Concatenation), typeof(AveragePool), typeof(Linear), typeof(LeakyReLU), typeof(Linear)],
            network.Layers.Select(layer => layer.GetType()));
    }

    [Fact]
    public void Convert_PaddingForStridesAndSqueezedMaxima_AreWhatTheyAreAtThatSize()
    {
        RandomStream random = new(5, RandomPurpose.Testing, 32, 0);
        Builder graph = new();
        OnnxAttribute[] same = [OnnxAttribute.Of("auto_pad", "SAME_UPPER"), OnnxAttribute.Of("strides", [2L, 2])];
        string at = graph.Add("Conv", ["x", graph.Random(ref random, 5, 3, 3, 3)], same);
        at = graph.Add("MaxPool", [graph.Add("Relu", [at])], [.. same, OnnxAttribute.Of("kernel_shape", [3L, 3])]);
        OnnxAttribute[] mean = [OnnxAttribute.Of("kernel_shape", [2L, 2]), OnnxAttribute.Of("pads", [1L, 0, 0, 1]), OnnxAttribute.Of("count_include_pad", 1L)];
        at = graph.Add("AveragePool", [at], mean);
        at = graph.Add("Squeeze", [graph.Add("GlobalMaxPool", [at]), graph.Whole(3)]);
        at = graph.Add("Gemm", [graph.Add("Squeeze", [at, graph.Whole(2)]), graph.Random(ref random, 5, 4)]);

        using Network network = Agrees(graph.Model(at), InputScaling.Pixels, 8, out _);

        Assert.Equal(
            [typeof(Convolution), typeof(ReLU), typeof(MaxPool), typeof(AveragePool), typeof(SpatialPyramidPool), typeof(Linear)],
            network.Layers.Select(layer => layer.GetType()));
        Assert.Equal(new Window(3, 3, 2, 2, 0, 0, 1, 1), ((Convolution)network.Layers[0]).Window);
    }

    [Fact]
    public void Convert_PyramidWithOtherBins_IsNoPyramid()
    {
        // The second row of bins begins one row late.
        using TrainedNetwork trained = OnnxRuntimeTests.Trained("small14", "relu", "per-channel", 24);
        OnnxModel model = OnnxExport.Model(trained.Network, trained.Mean, []);
        OnnxNode Late(OnnxNode node) => node.Name == "spp.level2.rows1.strip" ? node with { Inputs = [node.Inputs[0], "whole.2", .. node.Inputs.Skip(2)] } : node;
        OnnxModel wrong = model with { Graph = model.Graph with { Nodes = [.. model.Graph.Nodes.Select(Late)] } };
        Assert.Contains(wrong.Graph.Nodes, node => node.Inputs.Contains("whole.2") && node.Operator == "Slice");

        Assert.Contains("(Slice) cannot be made a layer", Refused(wrong, 24), StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_WhatLayersLack_IsRefusedWithTheNode()
    {
        RandomStream random = new(4, RandomPurpose.Testing, 31, 0);
        string Refusal(Func<Builder, string> build, bool open = false)
        {
            Builder graph = new() { Height = open ? "H" : 8, Width = open ? "W" : 8 };
            string at = graph.Add("Flatten", [build(graph)]);
            int features = graph.Features(at);
            at = graph.Add("Gemm", [at, graph.Random(ref random, features, 4)]);
            return Refused(graph.Model(at), 8);
        }

        OnnxAttribute[] dilated = [OnnxAttribute.Of("kernel_shape", [2L, 2]), OnnxAttribute.Of("dilations", [2L, 2])];
        Assert.Contains("MaxPool", Refusal(g => g.Add("MaxPool", ["x"], dilated)), StringComparison.Ordinal);
        Assert.Contains("Conv", Refusal(g => g.Add("Conv", ["x", g.Random(ref random, 3, 1, 1, 1)], OnnxAttribute.Of("group", 3L))), StringComparison.Ordinal);
        OnnxAttribute[] same = [OnnxAttribute.Of("auto_pad", "SAME_UPPER"), OnnxAttribute.Of("strides", [2L, 2])];
        Assert.Contains("Conv", Refusal(g => g.Add("Conv", ["x", g.Random(ref random, 3, 3, 2, 2)], same), open: true), StringComparison.Ordinal);
        Assert.Contains("Transpose", Refusal(g => g.Add("Transpose", ["x"], OnnxAttribute.Of("perm", [0L, 1, 3, 2]))), StringComparison.Ordinal);
        Assert.Contains("BatchNormalization", Refusal(g =>
        {
            string rectified = g.Add("Relu", [g.Add("Conv", ["x", g.Random(ref random, 2, 3, 1, 1)])]);
            return g.Add("BatchNormalization", [rectified, g.Random(ref random, 2), g.Random(ref random, 2), g.Random(ref random, 2), g.Positive(ref random, 2)]);
        }), StringComparison.Ordinal);

        // a reads p and q, and so does b: no block has branches that cross.
        Assert.Contains("two branches", Refusal(g =>
        {
            (string p, string q) = (g.Add("Relu", ["x"]), g.Add("LeakyRelu", ["x"]));
            return g.Add("Add", [g.Add("Concat", [p, q], OnnxAttribute.Of("axis", 1L)), g.Add("Concat", [q, p], OnnxAttribute.Of("axis", 1L))]);
        }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(11, null, true)]
    [InlineData(11, -1L, false)]
    [InlineData(13, null, false)]
    [InlineData(13, 1L, true)]
    [InlineData(13, -3L, true)]
    public void Convert_SoftmaxOfAMap_IsLeftOutOnlyWhereItGoesOverTheClasses(long version, long? axis, bool over)
    {
        RandomStream random = new(6, RandomPurpose.Testing, 33, 0);
        Builder graph = new();
        string at = graph.Add("GlobalAveragePool", [graph.Add("Conv", ["x", graph.Random(ref random, 4, 3, 3, 3)])]);
        at = graph.Add("Softmax", [at], axis is { } given ? [OnnxAttribute.Of("axis", given)] : []);
        OnnxModel model = graph.Model(at) with { OperatorSets = [new OnnxOperatorSet("", version)] };
        if (!over)
        {
            Assert.Contains("the Softmax that makes 'v2' cannot be made a layer", Refused(model, 8), StringComparison.Ordinal);
            return;
        }

        using Workers workers = new(1);
        ConvertedNetwork converted = NetworkConverter.Convert(model, "net.onnx", InputScaling.Pixels, 8, new KernelContext(workers, IsaDetection.Widest));
        using Network network = converted.Network;
        Assert.Equal([typeof(Convolution), typeof(AveragePool)], network.Layers.Select(layer => layer.GetType()));
    }

    // What makes no network, and no exception but a sentence.
    [Fact]
    public void Convert_GraphWithoutLayers_IsRefused()
    {
        Builder whole = new(), single = new() { Height = 1, Width = 1 };
        Assert.Contains("its output is F32 [1,3,8,8], and a classifier ends with a fully connected layer", Refused(whole.Model("x"), 8), StringComparison.Ordinal);
        Assert.Contains("its output is F32 [1,3,1,1], and a classifier ends with a fully connected layer", Refused(single.Model("x"), 1), StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_WeightsWithABlankName_TakeTheNodesName()
    {
        RandomStream random = new(7, RandomPurpose.Testing, 34, 0);
        Builder graph = new();
        string at = graph.Add("GlobalAveragePool", [graph.Add("Conv", ["x", graph.Random(ref random, 4, 3, 3, 3)])]);
        OnnxModel model = graph.Model(at);
        OnnxTensor Blank(OnnxTensor tensor) => tensor with { Name = " .weight" };
        OnnxNode Reading(OnnxNode node) => node.Operator == "Conv" ? node with { Name = "first", Inputs = ["x", " .weight"] } : node;
        model = model with { Graph = model.Graph with { Initializers = [.. model.Graph.Initializers.Select(Blank)], Nodes = [.. model.Graph.Nodes.Select(Reading)] } };

        using Network network = Agrees(model, InputScaling.Pixels, 8, out _);

        Assert.Equal("first", network.Layers[0].Name);
    }

    private static string Refused(OnnxModel model, int size)
    {
        using Workers workers = new(1);
        KernelContext context = new(workers, IsaDetection.Widest);
        return Assert.Throws<RectifyException>(() => NetworkConverter.Convert(model, "net.onnx", InputScaling.Pixels, size, context)).Message;
    }

    private static Network Agrees(OnnxModel model, InputScaling scaling, int size, out ConvertedNetwork converted)
    {
        using Workers workers = new(1);
        KernelContext context = new(workers, IsaDetection.Widest);
        converted = NetworkConverter.Convert(model, "net.onnx", scaling, size, context);
        (float[] values, int[] shape) = ExportedPhotos.Random(1, 2, 3, size, size);
        float[] ours = ExportedPhotos.Scores(converted.Network, converted.Mean, (values, shape));

        // What the graph sees of these pixels.
        float[] seen = new float[values.Length];
        for (int i = 0; i < seen.Length; i++)
        {
            int channel = i / (size * size) % 3;
            int colour = scaling.BlueFirst ? 2 - channel : channel;
            seen[i] = (float)((values[i + ((colour - channel) * size * size)] - scaling.Mean[colour]) * scaling.Scale[colour]);
        }

        OnnxProgram program = new(model);
        IReadOnlyDictionary<string, GraphValue> theirs = program.Run(new Dictionary<string, GraphValue> { [program.Inputs[0].Name] = GraphValue.Of(shape, seen) }, context);
        double difference = ExportedPhotos.Difference(theirs[program.Outputs[^1].Name].Floats, ours);
        Assert.True(difference < Tolerance, $"the scores differ by {difference}");
        return converted.Network;
    }

    /// <summary>A graph of one photo of 8×8.</summary>
    private sealed class Builder
    {
        private readonly List<OnnxNode> _nodes = [];
        private readonly List<OnnxTensor> _weights = [];

        public OnnxDimension Height { get; init; } = 8;

        public OnnxDimension Width { get; init; } = 8;

        public string Add(string operation, string[] inputs, params OnnxAttribute[] attributes)
        {
            string name = $"v{_nodes.Count}";
            _nodes.Add(new OnnxNode { Operator = operation, Inputs = inputs, Outputs = [name], Attributes = attributes });
            return name;
        }

        public string Random(ref RandomStream random, params int[] shape) => Weights(OperatorRun.Random(ref random, shape));

        public string Positive(ref RandomStream random, params int[] shape)
        {
            GraphValue value = OperatorRun.Random(ref random, shape);
            return Weights(GraphValue.Of(shape, Array.ConvertAll(value.Floats, number => 0.5f + Math.Abs(number))));
        }

        public OnnxModel Model(string output) => new()
        {
            OperatorSets = [new OnnxOperatorSet("", 13)],
            Graph = new OnnxGraph { Inputs = [OnnxValue.Of("x", "N", 3, Height, Width)], Outputs = [OnnxValue.Of(output)], Nodes = _nodes, Initializers = _weights },
        };

        /// <summary>Numbers a row of a value.</summary>
        public int Features(string value)
        {
            Dictionary<string, GraphValue> photo = new() { ["x"] = GraphValue.Of([1, 3, 8, 8], new float[192]) };
            return OperatorRun.Run(new OnnxProgram(Model(value)), photo)[value].Dimensions[1];
        }

        public string Whole(long number)
        {
            _weights.Add(OnnxTensor.Of($"w{_weights.Count}", [1], [number]));
            return _weights[^1].Name;
        }

        private string Weights(GraphValue value)
        {
            string name = $"w{_weights.Count}";
            _weights.Add(OnnxTensor.Of(name, [.. value.Dimensions.Select(size => (long)size)], value.Singles));
            return name;
        }
    }
}
