using Rectify.Onnx.Graphs;

namespace Rectify.Onnx.Operators;

/// <summary>ReduceMax and ReduceMean over some axes, or all.</summary>
internal static class ReducingOperators
{
    private const int AxesAsInput = 18;

    public static GraphValue[] Max(OperatorCall call)
    {
        GraphValue x = call.Floats(0);
        return Run(call, x, values =>
        {
            float max = float.NegativeInfinity;
            foreach (float value in values)
            {
                max = MathF.Max(max, value);
            }

            return max;
        });
    }

    public static GraphValue[] Mean(OperatorCall call)
    {
        GraphValue x = call.Floats(0);
        return Run(call, x, values =>
        {
            double sum = 0;
            foreach (float value in values)
            {
                sum += value;
            }

            return (float)(sum / values.Length);
        });
    }

    private static GraphValue[] Run(OperatorCall call, GraphValue x, Func<ReadOnlySpan<float>, float> reduce)
    {
        int rank = x.Shape.Length;
        long[]? given = call.Version < AxesAsInput ? call.Wholes("axes") : call.OptionalIntegers(1) ?? call.Wholes("axes");
        if (given is null or [] && call.Flag("noop_with_empty_axes"))
        {
            return [x];
        }

        int[] axes = given is null or [] ? [.. Enumerable.Range(0, rank)] : call.Axes(given, rank);
        bool keep = call.Whole("keepdims", 1) != 0;
        int[] kept = [.. Enumerable.Range(0, rank).Where(axis => !axes.Contains(axis))];
        int[] shape = [.. Enumerable.Range(0, rank).Where(axis => keep || kept.Contains(axis)).Select(axis => kept.Contains(axis) ? x.Shape[axis] : 1)];
        float[] y = call.NewFloats(shape);

        // What is reduced comes last, and each output is that of a run.
        int[] order = [.. kept, .. axes.Order()];
        long[] strides = StridedCopy.Strides(x.Shape);
        GraphValue sorted = order.SequenceEqual(Enumerable.Range(0, rank))
            ? x
            : StridedCopy.Run(call, x, [.. order.Select(axis => x.Shape[axis])], 0, [.. order.Select(axis => strides[axis])]);
        int run = y.Length == 0 ? 0 : sorted.Count / y.Length;
        if (run == 0 && y.Length > 0)
        {
            throw call.Error($"its input {GraphValue.ShapeText(x.Shape)} is empty");
        }

        for (int i = 0; i < y.Length; i++)
        {
            y[i] = reduce(sorted.Floats.AsSpan(i * run, run));
        }

        return [GraphValue.Of(shape, y)];
    }
}
