using Rectify.Onnx.Graphs;

namespace Rectify.Onnx.Operators;

/// <summary>Resize of [N,C,H,W] to other rows and columns: bilinear between the centres of pixels, held constant beyond the outermost ones; other modes are refused.</summary>
internal static class ResizeOperator
{
    private const int Axes = 4;

    public static GraphValue[] Run(OperatorCall call)
    {
        GraphValue x = call.Floats(0);
        if (call.Text("mode", "nearest") != "linear" || call.Text("coordinate_transformation_mode", "half_pixel") != "half_pixel" || call.Optional(3) is null)
        {
            throw call.Error("of Resize the mode linear with half_pixel and given sizes is supported alone");
        }

        long[] sizes = call.Integers(3);
        if (x.Shape.Length != Axes || sizes.Length != Axes || sizes[0] != x.Shape[0] || sizes[1] != x.Shape[1] || sizes.Any(size => size is < 1 or > int.MaxValue) || x.Count == 0)
        {
            throw call.Error($"its sizes {GraphValue.ShapeText(sizes.Select(size => (int)Math.Clamp(size, int.MinValue, int.MaxValue)))} do not resize rows and columns of {x}");
        }

        int[] shape = [.. sizes.Select(size => (int)size)];
        (int height, int width) = (x.Shape[2], x.Shape[3]);
        float[] y = call.NewFloats(shape);
        (int First, int Second, float Share)[] columns = [.. Enumerable.Range(0, shape[3]).Select(column => Place(column, shape[3], width))];
        int at = 0;
        for (int plane = 0; plane < shape[0] * shape[1]; plane++)
        {
            for (int row = 0; row < shape[2]; row++)
            {
                (int upper, int lower, float down) = Place(row, shape[2], height);
                ReadOnlySpan<float> above = x.Floats.AsSpan(((plane * height) + upper) * width, width), below = x.Floats.AsSpan(((plane * height) + lower) * width, width);
                foreach ((int first, int second, float across) in columns)
                {
                    float left = above[first] + (down * (below[first] - above[first])), right = above[second] + (down * (below[second] - above[second]));
                    y[at++] = left + (across * (right - left));
                }
            }
        }

        return [GraphValue.Of(shape, y)];
    }

    // Between which two of so many a place of the result lies, and how far from the first.
    private static (int First, int Second, float Share) Place(int at, int length, int source)
    {
        double place = Math.Clamp(((at + 0.5) * source / length) - 0.5, 0, source - 1);
        int first = (int)place;
        return (first, Math.Min(first + 1, source - 1), (float)(place - first));
    }
}
