using Rectify.Onnx.Graphs;

namespace Rectify.Onnx.Operators;

/// <summary>MatMul as numpy's matmul: matrices in the last two axes, the axes before them repeated to one shape; a vector is a row at the left, a column at the right.</summary>
internal static class MatMulOperator
{
    public static GraphValue[] Run(OperatorCall call)
    {
        (GraphValue a, GraphValue b) = (call.Floats(0), call.Floats(1));
        if (a.Shape.Length == 0 || b.Shape.Length == 0)
        {
            throw call.Error($"its inputs are {a} and {b}, and a single number cannot be multiplied so");
        }

        int[] left = a.Shape.Length == 1 ? [1, a.Shape[0]] : a.Shape;
        int[] right = b.Shape.Length == 1 ? [b.Shape[0], 1] : b.Shape;
        (int rows, int depth, int columns) = (left[^2], left[^1], right[^1]);
        if (depth != right[^2])
        {
            throw call.Error($"its inputs are {a} and {b}, and {depth} columns do not go with {right[^2]} rows");
        }

        int[] batch = Broadcast.Shape(call, left[..^2], right[..^2]);
        int[] whole = [.. batch, rows, columns];
        float[] y = call.NewFloats(whole);

        // One matrix at the right for all: one product of many rows.
        bool together = right.Length == 2;
        int products = y.Length == 0 ? 0 : together ? 1 : y.Length / (rows * columns);
        int height = together && y.Length > 0 ? y.Length / columns : rows;
        (long[] stepsA, long[] stepsB) = (Broadcast.Strides(left[..^2], batch), Broadcast.Strides(right[..^2], batch));
        for (int i = 0; i < products; i++)
        {
            MatrixProduct.Run(
                height,
                columns,
                depth,
                a.Floats.AsSpan(checked((int)(Place(i, batch, stepsA) * rows * depth)), height * depth),
                b.Floats.AsSpan(checked((int)(Place(i, batch, stepsB) * depth * columns)), depth * columns),
                y.AsSpan(i * height * columns, height * columns),
                call.Context);
        }

        int[] shape = [.. batch, .. a.Shape.Length == 1 ? Array.Empty<int>() : [rows], .. b.Shape.Length == 1 ? Array.Empty<int>() : [columns]];
        return [GraphValue.Of(shape, y)];
    }

    // Which matrix of a repeated batch the i-th is.
    private static long Place(int i, int[] batch, long[] steps)
    {
        long place = 0;
        for (int axis = batch.Length - 1; axis >= 0; axis--)
        {
            place += i % batch[axis] * steps[axis];
            i /= batch[axis];
        }

        return place;
    }
}
