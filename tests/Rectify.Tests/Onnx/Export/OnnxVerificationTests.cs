using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Onnx.Export;
using Rectify.Onnx.Graphs;
using Rectify.Onnx.Messages;
using Rectify.Tensors;
using Rectify.Tests.Data;
using Rectify.Tests.Execution;
using Rectify.Training;

namespace Rectify.Tests.Onnx.Export;

public sealed class OnnxVerificationTests
{
    [Theory]
    [InlineData("small14", "prelu", "per-pixel")]
    [InlineData("small30", "leaky", "per-channel")]
    [InlineData("vgg-b", "prelu-shared", "per-pixel")]
    public void LargestDifference_ExportedNetwork_IsRounding(string model, string activation, string mean)
    {
        using TemporaryFolder folder = new();
        using TrainedNetwork trained = OnnxRuntimeTests.Trained(model, activation, mean, 32);
        OnnxExport.Write(folder.At("net.onnx"), trained);
        double difference = Verify(folder.At("net.onnx"), trained);
        Assert.InRange(difference, double.Epsilon, OnnxVerification.Limit);
    }

    [Fact]
    public void LargestDifference_AnotherMean_IsNoticed()
    {
        // The nearest wrong files: a mean that is one level of 255 off in one colour, and a mean image averaged to a number a channel.
        using TemporaryFolder folder = new();
        using TrainedNetwork trained = OnnxRuntimeTests.Trained("small14", "prelu", "per-pixel", 32);
        float[] shifted = [.. trained.Mean.Values.ToArray().Select((value, i) => value + (i % 3 == 1 ? 1 : 0))];
        OnnxExport.Write(folder.At("shifted.onnx"), trained with { Mean = new(32, Rectify.Data.MeanKind.PerPixel, shifted) });
        Assert.True(Verify(folder.At("shifted.onnx"), trained) > OnnxVerification.Limit);
        OnnxExport.Write(folder.At("averaged.onnx"), trained with { Mean = trained.Mean.As(Rectify.Data.MeanKind.PerChannel) });
        Assert.True(Verify(folder.At("averaged.onnx"), trained) > OnnxVerification.Limit);
    }

    [Fact]
    public void LargestDifference_WeightThatIsNoNumber_IsNoRounding()
    {
        using TemporaryFolder folder = new();
        using TrainedNetwork trained = OnnxRuntimeTests.Trained("vgg-b", "leaky", "per-channel", 32);
        trained.Network.Parameters[0].Values[0] = float.NaN;
        OnnxExport.Write(folder.At("net.onnx"), trained);
        Assert.False(Verify(folder.At("net.onnx"), trained) <= OnnxVerification.Limit);
    }

    [Fact]
    public void Model_EveryKindOfLayerAndBlock_RunsAsAGraphAtAnySize()
    {
        using Network network = EveryKind.Create();
        OnnxProgram program = new(OnnxExport.Model(network, null, []));
        using Workers workers = new(1);
        foreach ((int n, int h, int w) in ((int, int, int)[])[(2, 11, 13), (1, 30, 41), (3, 8, 9)])
        {
            (float[] Values, int[] Shape) photos = ExportedPhotos.Random(n, n, 3, h, w);
            Dictionary<string, GraphValue> input = new() { ["pixels"] = GraphValue.Of(photos.Shape, photos.Values) };
            GraphValue logits = program.Run(input, new KernelContext(workers, IsaDetection.Widest))["logits"];
            Assert.True(ExportedPhotos.Difference(ExportedPhotos.Scores(network, null, photos), logits.Singles.ToArray()) < OnnxVerification.Limit, $"{h}×{w}");
        }
    }

    [Theory]
    [InlineData("nearest", "half_pixel")]
    [InlineData("linear", "align_corners")]
    public void Resize_OfAnotherMode_IsRefusedByName(string mode, string coordinates)
    {
        GraphWriter graph = new();
        string x = graph.Add("x", [1, 1, 2, 2], [1, 2, 3, 4]);
        _ = graph.Add("y", "Resize", [x, "", "", graph.Whole(1, 1, 3, 3)], OnnxAttribute.Of("mode", mode), OnnxAttribute.Of("coordinate_transformation_mode", coordinates));
        OnnxProgram program = Program(graph);
        using Workers workers = new(1);
        RectifyException error = Assert.Throws<RectifyException>(() => program.Run(Unused, new KernelContext(workers, IsaDetection.Widest)));
        Assert.Contains("Resize", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resize_TwoToFour_IsTheSpecificationsExample()
    {
        // Bilinear, half-pixel centres: 1 and 2 become 1, 1.25, 1.75, 2.
        GraphWriter graph = new();
        string x = graph.Add("x", [1, 1, 2, 2], [1, 2, 3, 4]);
        _ = graph.Add("y", "Resize", [x, "", "", graph.Whole(1, 1, 4, 4)], OnnxAttribute.Of("mode", "linear"));
        using Workers workers = new(1);
        GraphValue y = Program(graph).Run(Unused, new KernelContext(workers, IsaDetection.Widest))["y"];
        Assert.Equal([1f, 1.25f, 1.75f, 2f, 1.5f, 1.75f, 2.25f, 2.5f, 2.5f, 2.75f, 3.25f, 3.5f, 3f, 3.25f, 3.75f, 4f], y.Singles.ToArray());
    }

    // A graph must have an input, though these read none.
    private static Dictionary<string, GraphValue> Unused => new() { ["unused"] = GraphValue.Of([1], [0f]) };

    private static OnnxProgram Program(GraphWriter graph) => new(new OnnxModel
    {
        OperatorSets = [new OnnxOperatorSet("", 17)],
        Graph = graph.Build("resize", OnnxValue.Of("unused", 1), OnnxValue.Of("y", 1, 1, "h", "w")),
    });

    private static double Verify(string path, TrainedNetwork trained)
    {
        using Workers workers = new(2);
        return OnnxVerification.LargestDifference(path, trained, new KernelContext(workers, IsaDetection.Widest));
    }
}
