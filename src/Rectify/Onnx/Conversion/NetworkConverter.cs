using Rectify.Kernels;
using Rectify.Layers;
using Rectify.Onnx.Graphs;
using Rectify.Onnx.Messages;
using Rectify.Tensors;

namespace Rectify.Onnx.Conversion;

/// <summary>From a graph to a network of layers, which the engine trains, evaluates and diagnoses.</summary>
/// <remarks>
/// Chains, sums and concatenations of branches are converted. Normalization at test time, and constants that are added or multiplied, go into the weights before them; a mean
/// over the whole map goes into the fully connected layer after it; dropout and a last softmax are left out. Scores agree with the graph's to rounding.
/// </remarks>
public static class NetworkConverter
{
    /// <summary>Converts a model.</summary>
    /// <param name="model">The model: one input [N,3,H,W], one output [N,K], or two of which one is the softmax of the other.</param>
    /// <param name="name">What to call it.</param>
    /// <param name="scaling">What its input is.</param>
    /// <param name="size">Rows and columns of the photo; 0 for what the model says.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <exception cref="RectifyException">The graph cannot be run, or layers have nothing like a node of it: one sentence names the node.</exception>
    public static ConvertedNetwork Convert(OnnxModel model, string name, InputScaling scaling, int size, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(scaling);
        return Convert(model, new OnnxProgram(model, name), scaling, size, context);
    }

    internal static ConvertedNetwork Convert(OnnxModel model, OnnxProgram program, InputScaling scaling, int size, KernelContext context)
    {
        string name = program.Name;
        try
        {
            return Converted(model, new ConversionTrace(program, size, context), name, scaling);
        }
        catch (OverflowException e)
        {
            throw new RectifyException($"{name}: a layer would have more than 2³¹−1 numbers; run it as it is with rectify run.", e);
        }
    }

    private static ConvertedNetwork Converted(OnnxModel model, ConversionTrace trace, string name, InputScaling scaling)
    {
        if (trace.Shape[1] != 3 || trace.Shape[2] != trace.Shape[3])
        {
            throw new RectifyException($"{name} takes {string.Join("; ", model.Graph.Inputs)}, and photos here are square crops of 3 channels; run it as it is with rectify run.");
        }

        FlowGraph flow = new(model.Graph, name, trace.Input);
        IReadOnlyList<FlowPiece> pieces = flow.Between(trace.Input, OutputOf(model.Graph, name));
        LayerBuilder builder = new(name, trace, flow.IsConstant, scaling);
        IReadOnlyList<Layer> layers = builder.Build(pieces);
        try
        {
            MapShape input = MapShape.Image(1, trace.Shape[2], trace.Shape[3], 3);
            return new ConvertedNetwork(new Network(Path.GetFileNameWithoutExtension(name), input, layers), builder.Mean!);
        }
        catch
        {
            foreach (Parameter parameter in layers.SelectMany(layer => layer.Parameters))
            {
                parameter.Dispose();
            }

            throw;
        }
    }

    // The one output; of two, the one of which the other is the softmax.
    private static string OutputOf(OnnxGraph graph, string name)
    {
        string[] outputs = [.. graph.Outputs.Select(output => output.Name)];
        string[] own = [.. outputs.Where(output => !graph.Nodes.Any(node =>
            node.Operator is "Softmax" or "LogSoftmax" && node.Outputs.Contains(output) && outputs.Contains(node.Inputs[0])))];
        return own.Length == 1
            ? own[0]
            : throw new RectifyException(
                $"{name} has the outputs {string.Join("; ", graph.Outputs)}, and a network has one, or scores and their softmax; run it as it is with rectify run.");
    }
}
