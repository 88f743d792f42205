using Rectify.Data;
using Rectify.Onnx.Messages;

namespace Rectify.Onnx.Export;

/// <summary>The subtraction of the mean (docs/decisions/0011): a number a channel, or the mean image, which follows the photo's size as in dense testing.</summary>
internal static class MeanGraph
{
    /// <summary>Adds the subtraction.</summary>
    /// <param name="graph">Where.</param>
    /// <param name="mean">The mean.</param>
    /// <param name="pixels">[N,3,H,W].</param>
    /// <param name="anySize">Whether H and W are open.</param>
    /// <returns>The difference.</returns>
    public static string Add(GraphWriter graph, MeanImage mean, string pixels, bool anySize)
    {
        string subtracted = mean.Kind == MeanKind.PerChannel
            ? graph.Add("mean", [1, 3, 1, 1], [mean.Channels.Red, mean.Channels.Green, mean.Channels.Blue])
            : graph.Add("mean", [1, 3, mean.Size, mean.Size], Planes(mean));
        if (mean.Kind == MeanKind.PerPixel && anySize)
        {
            // Bilinear between the centres of pixels, held constant beyond the outermost ones: MeanResize.
            string shape = graph.Add("pixels.shape", "Shape", [pixels]);
            string size = graph.Add("pixels.size", "Gather", [shape, graph.Whole(2, 3)], OnnxAttribute.Of("axis", 0));
            string sizes = graph.Add("mean.sizes", "Concat", [graph.Whole(1, 3), size], OnnxAttribute.Of("axis", 0));
            subtracted = graph.Add(
                "mean.resized", "Resize", [subtracted, "", "", sizes], OnnxAttribute.Of("mode", "linear"), OnnxAttribute.Of("coordinate_transformation_mode", "half_pixel"));
        }

        return graph.Add("pixels.less.mean", "Sub", [pixels, subtracted]);
    }

    // Channels first.
    private static float[] Planes(MeanImage mean)
    {
        int plane = mean.Size * mean.Size;
        float[] planes = new float[3 * plane];
        for (int i = 0; i < planes.Length; i++)
        {
            planes[i] = mean.Values[(i % plane * 3) + (i / plane)];
        }

        return planes;
    }
}
