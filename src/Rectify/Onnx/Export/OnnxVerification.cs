using Rectify.Data;
using Rectify.Execution;
using Rectify.Kernels;
using Rectify.Onnx.Graphs;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Onnx.Export;

/// <summary>Whether an exported file computes what its network does: its graph is read back and run node by node, without the network's layers and plans.</summary>
public static class OnnxVerification
{
    /// <summary>The largest difference that sums in another order explain, as a share of the largest score.</summary>
    public const double Limit = 1e-4;

    private const int Colours = 3;
    private const ulong Seed = 1;

    /// <summary>Compares the scores of built-in pictures: two of the crop's size and, where the network takes any size, one that is larger and not square.</summary>
    /// <param name="path">The exported file.</param>
    /// <param name="trained">The network.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <returns>The largest difference of two scores before the softmax, as a share of the largest score; NaN where a score is.</returns>
    /// <exception cref="RectifyException">The file cannot be read or run.</exception>
    public static double LargestDifference(string path, TrainedNetwork trained, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(trained);
        OnnxProgram program = OnnxProgram.Load(path);
        int crop = trained.Recipe.Size;
        double largest = Difference(program, trained, context, images: 2, crop, crop);
        return OnnxExport.TakesAnySize(trained.Network)
            ? Math.Max(largest, Difference(program, trained, context, images: 1, crop + (crop / 4), crop + (crop / 2)))
            : largest;
    }

    private static double Difference(OnnxProgram program, TrainedNetwork trained, KernelContext context, int images, int height, int width)
    {
        float[] pixels = Pictures(images, height, width);
        Dictionary<string, GraphValue> input = new() { [OnnxExport.Pixels] = GraphValue.Of([images, Colours, height, width], Planes(pixels, images)) };
        ReadOnlySpan<float> theirs = program.Run(input, context)[OnnxExport.Logits].Singles;
        float[] ours = Scores(trained, context, pixels, images, height, width);
        double difference = 0;
        double largest = 0;
        for (int i = 0; i < ours.Length; i++)
        {
            difference = Math.Max(difference, Math.Abs((double)ours[i] - theirs[i]));
            largest = Math.Max(largest, Math.Abs((double)ours[i]));
        }

        return largest > 0 ? difference / largest : difference;
    }

    // [N,H,W,3] in 0..255.
    private static float[] Pictures(int images, int height, int width)
    {
        RenderedDataset pictures = new(images, Math.Max(width, RenderedDataset.MinSize), Seed);
        float[] pixels = new float[images * height * width * Colours];
        int at = 0;
        for (int i = 0; i < images; i++)
        {
            RgbImage picture = pictures.Read(i);
            for (int row = 0; row < height; row++)
            {
                foreach (byte value in picture.Pixels.AsSpan(row * picture.Width * Colours, width * Colours))
                {
                    pixels[at++] = value;
                }
            }
        }

        return pixels;
    }

    private static float[] Planes(float[] pixels, int images)
    {
        int plane = pixels.Length / images / Colours;
        float[] planes = new float[pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int pixel, int channel) = Math.DivRem(i, Colours);
            (int image, int place) = Math.DivRem(pixel, plane);
            planes[(((image * Colours) + channel) * plane) + place] = pixels[i];
        }

        return planes;
    }

    private static float[] Scores(TrainedNetwork trained, KernelContext context, float[] pixels, int images, int height, int width)
    {
        float[] mean = new float[height * width * Colours];
        MeanResize.Run(trained.Mean, width, height, mean);
        Plan plan = new(trained.Network);
        using Workspace workspace = plan.CreateWorkspace(context, ExecutionMode.Inference, MapShape.Image(images, height, width, Colours));
        for (int i = 0; i < pixels.Length; i++)
        {
            workspace.Input[i] = pixels[i] - mean[i % mean.Length];
        }

        plan.Forward(workspace);
        MapShape shape = workspace.OutputShape;
        float[] scores = new float[images * shape.C];
        for (int i = 0; i < images; i++)
        {
            workspace.Output.Slice(i * shape.Pitch, shape.C).CopyTo(scores.AsSpan(i * shape.C));
        }

        return scores;
    }
}
