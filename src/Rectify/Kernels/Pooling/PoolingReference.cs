using System.Numerics;
using Rectify.Tensors;

namespace Rectify.Kernels.Pooling;

/// <summary>Max pooling over rectangles by its definition.</summary>
/// <typeparam name="T">What the operands are stored in: float or double.</typeparam>
internal static class PoolingReference<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>Maxima and where they are; overwrites both.</summary>
    /// <param name="input">The maps.</param>
    /// <param name="rectangles">The pixels of each output of an image.</param>
    /// <param name="x">The maps' values.</param>
    /// <param name="y">[N,outputs,pitch].</param>
    /// <param name="winners">Like y, or empty.</param>
    public static void Forward(MapShape input, IReadOnlyList<PixelRectangle> rectangles, ReadOnlySpan<T> x, Span<T> y, Span<T> winners)
    {
        for (int image = 0; image < input.N; image++)
        {
            for (int output = 0; output < rectangles.Count; output++)
            {
                for (int c = 0; c < input.Pitch; c++)
                {
                    int winner = Winner(input, rectangles[output], x.Slice(image * input.ImageLength, input.ImageLength), c);
                    int at = (((image * rectangles.Count) + output) * input.Pitch) + c;
                    y[at] = x[(image * input.ImageLength) + (winner * input.Pitch) + c];
                    if (!winners.IsEmpty)
                    {
                        winners[at] = T.CreateChecked(winner);
                    }
                }
            }
        }
    }

    /// <summary>dx from dy and the winners; overwrites dx.</summary>
    public static void Backward(MapShape input, int outputs, ReadOnlySpan<T> dy, ReadOnlySpan<T> winners, Span<T> dx)
    {
        dx[..input.Length].Clear();
        for (int at = 0; at < input.N * outputs * input.Pitch; at++)
        {
            int image = at / input.Pitch / outputs;
            dx[(image * input.ImageLength) + (int.CreateChecked(winners[at]) * input.Pitch) + (at % input.Pitch)] += dy[at];
        }
    }

    /// <summary>The rectangles of a sliding window.</summary>
    public static PixelRectangle[] Rectangles(in PoolShape shape)
    {
        SlidingWindows windows = new(shape);
        return [.. Enumerable.Range(0, windows.Count).Select(windows.At)];
    }

    private static int Winner(MapShape input, PixelRectangle r, ReadOnlySpan<T> image, int c)
    {
        int winner = (r.Top * input.W) + r.Left;
        for (int h = r.Top; h < r.Bottom; h++)
        {
            for (int w = r.Left; w < r.Right; w++)
            {
                T best = image[(winner * input.Pitch) + c];
                T x = image[(((h * input.W) + w) * input.Pitch) + c];
                if (x > best || (T.IsNaN(x) && !T.IsNaN(best)))
                {
                    winner = (h * input.W) + w;
                }
            }
        }

        return winner;
    }
}
