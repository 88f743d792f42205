using Rectify.Layers;
using Rectify.Onnx.Messages;

namespace Rectify.Onnx.Export;

/// <summary>Spatial pyramid pooling in standard operators, for maps of any size.</summary>
/// <remarks>Rows ⌊iH/n⌋..⌈(i+1)H/n⌉−1 are cut out and their maximum taken, then columns likewise: the bins of <see cref="SpatialPyramidPool"/>, computed from the map's
/// shape when the graph runs. A maximum of maxima is the same number, so nothing is lost to rounding.</remarks>
internal static class PyramidGraph
{
    private const int RowAxis = 2;
    private const int ColumnAxis = 3;

    /// <summary>Adds a pyramid.</summary>
    /// <param name="graph">Where.</param>
    /// <param name="layer">The pyramid.</param>
    /// <param name="map">[N,C,H,W].</param>
    /// <returns>[N,C,bins,1], levels in order, bins row by row.</returns>
    public static string Add(GraphWriter graph, SpatialPyramidPool layer, string map)
    {
        string name = layer.Name;
        string shape = graph.Add($"{name}.shape", "Shape", [map]);
        string height = graph.Add($"{name}.height", "Gather", [shape, graph.Whole(RowAxis)], OnnxAttribute.Of("axis", 0));
        string width = graph.Add($"{name}.width", "Gather", [shape, graph.Whole(ColumnAxis)], OnnxAttribute.Of("axis", 0));
        List<string> levels = [];
        for (int level = 0; level < layer.Levels.Count; level++)
        {
            string prefix = $"{name}.level{level + 1}";
            int bins = layer.Levels[level];
            string rows = Strips(graph, $"{prefix}.rows", map, height, bins, RowAxis);
            string grid = Strips(graph, $"{prefix}.grid", rows, width, bins, ColumnAxis);
            levels.Add(graph.Add($"{prefix}.bins", "Reshape", [grid, graph.Whole(0, 0, -1, 1)]));
        }

        return graph.Add(name, "Concat", levels, OnnxAttribute.Of("axis", RowAxis));
    }

    // Maxima of n strips across an axis, side by side.
    private static string Strips(GraphWriter graph, string name, string map, string size, int n, int axis)
    {
        List<string> maxima = [];
        for (int i = 0; i < n; i++)
        {
            string strip = map;
            if (n > 1)
            {
                string first = i == 0 ? graph.Whole(0) : graph.Add($"{name}{i}.first", "Div", [Times(graph, $"{name}{i}.first.product", size, i), graph.Whole(n)]);
                string end = i == n - 1 ? size : graph.Add($"{name}{i}.end", "Div", [RoundedUp(graph, $"{name}{i}.end", size, i + 1, n), graph.Whole(n)]);
                strip = graph.Add($"{name}{i}.strip", "Slice", [map, first, end, graph.Whole(axis)]);
            }

            maxima.Add(graph.Add($"{name}{i}", "ReduceMax", [strip], OnnxAttribute.Of("axes", [(long)axis]), OnnxAttribute.Of("keepdims", 1)));
        }

        return n == 1 ? maxima[0] : graph.Add(name, "Concat", maxima, OnnxAttribute.Of("axis", axis));
    }

    private static string RoundedUp(GraphWriter graph, string name, string size, int factor, int n) =>
        graph.Add($"{name}.sum", "Add", [Times(graph, $"{name}.product", size, factor), graph.Whole(n - 1)]);

    private static string Times(GraphWriter graph, string name, string size, int factor) =>
        factor == 1 ? size : graph.Add(name, "Mul", [size, graph.Whole(factor)]);
}
