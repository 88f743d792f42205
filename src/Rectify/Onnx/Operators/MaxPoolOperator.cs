using Rectify.Kernels.Threading;
using Rectify.Onnx.Graphs;
using Rectify.Onnx.Messages;

namespace Rectify.Onnx.Operators;

/// <summary>MaxPool: the maximum of each window, padding left out; and where it was found, counted through the whole input.</summary>
/// <remarks>Of equal numbers the first counts, row by row. NaN is larger than all.</remarks>
internal static class MaxPoolOperator
{
    public static GraphValue[] Run(OperatorCall call)
    {
        GraphValue x = call.Input(0);
        if (x.Element is OnnxElement.U8 or OnnxElement.I8)
        {
            // A float holds every number of a byte.
            GraphValue[] made = Run(call, GraphValue.Of(x.Shape, Array.ConvertAll(x.Integers, value => (float)value)));
            return [GraphValue.Of(made[0].Shape, Array.ConvertAll(made[0].Floats, value => (long)value), x.Element), made[1]];
        }

        return Run(call, call.Floats(0));
    }

    private static GraphValue[] Run(OperatorCall call, GraphValue x)
    {
        (WindowAxis rows, WindowAxis columns) = WindowAttributes.Read(call, x.Shape);
        bool columnMajor = call.Flag("storage_order");
        int[] shape = WindowAttributes.Output(x.Shape, x.Shape[1], rows, columns);
        float[] y = call.NewFloats(shape);
        long[] indices = call.Wants(1) ? call.NewIntegers(shape) : [];
        int plane = rows.Outputs * columns.Outputs;
        (int from, float[] numbers) = (rows.Size * columns.Size, x.Floats);
        ParallelLoop.Run(call.Context.Workers, y.Length == 0 ? 0 : y.Length / plane, (channel, _) =>
        {
            ReadOnlySpan<float> input = numbers.AsSpan(channel * from, from);
            for (int place = 0; place < plane; place++)
            {
                (float max, int at) = Largest(input, rows, columns, place / columns.Outputs, place % columns.Outputs);
                y[(channel * plane) + place] = max;
                if (indices.Length > 0)
                {
                    int inner = columnMajor ? (at % columns.Size * rows.Size) + (at / columns.Size) : at;
                    indices[(channel * plane) + place] = at < 0 ? -1 : ((long)channel * from) + inner;
                }
            }
        });
        return [GraphValue.Of(shape, y), GraphValue.Of(indices.Length > 0 ? shape : [0], indices)];
    }

    private static (float Max, int At) Largest(ReadOnlySpan<float> x, WindowAxis rows, WindowAxis columns, int p, int q)
    {
        (float max, int at) = (float.NegativeInfinity, -1);
        (int firstRow, int endRow) = rows.TapsInside(p);
        (int firstColumn, int endColumn) = columns.TapsInside(q);
        for (int r = firstRow; r < endRow; r++)
        {
            for (int s = firstColumn; s < endColumn; s++)
            {
                int place = (rows.At(p, r) * columns.Size) + columns.At(q, s);
                float value = x[place];
                if (value > max || at < 0 || (float.IsNaN(value) && !float.IsNaN(max)))
                {
                    (max, at) = (value, place);
                }
            }
        }

        return (max, at);
    }
}
