using Rectify.Onnx.Graphs;

namespace Rectify.Onnx.Operators;

/// <summary>Concat, Slice, Transpose, Gather: the same numbers in other places.</summary>
internal static class RearrangingOperators
{
    public static GraphValue[] Concat(OperatorCall call)
    {
        GraphValue[] parts = [.. Enumerable.Range(0, call.InputCount).Select(call.Input)];
        int[] first = parts[0].Shape;
        if (!call.Has("axis"))
        {
            throw call.Error("it has no axis");
        }

        int axis = call.Axis(call.Whole("axis", 0), first.Length);
        if (parts.FirstOrDefault(part => part.Element != parts[0].Element || part.Shape.Length != first.Length || Differ(part.Shape, first, axis)) is { } other)
        {
            throw call.Error($"its inputs {parts[0]} and {other} do not go side by side along axis {axis}");
        }

        int[] shape = [.. first];
        shape[axis] = parts.Aggregate(0, (sum, part) => checked(sum + part.Shape[axis]));
        int outer = (int)GraphValue.CountOf(first.AsSpan(0, axis));
        if (parts[0].IsFloat)
        {
            float[] floats = call.NewFloats(shape);
            Join(outer, floats, [.. parts.Select(part => part.Floats)]);
            return [GraphValue.Of(shape, floats)];
        }

        long[] integers = call.NewIntegers(shape);
        Join(outer, integers, [.. parts.Select(part => part.Integers)]);
        return [GraphValue.Of(shape, integers, parts[0].Element)];
    }

    /// <summary>From starts to before ends, by steps, which may go backwards; what lies outside is cut off.</summary>
    public static GraphValue[] Slice(OperatorCall call)
    {
        GraphValue x = call.Input(0);
        bool attributes = call.Version < 10;
        long[] starts = attributes ? call.Wholes("starts") ?? throw call.Error("it has no starts") : call.Integers(1);
        long[] ends = attributes ? call.Wholes("ends") ?? throw call.Error("it has no ends") : call.Integers(2);
        long[] axes = (attributes ? call.Wholes("axes") : call.OptionalIntegers(3)) ?? [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)];
        long[] steps = call.OptionalIntegers(4) ?? [.. Enumerable.Repeat(1L, starts.Length)];
        if (starts.Length != ends.Length || starts.Length != axes.Length || starts.Length != steps.Length || steps.Contains(0))
        {
            throw call.Error($"it has {starts.Length} starts, {ends.Length} ends, {axes.Length} axes and {steps.Length} steps, or a step of 0");
        }

        int[] places = call.Axes(axes, x.Shape.Length);
        int[] shape = [.. x.Shape];
        long[] strides = StridedCopy.Strides(x.Shape);
        long offset = 0;
        for (int i = 0; i < places.Length; i++)
        {
            int axis = places[i];
            (long start, int count) = Range(starts[i], ends[i], steps[i], x.Shape[axis]);
            shape[axis] = count;
            offset += start * strides[axis];
            strides[axis] = count > 1 ? strides[axis] * steps[i] : strides[axis];
        }

        return [StridedCopy.Run(call, x, shape, offset, strides)];
    }

    public static GraphValue[] Transpose(OperatorCall call)
    {
        GraphValue x = call.Input(0);
        int rank = x.Shape.Length;
        int[] order = call.Wholes("perm") is { } given ? call.Axes(given, rank) : [.. Enumerable.Range(0, rank).Reverse()];
        if (order.Length != rank)
        {
            throw call.Error($"its perm has {order.Length} axes, and its input {rank}");
        }

        long[] strides = StridedCopy.Strides(x.Shape);
        return [StridedCopy.Run(call, x, [.. order.Select(axis => x.Shape[axis])], 0, [.. order.Select(axis => strides[axis])])];
    }

    /// <summary>Entries of an axis by their numbers, which may count from the end.</summary>
    public static GraphValue[] Gather(OperatorCall call)
    {
        (GraphValue x, GraphValue indices) = (call.Input(0), call.Input(1));
        int axis = call.Axis(call.Whole("axis", 0), x.Shape.Length);
        int size = x.Shape[axis];
        if (indices.IsFloat)
        {
            throw call.Error($"its indices are {indices}, and whole numbers are due");
        }

        if (indices.Integers.FirstOrDefault(index => index < -size || index >= size) is var wrong && wrong != 0)
        {
            throw call.Error($"its index {wrong} is none of {size}");
        }

        if (size == 0 && indices.Count > 0)
        {
            throw call.Error("it gathers from an axis of size 0");
        }

        int[] shape = [.. x.Shape[..axis], .. indices.Shape, .. x.Shape[(axis + 1)..]];
        int inner = (int)GraphValue.CountOf(x.Shape.AsSpan(axis + 1));
        int[] picks = [.. indices.Integers.Select(index => (int)(index < 0 ? index + size : index))];
        if (x.IsFloat)
        {
            float[] floats = call.NewFloats(shape);
            Pick(x.Floats, floats, picks, size, inner);
            return [GraphValue.Of(shape, floats)];
        }

        long[] integers = call.NewIntegers(shape);
        Pick(x.Integers, integers, picks, size, inner);
        return [GraphValue.Of(shape, integers, x.Element)];
    }

    private static bool Differ(int[] a, int[] b, int except) => a.Where((size, axis) => axis != except && size != b[axis]).Any();

    private static void Join<T>(int outer, T[] y, T[][] parts)
    {
        int at = 0;
        for (int i = 0; i < outer; i++)
        {
            foreach (T[] part in parts)
            {
                int length = part.Length / outer;
                Array.Copy(part, i * length, y, at, length);
                at += length;
            }
        }
    }

    private static void Pick<T>(T[] x, T[] y, int[] picks, int size, int inner)
    {
        int row = picks.Length * inner;
        for (int at = 0, i = 0; at < y.Length; at += inner, i++)
        {
            Array.Copy(x, ((at / row * size) + picks[i % picks.Length]) * inner, y, at, inner);
        }
    }

    // As numpy slices: bounds beyond the ends are drawn in.
    private static (long Start, int Count) Range(long start, long end, long step, int size)
    {
        long from = start < 0 ? Math.Max(start, -size) + size : Math.Min(start, size);
        long to = end < 0 ? Math.Max(end, -size - 1L) + size : Math.Min(end, size);
        if (step > 0)
        {
            to = Math.Max(to, 0);
            return (from, to > from ? (int)((to - from - 1) / step) + 1 : 0);
        }

        from = Math.Min(from, size - 1L);
        long back = step == long.MinValue ? long.MaxValue : -step;
        return (Math.Max(from, 0), from > to ? (int)((from - to - 1) / back) + 1 : 0);
    }
}
