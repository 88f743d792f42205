using Rectify.Layers;
using Rectify.Onnx.Graphs;
using Rectify.Onnx.Messages;
using Rectify.Onnx.Operators;
using Rectify.Tensors;

namespace Rectify.Onnx.Conversion;

/// <summary>Which layer a node is.</summary>
/// <param name="model">What messages call the model.</param>
/// <param name="trace">Shapes and constants.</param>
/// <param name="isConstant">Whether a value depends on no input.</param>
internal sealed class NodeLayers(string model, ConversionTrace trace, Func<string, bool> isConstant)
{
    /// <summary>A node that no layer is like.</summary>
    public RectifyException Unlike(OnnxNode node) =>
        new($"{model}: {node} cannot be made a layer where it stands (see docs/formats.md); run the model as it is with rectify run.");

    /// <summary>Throws unless a softmax goes over the classes.</summary>
    public void CheckSoftmax(OnnxNode node)
    {
        int[] shape = trace[node.Inputs[0]].Shape;
        long axis = Whole(node, "axis", trace.Call(node).Version < 13 ? 1 : -1);
        if (shape.Length < 2 || (axis < 0 ? axis + shape.Length : axis) != 1)
        {
            throw Unlike(node);
        }
    }

    /// <summary>Whether a concatenation puts channels side by side.</summary>
    public bool JoinsChannels(OnnxNode node)
    {
        int rank = trace[node.Outputs[0]].Shape.Length;
        long axis = Whole(node, "axis", 0);
        return (axis < 0 ? axis + rank : axis) == 1;
    }

    /// <summary>A layer with weights; null where the node has none.</summary>
    public WeightedDraft? Weighted(OnnxNode node, ref MapState state, Func<OnnxNode, string> name)
    {
        if (node.Operator is not ("Conv" or "Gemm" or "MatMul"))
        {
            return null;
        }

        if (node.Inputs.Skip(1).Any(input => input.Length > 0 && !isConstant(input)))
        {
            throw Unlike(node);
        }

        GraphValue weights = trace[node.Inputs[1]];
        return node.Operator == "Conv" ? Convolution(node, weights, ref state, name(node)) : Linear(node, weights, ref state, name(node));
    }

    /// <summary>A layer without weights; null where the node changes nothing that layers have.</summary>
    public Layer? Plain(OnnxNode node, ref MapState state, Func<OnnxNode, string> name)
    {
        Layer? layer = null;
        switch (node.Operator)
        {
            case "Identity" or "Dropout":
            case "Concat" when node.Inputs.Count == 1:
            case "AveragePool" when IsOfOnePixel(node):
                return null;
            case "Flatten" or "Reshape" or "Squeeze" or "Unsqueeze":
                state = Reshaped(node, state);
                return null;
            case "GlobalAveragePool":
            case "ReduceMean" when IsOverMap(node):
                layer = new AveragePool(name(node));
                state = state with { Flat = trace[node.Outputs[0]].Shape.Length == 2 };
                break;
            case "AveragePool":
                layer = Average(node, state, name(node));
                break;
            case "GlobalMaxPool":
            case "ReduceMax" when IsOverMap(node):
                layer = new SpatialPyramidPool(name(node), 1);
                state = state with { Flat = trace[node.Outputs[0]].Shape.Length == 2 };
                break;
            case "Relu":
                layer = new ReLU(name(node));
                break;
            case "LeakyRelu":
                layer = new LeakyReLU(name(node), node.Attributes.FirstOrDefault(attribute => attribute.Name == "alpha")?.Number ?? 0.01f);
                break;
            case "PRelu" when isConstant(node.Inputs[1]):
                layer = Rectifier(node, state, name(node));
                break;
            case "MaxPool":
                layer = Pool(node, state, name(node));
                break;
            default:
                throw Unlike(node);
        }

        state = state with { Shape = layer.Output(state.Shape) };
        return layer;
    }

    private WeightedDraft Convolution(OnnxNode node, GraphValue weights, ref MapState state, string name)
    {
        (int filters, int channels) = (weights.Shape[0], weights.Shape[1]);
        float[] values = [.. weights.Floats];
        float[]? bias = node.Inputs.Count > 2 && node.Inputs[2].Length > 0 ? trace[node.Inputs[2]].Floats : null;
        MapShape input = state.Shape;
        Window window = WindowOf(node, trace[node.Inputs[0]].Shape);
        if (weights.Shape.Length != 4 || Whole(node, "group", 1) != 1 || channels != input.C)
        {
            throw Unlike(node);
        }

        bool packed = input.Pitch == input.C;
        Layer Create(bool biases) => new Convolution(name, channels, filters, window, packed, biases);
        state = state with { Shape = Create(false).Output(input) };
        return new WeightedDraft(values, bias, filters, Create);
    }

