using System.Globalization;
using Rectify.Layers;
using Rectify.Onnx.Export;
using Rectify.Onnx.Messages;
using Rectify.Tensors;
using Rectify.Tests.Data;
using Rectify.Tests.Execution;
using Rectify.Training;

namespace Rectify.Tests.Onnx.Export;

public sealed class OnnxExportTests
{
    [Theory]
    [InlineData("small14", "pixels F32 [batch,3,height,width]")]
    [InlineData("vgg-b", "pixels F32 [batch,3,64,64]")]
    public void Write_TrainedNetwork_SaysWhatGoesInAndComesOut(string model, string input)
    {
        using TemporaryFolder folder = new();
        using TrainedNetwork trained = OnnxRuntimeTests.Trained(model, "prelu", "per-pixel", 64);
        OnnxExport.Write(folder.At("net.onnx"), trained);
        OnnxModel read = OnnxFile.Read(folder.At("net.onnx"));
        Assert.Equal((8L, 17L), (read.IrVersion, read.StandardVersion));
        Assert.Equal([input], read.Graph.Inputs.Select(value => value.ToString()));
        Assert.Equal(["probabilities F32 [batch,5]", "logits F32 [batch,5]"], read.Graph.Outputs.Select(value => value.ToString()));
        Assert.DoesNotContain(read.Graph.Nodes, node => node.Operator == "Dropout");
        Assert.Equal(read.Graph.Nodes.Count, read.Graph.Nodes.Select(node => node.Name).Distinct().Count());
        Assert.Equal(["cat", "dog", "gnu", "ä \"ö\"", "emu"], NetworkMetadata.ClassesOf("", read.Metadata));
        Assert.Equal(OnnxExport.Input, read.Metadata[NetworkMetadata.Input]);
        Assert.Equal((model, "64", "64", "per-pixel"), (
            read.Metadata[NetworkMetadata.Model], read.Metadata[NetworkMetadata.Crop], read.Metadata[NetworkMetadata.Scale], read.Metadata[NetworkMetadata.MeanKind]));
        Assert.Equal(trained.Mean.Channels.Green, float.Parse(read.Metadata[NetworkMetadata.Mean].Split(',')[1], CultureInfo.InvariantCulture));
        foreach (Parameter parameter in trained.Network.Parameters)
        {
            float[] values = new float[parameter.Count];
            parameter.ToFile(parameter.Values, values);
            Assert.Equal(values, read.Graph.Initializers.Single(tensor => tensor.Name == parameter.Name).ToSingles());
        }
    }

    [Fact]
    public void Model_PReLUAfterMapsAndAfterVectors_BroadcastsAlongChannels()
    {
        using TrainedNetwork trained = OnnxRuntimeTests.Trained("small14", "prelu", "per-channel", 16);
        OnnxGraph graph = OnnxExport.Model(trained.Network, trained.Mean, []).Graph;
        Assert.Equal([6, 1, 1], graph.Initializers.Single(tensor => tensor.Name == "conv1.rectifier.slope").Dimensions);
        Assert.Equal([51], graph.Initializers.Single(tensor => tensor.Name == "fc1.rectifier.slope").Dimensions);
        Assert.Equal([1, 3, 1, 1], graph.Initializers.Single(tensor => tensor.Name == "mean").Dimensions);
    }

    [Fact]
    public void Model_LastLayerNotFullyConnected_IsFlattenedToLogits()
    {
        using Network network = new("map", MapShape.Image(1, 4, 4, 3), [new Convolution("conv", 3, 2, Window.Square(4), packedInput: true)]);
        OnnxGraph graph = OnnxExport.Model(network, null, []).Graph;
        Assert.Equal(["Conv", "Flatten", "Softmax"], graph.Nodes.Select(node => node.Operator));
        Assert.Equal(2, graph.Outputs[0].Dimensions![1].Size);
    }

    [Fact]
    public void TakesAnySize_NetworkWithoutPyramid_DoesNot()
    {
        using Network network = EveryKind.Create();
        using TrainedNetwork fixedSize = OnnxRuntimeTests.Trained("vgg-b", "relu", "per-channel", 32);
        Assert.True(OnnxExport.TakesAnySize(network));
        Assert.False(OnnxExport.TakesAnySize(fixedSize.Network));
    }
}
