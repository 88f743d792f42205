using Rectify.Kernels.Threading;
using Rectify.Onnx.Graphs;

namespace Rectify.Onnx.Operators;

/// <summary>AveragePool: the mean of each window; padding does not count unless count_include_pad, and what a rounded-up last window has beyond it never does.</summary>
internal static class AveragePoolOperator
{
    public static GraphValue[] Run(OperatorCall call)
    {
        GraphValue x = call.Floats(0);
        WindowAxis[] windows = WindowAttributes.Read(call, x.Shape);
        bool padded = call.Flag("count_include_pad");
        int[] shape = WindowAttributes.Output(x.Shape, x.Shape[1], windows);
        float[] y = call.NewFloats(shape);
        (int places, int numbers) = (WindowPlaces.Outputs(windows), WindowPlaces.Inputs(windows));
        float[] input = x.Floats;
        ParallelLoop.Run(call.Context.Workers, y.Length == 0 ? 0 : y.Length / places, (channel, _) =>
        {
            ReadOnlySpan<float> map = input.AsSpan(channel * numbers, numbers);
            for (int place = 0; place < places; place++)
            {
                y[(channel * places) + place] = Mean(map, windows, WindowPlaces.Of(place, windows), padded);
            }
        });
        return [GraphValue.Of(shape, y)];
    }

    private static float Mean(ReadOnlySpan<float> x, WindowAxis[] windows, (int Depth, int Row, int Column) place, bool padded)
    {
        double sum = 0;
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
                    sum += x[(row * columns.Size) + columns.At(place.Column, s)];
                }
            }
        }

        double count = padded
            ? (double)Counted(depths, place.Depth) * Counted(rows, place.Row) * Counted(columns, place.Column)
            : (double)(endDepth - firstDepth) * (endRow - firstRow) * (endColumn - firstColumn);
        return (float)(sum / count);
    }

    // Taps in the input or its padding.
    private static int Counted(WindowAxis axis, int output) => axis.CountBelow(axis.Size + axis.After, output);
}
