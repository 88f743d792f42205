using Rectify.Onnx.Graphs;
using Rectify.Onnx.Messages;

namespace Rectify.Onnx.Operators;

/// <summary>Cast: floats of 16 bits are rounded to, and kept in 32, as those of 64 are; to whole numbers the fraction is cut off, to truth everything but 0 is 1.</summary>
internal static class CastOperator
{
    public static GraphValue[] Run(OperatorCall call)
    {
        GraphValue x = call.Input(0);
        OnnxElement to = (OnnxElement)call.Whole("to", 0);
        if (to is OnnxElement.F32 or OnnxElement.F64)
        {
            return [x.IsFloat ? x : GraphValue.Of(x.Shape, Array.ConvertAll(x.Integers, value => (float)value))];
        }

        if (to is OnnxElement.F16 or OnnxElement.BF16)
        {
            float[] values = x.IsFloat ? x.Floats : Array.ConvertAll(x.Integers, value => (float)value);
            return [GraphValue.Of(x.Shape, Array.ConvertAll(values, value => to == OnnxElement.F16 ? (float)(Half)value : Shortened(value)))];
        }

        if (!OnnxElements.IsWhole(to) || to == OnnxElement.U64)
        {
            throw call.Error($"it casts to {to}, which is not supported");
        }

        bool truth = to == OnnxElement.Truth;
        long[] y = x.IsFloat
            ? Array.ConvertAll(x.Floats, value => truth ? (value == 0f ? 0L : 1L) : Pairwise.Wrapped((long)value, to))
            : Array.ConvertAll(x.Integers, value => truth ? (value == 0 ? 0L : 1L) : Pairwise.Wrapped(value, to));
        return [GraphValue.Of(x.Shape, y, to)];
    }

    // To the nearest float of which the lower 16 bits are 0, of two the even one.
    private static float Shortened(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? value : BitConverter.UInt32BitsToSingle((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000);
    }
}
