using Rectify.Onnx.Graphs;

namespace Rectify.Onnx.Operators;

/// <summary>Flatten, Reshape, Shape, Squeeze, Unsqueeze: the numbers stay, the shape is another.</summary>
internal static class ShapeOperators
{
    /// <summary>Two axes: the product of those before the axis, and of the others.</summary>
    public static GraphValue[] Flatten(OperatorCall call)
    {
        GraphValue x = call.Input(0);
        int rank = x.Shape.Length;
        long given = call.Whole("axis", 1);
        int axis = given >= -rank && given <= rank ? (int)(given < 0 ? given + rank : given) : throw call.Error($"its axis {given} is none of {rank}");
        long before = GraphValue.CountOf(x.Shape.AsSpan(0, axis));
        long after = GraphValue.CountOf(x.Shape.AsSpan(axis));
        return [x.WithShape([checked((int)before), checked((int)after)])];
    }

    /// <summary>0 keeps an axis (unless allowzero), one −1 takes what is left.</summary>
    public static GraphValue[] Reshape(OperatorCall call)
    {
        GraphValue x = call.Input(0);
        long[] wanted = call.Integers(1);
        bool zeros = call.Flag("allowzero");
        string text = $"the shape [{string.Join(',', wanted)}] does not fit an input {GraphValue.ShapeText(x.Shape)}";
        if (wanted.Length > GraphValue.MostAxes
            || wanted.Any(size => size is < -1 or > int.MaxValue)
            || wanted.Count(size => size == -1) > 1
            || (zeros && wanted.Contains(0) && wanted.Contains(-1)))
        {
            throw call.Error(text);
        }

        int[] shape = [.. wanted.Select((size, axis) => size != 0 || zeros ? (int)size : axis < x.Shape.Length ? x.Shape[axis] : throw call.Error(text))];
        int open = Array.IndexOf(shape, -1);
        if (open >= 0)
        {
            shape[open] = 1;
            long others = GraphValue.CountOf(shape);
            shape[open] = others > 0 && x.Count % others == 0 ? (int)(x.Count / others) : throw call.Error(text);
        }

        return GraphValue.CountOf(shape) == x.Count ? [x.WithShape(shape)] : throw call.Error(text);
    }

    /// <summary>The sizes of the axes from start to before end.</summary>
    public static GraphValue[] Shape(OperatorCall call)
    {
        int[] shape = call.Input(0).Shape;
        int start = Bounded(call.Whole("start", 0), shape.Length);
        int end = Bounded(call.Whole("end", shape.Length), shape.Length);
        long[] sizes = [.. shape.Skip(start).Take(end - start).Select(size => (long)size)];
        return [GraphValue.Of([sizes.Length], sizes)];
    }

    /// <summary>Axes of size 1 taken out: those given, or all.</summary>
    public static GraphValue[] Squeeze(OperatorCall call)
    {
        GraphValue x = call.Input(0);
        long[]? given = call.Version < 13 ? call.Wholes("axes") : call.OptionalIntegers(1);
        int[] axes = given is null ? [.. Enumerable.Range(0, x.Shape.Length).Where(axis => x.Shape[axis] == 1)] : call.Axes(given, x.Shape.Length);
        return axes.All(axis => x.Shape[axis] == 1)
            ? [x.WithShape([.. x.Shape.Where((_, axis) => !axes.Contains(axis))])]
            : throw call.Error($"its axes {GraphValue.ShapeText(axes)} of {GraphValue.ShapeText(x.Shape)} are not all of size 1");
    }

    /// <summary>Axes of size 1 put in.</summary>
    public static GraphValue[] Unsqueeze(OperatorCall call)
    {
        GraphValue x = call.Input(0);
        long[] given = (call.Version < 13 ? call.Wholes("axes") : call.OptionalIntegers(1)) ?? throw call.Error("it has no axes");
        int rank = x.Shape.Length + given.Length;
        int[] axes = rank <= GraphValue.MostAxes ? call.Axes(given, rank) : throw call.Error($"it makes more than {GraphValue.MostAxes} axes");
        Queue<int> rest = new(x.Shape);
        return [x.WithShape([.. Enumerable.Range(0, rank).Select(axis => axes.Contains(axis) ? 1 : rest.Dequeue())])];
    }

    private static int Bounded(long axis, int rank) => (int)Math.Clamp(axis < 0 ? axis + rank : axis, 0, rank);
}
