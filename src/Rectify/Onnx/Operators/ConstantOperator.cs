using Rectify.Onnx.Graphs;
using Rectify.Onnx.Messages;
using Rectify.Tensors;

namespace Rectify.Onnx.Operators;

/// <summary>Constant, in the forms value, value_float, value_floats, value_int, value_ints.</summary>
internal static class ConstantOperator
{
    public static GraphValue[] Run(OperatorCall call)
    {
        if (call.Attribute("value", OnnxAttributeKind.Tensor) is { Tensor: { } tensor })
        {
            try
            {
                return [GraphValue.Of(tensor)];
            }
            catch (RectifyException e)
            {
                throw call.Error(e.Message.TrimEnd('.'));
            }
        }

        if (call.Attribute("value_float", OnnxAttributeKind.Number) is { } number)
        {
            return [GraphValue.Of([], [number.Number])];
        }

        if (call.Attribute("value_floats", OnnxAttributeKind.Numbers) is { } numbers)
        {
            return [GraphValue.Of([numbers.Numbers.Count], [.. numbers.Numbers])];
        }

        if (call.Attribute("value_int", OnnxAttributeKind.Whole) is { } whole)
        {
            return [GraphValue.Of([], [whole.Whole])];
        }

        return call.Attribute("value_ints", OnnxAttributeKind.Wholes) is { } wholes
            ? [GraphValue.Of([wholes.Wholes.Count], (long[])[.. wholes.Wholes])]
            : throw call.Error("it has no value");
    }
}
