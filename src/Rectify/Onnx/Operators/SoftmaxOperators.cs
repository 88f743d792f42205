using Rectify.Onnx.Graphs;

namespace Rectify.Onnx.Operators;

/// <summary>Softmax and LogSoftmax, the largest number subtracted first so that nothing overflows; before version 13 over all axes from the given one on.</summary>
internal static class SoftmaxOperators
{
    public static GraphValue[] Softmax(OperatorCall call) => Run(call, logarithm: false);

    public static GraphValue[] LogSoftmax(OperatorCall call) => Run(call, logarithm: true);

    private static GraphValue[] Run(OperatorCall call, bool logarithm)
    {
        GraphValue x = call.Floats(0);
        bool coerced = call.Version < 13;
        int axis = call.Axis(call.Whole("axis", coerced ? 1 : -1), x.Shape.Length);
        int length = coerced ? (int)GraphValue.CountOf(x.Shape.AsSpan(axis)) : x.Shape[axis];
        int step = coerced ? 1 : (int)GraphValue.CountOf(x.Shape.AsSpan(axis + 1));
        float[] y = call.NewFloats(x.Shape);
        for (int row = 0; length > 0 && row < y.Length / length; row++)
        {
            Row(x.Floats, y, (row / step * step * length) + (row % step), length, step, logarithm);
        }

        return [GraphValue.Of(x.Shape, y)];
    }

    private static void Row(float[] x, float[] y, int first, int length, int step, bool logarithm)
    {
        float max = float.NegativeInfinity;
        for (int i = 0; i < length; i++)
        {
            max = MathF.Max(max, x[first + (i * step)]);
        }

        double sum = 0;
        for (int i = 0; i < length; i++)
        {
            sum += Math.Exp((double)x[first + (i * step)] - max);
        }

        double log = Math.Log(sum);
        for (int i = 0; i < length; i++)
        {
            double below = (double)x[first + (i * step)] - max;
            y[first + (i * step)] = (float)(logarithm ? below - log : Math.Exp(below) / sum);
        }
    }
}
