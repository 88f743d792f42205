using Rectify.Kernels.Pooling;
using Rectify.Tensors;

namespace Rectify.Diagnostics;

/// <summary>Second moments of a signal over the places of a map, the mean of its channels. Immutable.</summary>
/// <remarks>
/// A sum with weights of zero mean that are independent of the signal has Var = Var[w]·Σ E[x²], whatever the dependences within x: so what zero padding takes is
/// exact in the mean over draws of the weights, also in a stack, where the edges of x are already weaker than its middle.
/// </remarks>
/// <param name="height">Rows.</param>
/// <param name="width">Columns.</param>
/// <param name="values">Row by row.</param>
/// <param name="positive">
/// Forward, the share of the second moment that comes from values above 0: ½ of a symmetric signal, 1 after ReLU. Backward, the chance that the response at
/// which a gradient arrives is above 0.
/// </param>
/// <param name="gain">What rectifiers have made of the second moment since weights or a join.</param>
internal sealed class Moments(int height, int width, double[] values, double positive = 0.5, double gain = 1.0)
{
    public double Positive { get; } = positive;

    public double Gain { get; } = gain;

    public double Mean { get; } = values.Sum() / values.Length;

    /// <summary>The same all over a map.</summary>
    public static Moments Uniform(int height, int width, double value, double positive = 0.5)
    {
        double[] values = new double[height * width];
        Array.Fill(values, value);
        return new Moments(height, width, values, positive);
    }

    public Moments Times(double factor) => new(height, width, [.. values.Select(value => value * factor)], Positive, Gain);

    /// <summary>The mean of it at every place of a map of another size.</summary>
    public Moments Evened(int otherHeight, int otherWidth)
    {
        double[] means = new double[otherHeight * otherWidth];
        Array.Fill(means, Mean);
        return new Moments(otherHeight, otherWidth, means, Positive, Gain);
    }

    public Moments WithPositive(double share) => new(height, width, values, share, Gain);

    /// <summary>A signal that starts anew: symmetric, with no rectifier behind it.</summary>
    public Moments Fresh() => new(height, width, values);

    /// <summary>f(y): the part that is not positive is multiplied by a².</summary>
    public Moments Rectified(double slopeSquare)
    {
        double factor = Positive + ((1.0 - Positive) * slopeSquare);
        return new Moments(height, width, [.. values.Select(value => value * factor)], factor > 0 ? Positive / factor : 1.0, Gain * factor);
    }

    /// <summary>The sum with an independent signal of the same size.</summary>
    public Moments Plus(Moments other, double otherWeight = 1.0)
    {
        double[] sums = [.. values.Zip(other.Times(otherWeight).Values, (a, b) => a + b)];
        double total = Mean + (otherWeight * other.Mean);
        return new Moments(height, width, sums, total > 0 ? ((Positive * Mean) + (other.Positive * otherWeight * other.Mean)) / total : 0.5);
    }

    /// <summary>For every output the sum over its rectangle.</summary>
    public Moments Sums(IReadOnlyList<PixelRectangle> rectangles, int outputHeight)
    {
        double[] sums = new double[rectangles.Count];
        for (int i = 0; i < sums.Length; i++)
        {
            foreach (int pixel in Pixels(rectangles[i], width))
            {
                sums[i] += values[pixel];
            }
        }

        return new Moments(outputHeight, sums.Length / outputHeight, sums, Positive, Gain);
    }

    /// <summary>The way back of <see cref="Sums"/>: every output gives its value, or its share of it, to each place of its rectangle on a map.</summary>
    public Moments Spread(IReadOnlyList<PixelRectangle> rectangles, MapShape map, bool shared)
    {
        double[] sums = new double[map.H * map.W];
        for (int i = 0; i < rectangles.Count; i++)
        {
            double value = shared ? values[i] / Count(rectangles[i]) : values[i];
            foreach (int pixel in Pixels(rectangles[i], map.W))
            {
                sums[pixel] += value;
            }
        }

        return new Moments(map.H, map.W, sums, Positive, Gain);
    }

    /// <summary>The maxima of rectangles, as if the values were independent: the mean of each, times what a maximum of so many gains.</summary>
    public Moments Maxima(IReadOnlyList<PixelRectangle> rectangles, int outputHeight)
    {
        // The positive share tells the slope of the rectifier that the signal has passed.
        double slope = Math.Sqrt((1.0 - Positive) / Positive);
        double single = (1.0 + (slope * slope)) / 2.0;
        Dictionary<int, (double Positive, double Negative)> known = [];
        double[] maxima = new double[rectangles.Count];
        double above = 0.0;
        for (int i = 0; i < maxima.Length; i++)
        {
            int count = Count(rectangles[i]);
            if (!known.TryGetValue(count, out (double Positive, double Negative) moments))
            {
                known[count] = moments = MaximumMath.SecondMoments(count, slope);
            }

            double mean = Pixels(rectangles[i], width).Sum(pixel => values[pixel]) / count;
            maxima[i] = mean * (moments.Positive + moments.Negative) / single;
            above += mean * moments.Positive / single;
        }

        double sum = maxima.Sum();
        return new Moments(outputHeight, maxima.Length / outputHeight, maxima, sum > 0 ? above / sum : 0.5, Gain);
    }

    private double[] Values => values;

    private static int Count(PixelRectangle r) => (r.Bottom - r.Top) * (r.Right - r.Left);

    private static IEnumerable<int> Pixels(PixelRectangle r, int width)
    {
        for (int h = r.Top; h < r.Bottom; h++)
        {
            for (int w = r.Left; w < r.Right; w++)
            {
                yield return (h * width) + w;
            }
        }
    }
}