    private WeightedDraft Linear(OnnxNode node, GraphValue weights, ref MapState state, string name)
    {
        bool turned = node.Operator == "Gemm" && Whole(node, "transB", 0) == 1;
        if (weights.Shape.Length != 2 || (node.Operator == "Gemm" && Whole(node, "transA", 0) != 0) || !state.Flat)
        {
            throw Unlike(node);
        }

        (int filters, int features) = turned ? (weights.Shape[0], weights.Shape[1]) : (weights.Shape[1], weights.Shape[0]);
        if (features != state.Features)
        {
            throw Unlike(node);
        }

        float alpha = Number(node, "alpha", 1f);
        float[] values = new float[weights.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = alpha * weights.Floats[turned ? i : (i % features * filters) + (i / features)];
        }

        float[]? bias = null;
        if (node.Operator == "Gemm" && node.Inputs.Count > 2 && node.Inputs[2].Length > 0)
        {
            float beta = Number(node, "beta", 1f);
            double[] all = ChannelAffine.Channels(trace[node.Inputs[2]], [1, filters]) ?? throw Unlike(node);
            bias = Array.ConvertAll(all, value => beta * (float)value);
        }

        MapShape input = state.Shape;
        Layer Create(bool biases) => new Linear(name, input, filters, biases);
        state = new MapState(Create(false).Output(input), Flat: true);
        return new WeightedDraft(values, bias, filters, Create);
    }

    private PReLU Rectifier(OnnxNode node, MapState state, string name)
    {
        GraphValue slopes = trace[node.Inputs[1]];
        double[] channels = state.Flat && state.Shape is not { H: 1, W: 1 } && slopes.Count > 1
            ? throw Unlike(node)
            : ChannelAffine.Channels(slopes, trace[node.Inputs[0]].Shape) ?? throw Unlike(node);
        PReLU rectifier = new(name, state.Shape.C, shared: slopes.Count == 1);
        rectifier.Slope.FromFile(slopes.Count == 1 ? [(float)channels[0]] : Array.ConvertAll(channels, slope => (float)slope), rectifier.Slope.Values);
        return rectifier;
    }

    private MaxPool Pool(OnnxNode node, MapState state, string name)
    {
        Window window = WindowOf(node, trace[node.Inputs[0]].Shape);
        bool roundUp = Whole(node, "ceil_mode", 0) == 1;
        MaxPool pool = new(name, window, roundUp);
        int[] made = trace[node.Outputs[0]].Shape;
        MapShape shape = pool.Output(state.Shape);
        return (shape.H, shape.W) == (made[2], made[3]) ? pool : throw Unlike(node);
    }

    private AveragePool Average(OnnxNode node, MapState state, string name)
    {
        AveragePool pool = new(name, WindowOf(node, trace[node.Inputs[0]].Shape), Whole(node, "ceil_mode", 0) == 1, Whole(node, "count_include_pad", 0) == 1);
        int[] made = trace[node.Outputs[0]].Shape;
        MapShape shape = pool.Output(state.Shape);
        return (shape.H, shape.W) == (made[2], made[3]) ? pool : throw Unlike(node);
    }

    private Window WindowOf(OnnxNode node, int[] input)
    {
        string automatic = node.Attributes.FirstOrDefault(attribute => attribute.Name == "auto_pad")?.Text ?? "NOTSET";
        int[]? taps = node.Operator == "Conv" ? trace[node.Inputs[1]].Shape[2..] : null;
        if (input.Length != 4 || Wholes(node, "dilations").Any(d => d != 1))
        {
            throw Unlike(node);
        }

        // Where photos may be of any size the padding must not depend on it, as it does where it makes up for strides.
        WindowAxis[] windows = WindowAttributes.Read(trace.Call(node), input, taps);
        (WindowAxis rows, WindowAxis columns) = (windows[1], windows[2]);
        return trace.TakesAnySize && automatic.StartsWith("SAME", StringComparison.Ordinal) && (rows.Stride > 1 || columns.Stride > 1)
            ? throw Unlike(node)
            : new Window(rows.Taps, columns.Taps, rows.Stride, columns.Stride, rows.Before, columns.Before, rows.After, columns.After);
    }

    private MapState Reshaped(OnnxNode node, MapState state)
    {
        int[] from = trace[node.Inputs[0]].Shape;
        int[] to = trace[node.Outputs[0]].Shape;
        if (to is [var n, var features] && n == from[0] && features == state.Features)
        {
            return state with { Flat = true };
        }

        if (state.Shape is { H: 1, W: 1 } && to.Length >= 2 && to[0] == from[0] && to[1] == state.Shape.C && to[2..].All(size => size == 1))
        {
            return state with { Flat = to.Length == 2 };
        }

        return !state.Flat && to.AsSpan().SequenceEqual(from) ? state : throw Unlike(node);
    }

    private static bool IsOfOnePixel(OnnxNode node) =>
        Wholes(node, "kernel_shape").Concat(Wholes(node, "strides")).Concat(Wholes(node, "dilations")).All(one => one == 1) && Wholes(node, "pads").All(pad => pad == 0);

    private bool IsOverMap(OnnxNode node)
    {
        long[] axes = [.. Wholes(node, "axes")];
        if (axes.Length == 0 && node.Inputs.Count > 1 && isConstant(node.Inputs[1]))
        {
            axes = trace[node.Inputs[1]].Integers;
        }

        return trace[node.Inputs[0]].Shape.Length == 4 && axes.Select(axis => axis < 0 ? axis + 4 : axis).Order().SequenceEqual([2L, 3L]);
    }

    private static long Whole(OnnxNode node, string name, long otherwise) => node.Attributes.FirstOrDefault(attribute => attribute.Name == name)?.Whole ?? otherwise;

    private static float Number(OnnxNode node, string name, float otherwise) => node.Attributes.FirstOrDefault(attribute => attribute.Name == name)?.Number ?? otherwise;

    private static IReadOnlyList<long> Wholes(OnnxNode node, string name) => node.Attributes.FirstOrDefault(attribute => attribute.Name == name)?.Wholes ?? [];
}
