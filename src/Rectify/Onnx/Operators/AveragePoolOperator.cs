using Rectify.Kernels.Threading;
using Rectify.Onnx.Graphs;

namespace Rectify.Onnx.Operators;

/// <summary>AveragePool: the mean of each window; padding does not count unless count_include_pad, and what a rounded-up last window has beyond it never does.</summary>
internal static class AveragePoolOperator
{
    public static GraphValue[] Run(OperatorCall call)
    {
        GraphValue x = call.Floats(0);
        (WindowAxis rows, WindowAxis columns) = WindowAttributes.Read(call, x.Shape);
        bool padded = call.Flag("count_include_pad");
        int[] shape = WindowAttributes.Output(x.Shape, x.Shape[1], rows, columns);
        float[] y = call.NewFloats(shape);
        int plane = rows.Outputs * columns.Outputs;
        (int from, float[] numbers) = (rows.Size * columns.Size, x.Floats);
        ParallelLoop.Run(call.Context.Workers, y.Length == 0 ? 0 : y.Length / plane, (channel, _) =>
        {
            ReadOnlySpan<float> input = numbers.AsSpan(channel * from, from);
            for (int place = 0; place < plane; place++)
            {
                y[(channel * plane) + place] = Mean(input, rows, columns, place / columns.Outputs, place % columns.Outputs, padded);
            }
        });
        return [GraphValue.Of(shape, y)];
    }

    private static float Mean(ReadOnlySpan<float> x, WindowAxis rows, WindowAxis columns, int p, int q, bool padded)
    {
        double sum = 0;
        (int firstRow, int endRow) = rows.TapsInside(p);
        (int firstColumn, int endColumn) = columns.TapsInside(q);
        for (int r = firstRow; r < endRow; r++)
        {
            for (int s = firstColumn; s < endColumn; s++)
            {
                sum += x[(rows.At(p, r) * columns.Size) + columns.At(q, s)];
            }
        }

        long count = padded
            ? (long)rows.CountBelow(rows.Size + rows.After, p) * columns.CountBelow(columns.Size + columns.After, q)
            : (long)(endRow - firstRow) * (endColumn - firstColumn);
        return (float)(sum / count);
    }
}
