using Rectify.Onnx.Graphs;

namespace Rectify.Onnx.Operators;

/// <summary>Resize of the rows and columns of [N,C,H,W], linear between the centres of pixels, held constant beyond the outermost ones.</summary>
internal static class ResizeOperator
{
    /// <summary>Its settings; those of other modes may be there and mean nothing.</summary>
    public static string[] Attributes { get; } =
    [
        "antialias", "axes", "coordinate_transformation_mode", "cubic_coeff_a", "exclude_outside", "extrapolation_value", "keep_aspect_ratio_policy", "mode", "nearest_mode",
    ];

    public static GraphValue[] Run(OperatorCall call)
    {
        GraphValue x = call.Floats(0);
        if (call.Text("mode", "nearest") != "linear"
            || call.Text("coordinate_transformation_mode", "half_pixel") != "half_pixel"
            || call.Whole("antialias", 0) != 0
            || call.Has("axes")
            || call.Text("keep_aspect_ratio_policy", "stretch") != "stretch"
            || call.Whole("exclude_outside", 0) != 0)
        {
            throw call.Error("only the mode linear between half_pixel centres is supported, without antialias, axes or an aspect ratio to keep");
        }

        if (x.Shape.Length != 4 || x.Count == 0)
        {
            throw call.Error($"its input is {GraphValue.ShapeText(x.Shape)}, and [N,C,H,W] is due");
        }

        (int[] shape, double[] scales) = Sizes(call, x.Shape);
        float[] y = call.NewFloats(shape);
        (int First, int Second, float Share)[] columns = [.. Enumerable.Range(0, shape[3]).Select(column => Place(column, scales[3], x.Shape[3]))];
        for (int row = 0; y.Length > 0 && row < y.Length / shape[3]; row++)
        {
            (int upper, int lower, float share) = Place(row % shape[2], scales[2], x.Shape[2]);
            int plane = row / shape[2] * x.Shape[2];
            ReadOnlySpan<float> above = x.Floats.AsSpan((plane + upper) * x.Shape[3], x.Shape[3]);
            ReadOnlySpan<float> below = x.Floats.AsSpan((plane + lower) * x.Shape[3], x.Shape[3]);
            for (int column = 0; column < shape[3]; column++)
            {
                (int left, int right, float across) = columns[column];
                float at = above[left] + (share * (below[left] - above[left]));
                float next = above[right] + (share * (below[right] - above[right]));
                y[(row * shape[3]) + column] = at + (across * (next - at));
            }
        }

        return [GraphValue.Of(shape, y)];
    }

    // By scales or by sizes, of which one is given.
    private static (int[] Shape, double[] Scales) Sizes(OperatorCall call, int[] from)
    {
        if (call.Optional(3) is { Count: > 0 })
        {
            long[] sizes = call.Integers(3);
            return sizes.Length == 4 && sizes[0] == from[0] && sizes[1] == from[1] && sizes[2..].All(size => size is >= 1 and <= int.MaxValue)
                ? ([.. sizes.Select(size => (int)size)], [.. sizes.Zip(from, (size, old) => (double)size / old)])
                : throw call.Error($"its sizes [{string.Join(',', sizes)}] do not go with an input {GraphValue.ShapeText(from)}");
        }

        float[] scales = call.OptionalFloats(2)?.Floats ?? [];
        return scales.Length == 4 && scales[0] == 1f && scales[1] == 1f && scales[2..].All(scale => scale is > 0f and < 1e6f)
            ? ([.. scales.Zip(from, (scale, old) => checked((int)Math.Floor((double)scale * old)))], [.. scales.Select(scale => (double)scale)])
            : throw call.Error($"its scales [{string.Join(',', scales)}] are not four, of which the first two are 1");
    }

    private static (int First, int Second, float Share) Place(int at, double scale, int size)
    {
        double place = Math.Clamp(((at + 0.5) / scale) - 0.5, 0, size - 1);
        int first = (int)place;
        return (first, Math.Min(first + 1, size - 1), (float)(place - first));
    }
}
