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
        WindowAxis[] windows = WindowAttributes.Read(call, x.Shape);
        bool columnMajor = call.Flag("storage_order");
        int[] shape = WindowAttributes.Output(x.Shape, x.Shape[1], windows);
        float[] y = call.NewFloats(shape);
        long[] indices = call.Wants(1) ? call.NewIntegers(shape) : [];
        (int places, int numbers) = (WindowPlaces.Outputs(windows), WindowPlaces.Inputs(windows));
        float[] input = x.Floats;
        ParallelLoop.Run(call.Context.Workers, y.Length == 0 ? 0 : y.Length / places, (channel, _) =>
        {
            ReadOnlySpan<float> map = input.AsSpan(channel * numbers, numbers);
            for (int place = 0; place < places; place++)
            {
                (float max, int at) = Largest(map, windows, WindowPlaces.Of(place, windows));
                y[(channel * places) + place] = max;
                if (indices.Length > 0)
                {
                    indices[(channel * places) + place] = at < 0 ? -1 : ((long)channel * numbers) + (columnMajor ? ColumnMajor(at, windows) : at);
                }
            }
        });
        return [GraphValue.Of(shape, y), GraphValue.Of(indices.Length > 0 ? shape : [0], indices)];
    }

    private static (float Max, int At) Largest(ReadOnlySpan<float> x, WindowAxis[] windows, (int Depth, int Row, int Column) place)
    {
        (float max, int at) = (float.NegativeInfinity, -1);
        (WindowAxis depths, WindowAxis rows, WindowAxis columns) = (windows[0], windows[1], windows[2]);
        (int firstDepth, int endDepth) = depths.TapsInside(place.Depth);
        (int firstRow, int endRow) = rows.TapsInside(place.Row);
        (int firstColumn, int endColumn) = columns.TapsInside(place.Column);
        for (int d = firstDepth; d < endDepth; d++)
        {
            for (int r = firstRow; r < endRow; r++)
            {
                int row = (depths.At(place.Depth, d) * rows.Size) + rows.At(place.Row, r);
                for (int s = firstColumn; s < endColumn; s++)
                {
                    int here = (row * columns.Size) + columns.At(place.Column, s);
                    float value = x[here];
                    if (value > max || at < 0 || (float.IsNaN(value) && !float.IsNaN(max)))
                    {
                        (max, at) = (value, here);
                    }
                }
            }
        }

        return (max, at);
    }

    // The first axis runs fastest.
    private static int ColumnMajor(int at, WindowAxis[] windows)
    {
        (int row, int column) = Math.DivRem(at, windows[2].Size);
        (int depth, int rowOfDepth) = Math.DivRem(row, windows[1].Size);
        return (((column * windows[1].Size) + rowOfDepth) * windows[0].Size) + depth;
    }
}
