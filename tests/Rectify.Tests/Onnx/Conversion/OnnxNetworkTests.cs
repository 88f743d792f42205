using System.Text.Json;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Onnx.Conversion;
using Rectify.Onnx.Export;
using Rectify.Onnx.Messages;
using Rectify.Tensors;
using Rectify.Tests.Data;
using Rectify.Tests.Onnx.Export;
using Rectify.Training;

namespace Rectify.Tests.Onnx.Conversion;

[Trait("Width", "any")]
public sealed class OnnxNetworkTests
{
    private const int Crop = 24;

    [Fact]
    public void Load_ClassNamedTwice_IsRefusedByItsName()
    {
        using TemporaryFolder folder = new();
        using TrainedNetwork trained = OnnxRuntimeTests.Trained("small14", "relu", "per-channel", Crop);
        string[] names = [.. OnnxNetwork.Numbers(trained.Network.Output.C)];
        names[^1] = names[0] = "crane";
        OnnxModel model = OnnxExport.Model(trained.Network, trained.Mean, []);
        OnnxFile.Write(folder.At("silent.onnx"), model);
        OnnxFile.Write(folder.At("says.onnx"), model with { Metadata = new Dictionary<string, string> { [NetworkMetadata.Classes] = JsonSerializer.Serialize(names) } });
        OnnxNetworkOptions options = new() { Input = InputScaling.Pixels, Size = Crop };

        string said = Assert.Throws<RectifyException>(() => Load(folder.At("says.onnx"), options)).Message;
        Assert.Contains("metadata 'rectify.classes' names the class 'crane' twice", said, StringComparison.Ordinal);
        string given = Assert.Throws<UsageException>(() => Load(folder.At("silent.onnx"), options with { Classes = names })).Message;
        Assert.Contains("The class 'crane' is named twice", given, StringComparison.Ordinal);
        Load(folder.At("says.onnx"), options with { Classes = OnnxNetwork.Numbers(names.Length) });
    }

    private static void Load(string path, OnnxNetworkOptions options)
    {
        using Workers workers = new(1);
        OnnxNetwork.Load(path, options, new KernelContext(workers, IsaDetection.Widest)).Dispose();
    }
}
