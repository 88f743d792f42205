using Rectify.Data;
using Rectify.Execution;
using Rectify.Layers;
using Rectify.Tensors;
using Rectify.Tests.Execution;

namespace Rectify.Tests.Onnx.Export;

/// <summary>Pictures for exported models, and what our own engine makes of them.</summary>
internal static class ExportedPhotos
{
    /// <summary>[N,C,H,W] of whole numbers in 0..255.</summary>
    public static (float[] Values, int[] Shape) Random(int seed, int n, int c, int h, int w)
    {
        RandomStream random = new((ulong)seed, RandomPurpose.Testing, 7, 0);
        float[] values = new float[n * c * h * w];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = random.NextInt(256);
        }

        return (values, [n, c, h, w]);
    }

    /// <summary>Our scores, [N,K], before a softmax.</summary>
    public static float[] Scores(Network network, MeanImage? mean, (float[] Values, int[] Shape) photos)
    {
        (int n, int c, int h, int w) = (photos.Shape[0], photos.Shape[1], photos.Shape[2], photos.Shape[3]);
        float[] subtracted = new float[c * h * w];
        if (mean is not null)
        {
            MeanResize.Run(mean, w, h, subtracted);
        }

        float[] input = new float[photos.Values.Length];
        for (int i = 0; i < input.Length; i++)
        {
            (int image, int place) = Math.DivRem(i, c * h * w);
            (int pixel, int channel) = Math.DivRem(place, c);
            input[i] = photos.Values[(image * c * h * w) + (channel * h * w) + pixel] - subtracted[place];
        }

        using PlanRun run = new(network, network.Input with { N = n, H = h, W = w }, ExecutionMode.Inference);
        return run.Forward(input);
    }

    /// <summary>Softmax over rows of K.</summary>
    public static float[] Softmax(float[] scores, int classes) => [.. scores.Chunk(classes).SelectMany(row =>
    {
        double[] powers = [.. row.Select(score => Math.Exp(score - row.Max()))];
        return powers.Select(power => (float)(power / powers.Sum()));
    })];

    /// <summary>The largest difference, as a share of the largest number.</summary>
    public static double Difference(IReadOnlyList<float> expected, IReadOnlyList<float> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        return expected.Zip(actual, (a, b) => Math.Abs((double)a - b)).Max() / Math.Max(1e-6, expected.Max(value => Math.Abs((double)value)));
    }
}
