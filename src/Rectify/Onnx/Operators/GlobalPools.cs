using Rectify.Onnx.Graphs;

namespace Rectify.Onnx.Operators;

/// <summary>GlobalAveragePool and GlobalMaxPool: [N,C,…] to [N,C,1,…].</summary>
internal static class GlobalPools
{
    public static GraphValue[] Average(OperatorCall call) => Run(call, plane =>
    {
        double sum = 0;
        foreach (float value in plane)
        {
            sum += value;
        }

        return (float)(sum / plane.Length);
    });

    public static GraphValue[] Max(OperatorCall call) => Run(call, plane =>
    {
        float max = float.NegativeInfinity;
        foreach (float value in plane)
        {
            max = MathF.Max(max, value);
        }

        return max;
    });

    private static GraphValue[] Run(OperatorCall call, Func<ReadOnlySpan<float>, float> reduce)
    {
        GraphValue x = call.Floats(0);
        if (x.Shape.Length < 3)
        {
            throw call.Error($"its input is {GraphValue.ShapeText(x.Shape)}, and [N,C,…] with at least one axis more is due");
        }

        int[] shape = [x.Shape[0], x.Shape[1], .. Enumerable.Repeat(1, x.Shape.Length - 2)];
        float[] y = call.NewFloats(shape);
        int plane = y.Length == 0 ? 0 : x.Count / y.Length;
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = reduce(x.Floats.AsSpan(i * plane, plane));
        }

        return [GraphValue.Of(shape, y)];
    }
}
