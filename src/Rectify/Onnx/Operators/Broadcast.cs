using Rectify.Onnx.Graphs;

namespace Rectify.Onnx.Operators;

/// <summary>Two shapes made one as ONNX does it: aligned at the last axis, an axis of size 1 (or none) repeats.</summary>
internal static class Broadcast
{
    public static int[] Shape(OperatorCall call, int[] a, int[] b)
    {
        int[] shape = new int[Math.Max(a.Length, b.Length)];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            (int x, int y) = (SizeAt(a, axis, shape.Length), SizeAt(b, axis, shape.Length));
            shape[axis] = x == y || y == 1 ? x : x == 1 ? y : throw call.Error($"the shapes {GraphValue.ShapeText(a)} and {GraphValue.ShapeText(b)} do not go together");
        }

        return shape;
    }

    /// <summary>How a tensor is walked so that it fills a larger shape: 0 where it repeats.</summary>
    public static long[] Strides(int[] from, int[] shape)
    {
        long[] own = StridedCopy.Strides(from);
        long[] strides = new long[shape.Length];
        for (int axis = 0; axis < from.Length; axis++)
        {
            strides[shape.Length - from.Length + axis] = from[axis] == 1 ? 0 : own[axis];
        }

        return strides;
    }

    private static int SizeAt(int[] shape, int axis, int rank) => axis < rank - shape.Length ? 1 : shape[axis - (rank - shape.Length)];
}
