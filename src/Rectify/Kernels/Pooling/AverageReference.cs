using System.Numerics;

namespace Rectify.Kernels.Pooling;

/// <summary>Average pooling by its definition.</summary>
/// <typeparam name="T">What the operands are stored in: float or double.</typeparam>
internal static class AverageReference<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>Means; overwrites y.</summary>
    public static void Forward(in AverageShape shape, ReadOnlySpan<T> x, Span<T> y)
    {
        y[..shape.Output.Length].Clear();
        foreach ((int from, int to, int count) in Pairs(shape))
        {
            y[to] += x[from] / T.CreateChecked(count);
        }
    }

    /// <summary>dx from dy; overwrites dx.</summary>
    public static void Backward(in AverageShape shape, ReadOnlySpan<T> dy, Span<T> dx)
    {
        dx[..shape.Input.Length].Clear();
        foreach ((int from, int to, int count) in Pairs(shape))
        {
            dx[from] += dy[to] / T.CreateChecked(count);
        }
    }

    // Every number of the input with every number of the output that it is a part of.
    private static IEnumerable<(int From, int To, int Count)> Pairs(AverageShape shape)
    {
        for (int to = 0; to < shape.Output.Length; to++)
        {
            (int place, int c) = Math.DivRem(to, shape.Output.Pitch);
            (int row, int q) = Math.DivRem(place, shape.Output.W);
            (int image, int p) = Math.DivRem(row, shape.Output.H);
            PixelRectangle seen = shape.Seen(p, q);
            for (int h = seen.Top; h < seen.Bottom; h++)
            {
                for (int w = seen.Left; w < seen.Right; w++)
                {
                    yield return ((((((image * shape.Input.H) + h) * shape.Input.W) + w) * shape.Input.Pitch) + c, to, shape.Count(p, q));
                }
            }
        }
    }
}
