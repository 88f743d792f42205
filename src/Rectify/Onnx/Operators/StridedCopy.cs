using Rectify.Onnx.Graphs;

namespace Rectify.Onnx.Operators;

/// <summary>Numbers in another order: y[i₀,i₁,…] = x[offset + Σ iₐ·strideₐ]. Slices, transposes and repeats are this with other strides.</summary>
internal static class StridedCopy
{
    /// <summary>Distances of the axes of a tensor as it lies: 1 for the last.</summary>
    public static long[] Strides(ReadOnlySpan<int> shape)
    {
        long[] strides = new long[shape.Length];
        long stride = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            (strides[axis], stride) = (stride, stride * shape[axis]);
        }

        return strides;
    }

    public static GraphValue Run(OperatorCall call, GraphValue x, int[] shape, long offset, long[] strides)
    {
        if (x.IsFloat)
        {
            float[] floats = call.NewFloats(shape);
            Copy(x.Floats, floats, shape, offset, strides);
            return GraphValue.Of(shape, floats);
        }

        long[] integers = call.NewIntegers(shape);
        Copy(x.Integers, integers, shape, offset, strides);
        return GraphValue.Of(shape, integers, x.Element);
    }

    private static void Copy<T>(T[] from, T[] to, int[] shape, long offset, long[] strides)
    {
        if (to.Length == 0)
        {
            return;
        }

        int last = shape.Length - 1;
        int run = last < 0 ? 1 : shape[last];
        long step = last < 0 ? 1 : strides[last];
        int[] index = new int[shape.Length];
        long at = offset;
        for (int i = 0; i < to.Length; i += run)
        {
            if (step == 1)
            {
                Array.Copy(from, at, to, i, run);
            }
            else
            {
                for (int j = 0; j < run; j++)
                {
                    to[i + j] = from[at + (j * step)];
                }
            }

            for (int axis = last - 1; axis >= 0; axis--)
            {
                at += strides[axis];
                if (++index[axis] < shape[axis])
                {
                    break;
                }

                at -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
    }
}
