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

namespace Rectify.Tests.Fuzz;

/// <summary>Small models to be mutated.</summary>
internal static class OnnxModels
{
    private const int Size = 8;

    // A value of more is refused: what a hostile size asks for.
    private const long MostBytes = 4 << 20;

    /// <summary>A chain with a residual block.</summary>
    public static OnnxModel Small() => Export(
        new Convolution("conv1", 3, 4, Window.Square(3, 1, 1), packedInput: true),
        new PReLU("conv1.rectifier", 4),
        new Residual("block", [new Convolution("conv2", 4, 4, Window.Square(3, 1, 1)), new ReLU("f")]),
        new MaxPool("pool", Window.Square(2, 2)),
        new Linear("fc", MapShape.Map(1, Size / 2, Size / 2, 4), 3));

    /// <summary>A network for photos of any size, with its arithmetic of shapes.</summary>
    public static OnnxModel Pyramid() => Export(
        new Convolution("conv1", 3, 2, Window.Square(3), packedInput: true),
        new Concatenation("both", [new LeakyReLU("f")], []),
        new SpatialPyramidPool("spp", 2, 1),
        new Linear("fc", MapShape.Map(1, 5, 1, 4), 3));

    /// <summary>All that is done with a model that somebody brings.</summary>
    public static void RunAndConvert(OnnxModel model)
    {
        OnnxProgram program = new(model, "fuzzed", new GraphOptions { MostBytes = MostBytes });
        using Workers workers = new(1);
        KernelContext context = new(workers, IsaDetection.Widest);
        _ = program.Run(new Dictionary<string, GraphValue> { [OnnxExport.Pixels] = GraphValue.Of([1, 3, Size, Size], new float[3 * Size * Size]) }, context);
        NetworkConverter.Convert(model, program, InputScaling.Pixels, Size, context).Network.Dispose();
    }

    private static OnnxModel Export(params Layer[] layers)
    {
        using Network network = new("small", MapShape.Image(1, Size, Size, 3), layers);
        RandomStream random = new(2, RandomPurpose.Testing, 0, 0);
        RandomNetwork.Fill(network, ref random);
        return OnnxExport.Model(network, null, []);
    }
}
