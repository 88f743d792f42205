using Rectify.Data;
using Rectify.Evaluation;
using Rectify.Execution;
using Rectify.Layers;
using Rectify.Tensors;
using Rectify.Tests.Execution;

namespace Rectify.Tests.Evaluation;

/// <summary>Dense testing by its definition: the map of the photo and of its mirror image, each window cut out of it and given to the layers behind, one by one.</summary>
internal static class SlowDense
{
    public static double[] Score(ViewMember member, RgbImage photo, int scale, int cut)
    {
        Network network = member.Network;
        RgbImage resized = Resize.ShorterSide(photo, scale);
        MapShape input = MapShape.Image(1, resized.Height, resized.Width, 3);
        MapShape crop = Shape(network, network.Input, cut), map = Shape(network, input, cut);
        (int rows, int columns) = (Math.Min(map.H, crop.H), Math.Min(map.W, crop.W));
        using PlanRun body = new(network, input, ExecutionMode.Inference, layers: ..cut, inputGradient: false);
        using PlanRun head = new(network, crop with { H = rows, W = columns }, ExecutionMode.Inference, layers: cut.., inputGradient: false);
        double[] sum = new double[member.Classes.Count];
        int windows = 0;
        foreach (bool flip in (bool[])[false, true])
        {
            body.Forward(Input(resized, member.Mean, flip));
            float[] features = body.Workspace.Output.ToArray();
            for (int top = 0; top + rows <= map.H; top++)
            {
                for (int left = 0; left + columns <= map.W; left++, windows++)
                {
                    for (int row = 0; row < rows; row++)
                    {
                        features.AsSpan((((top + row) * map.W) + left) * map.Pitch, columns * map.Pitch).CopyTo(head.Workspace.Input[(row * columns * map.Pitch)..]);
                    }

                    head.Plan.Forward(head.Workspace);
                    AddSoftmax(head.Workspace.Output[..sum.Length], sum);
                }
            }
        }

        return [.. sum.Select(score => score / windows)];
    }

    private static MapShape Shape(Network network, MapShape input, int cut) => network.Layers.Take(cut).Aggregate(input, (shape, layer) => layer.Output(shape));

    private static float[] Input(RgbImage photo, MeanImage mean, bool flip)
    {
        float[] x = new float[3 * photo.Width * photo.Height];
        for (int i = 0; i < x.Length; i++)
        {
            (int column, int row, int c) = (i / 3 % photo.Width, i / 3 / photo.Width, i % 3);
            int from = flip ? photo.Width - 1 - column : column;
            x[i] = (float)(photo.Pixels[(3 * ((row * photo.Width) + from)) + c] - MeanAt(mean, (row + 0.5) / photo.Height, (column + 0.5) / photo.Width, c));
        }

        return x;
    }

    // Bilinear between the centres of the mean's pixels, in float64.
    private static double MeanAt(MeanImage mean, double down, double across, int c)
    {
        double y = Math.Clamp((down * mean.Size) - 0.5, 0, mean.Size - 1), x = Math.Clamp((across * mean.Size) - 0.5, 0, mean.Size - 1);
        double sum = 0;
        foreach (int row in (int[])[(int)y, Math.Min((int)y + 1, mean.Size - 1)])
        {
            foreach (int column in (int[])[(int)x, Math.Min((int)x + 1, mean.Size - 1)])
            {
                sum += mean.Values[(3 * ((row * mean.Size) + column)) + c] * Share(y, row) * Share(x, column);
            }
        }

        return sum;

        // At the edge both neighbours are the same pixel, and each gets its half.
        double Share(double place, int pixel) => (int)place == mean.Size - 1 ? 0.5 : 1 - Math.Abs(place - pixel);
    }

    private static void AddSoftmax(ReadOnlySpan<float> logits, double[] sum)
    {
        double[] exponents = [.. logits.ToArray().Select(z => Math.Exp(z))];
        for (int k = 0; k < sum.Length; k++)
        {
            sum[k] += exponents[k] / exponents.Sum();
        }
    }
}
