using Rectify.Onnx.Graphs;
using Rectify.Onnx.Messages;
using Rectify.Onnx.Operators;

namespace Rectify.Onnx.Conversion;

/// <summary>y = factor[c]·x + shift[c]: what a normalization, or a constant that is added or multiplied, does to a channel.</summary>
/// <param name="Factor">One a channel.</param>
/// <param name="Shift">One a channel.</param>
internal sealed record ChannelAffine(double[] Factor, double[] Shift)
{
    /// <summary>That of a node; null where it is none.</summary>
    /// <param name="node">The node.</param>
    /// <param name="trace">The values.</param>
    /// <param name="isConstant">Whether a value depends on no input.</param>
    public static ChannelAffine? Of(OnnxNode node, ConversionTrace trace, Func<string, bool> isConstant)
    {
        if (node.Operator == "BatchNormalization")
        {
            GraphValue[] parameters = [.. node.Inputs.Skip(1).Select(name => trace[name])];
            float epsilon = node.Attributes.FirstOrDefault(attribute => attribute.Name == "epsilon")?.Number ?? 1e-5f;
            (double Factor, double Shift)[] all =
                [.. Enumerable.Range(0, parameters[0].Count).Select(channel => NormalizationOperator.Affine(parameters, channel, epsilon))];
            return node.Inputs.Skip(1).All(isConstant) ? new ChannelAffine([.. all.Select(a => a.Factor)], [.. all.Select(a => a.Shift)]) : null;
        }

        if (node.Operator is not ("Add" or "Sub" or "Mul" or "Div") || node.Inputs.Count != 2 || isConstant(node.Inputs[0]) == isConstant(node.Inputs[1]))
        {
            return null;
        }

        bool first = isConstant(node.Inputs[0]);
        int[] shape = trace[node.Inputs[first ? 1 : 0]].Shape;
        return shape.Length >= 2 && Channels(trace[node.Inputs[first ? 0 : 1]], shape) is { } values ? OfPair(node.Operator, first, values) : null;
    }

    /// <summary>A constant's number for each channel of a map [N,C,H,W] or a vector [N,C]; null where it differs within a channel.</summary>
    public static double[]? Channels(GraphValue constant, int[] shape)
    {
        if (!constant.IsFloat || constant.Shape.Length > shape.Length)
        {
            return null;
        }

        int axis = constant.Shape.Length - shape.Length + 1;
        bool plain = constant.Shape.Where((size, i) => i != axis && size != 1).Any();
        int channels = shape[1];
        return constant.Count == 1
            ? [.. Enumerable.Repeat((double)constant.Floats[0], channels)]
            : !plain && constant.Count == channels ? Array.ConvertAll(constant.Floats, value => (double)value) : null;
    }

    /// <summary>This, and then another.</summary>
    public ChannelAffine Then(ChannelAffine next) => new(
        [.. Factor.Zip(next.Factor, (a, b) => a * b)],
        [.. Shift.Zip(next.Factor, (shift, factor) => shift * factor).Zip(next.Shift, (a, b) => a + b)]);

    private static ChannelAffine? OfPair(string operation, bool first, double[] values)
    {
        double[] ones = [.. Enumerable.Repeat(1.0, values.Length)];
        double[] zeros = new double[values.Length];
        return operation switch
        {
            "Add" => new ChannelAffine(ones, values),
            "Sub" when first => new ChannelAffine(Array.ConvertAll(ones, one => -one), values),
            "Sub" => new ChannelAffine(ones, Array.ConvertAll(values, value => -value)),
            "Mul" => new ChannelAffine(values, zeros),
            "Div" when !first => new ChannelAffine(Array.ConvertAll(values, value => 1 / value), zeros),
            _ => null,
        };
    }
}
