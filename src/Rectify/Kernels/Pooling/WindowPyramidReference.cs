using System.Numerics;
using Rectify.Tensors;

namespace Rectify.Kernels.Pooling;

/// <summary>Every window by the definition: cut out of the map, then pooled.</summary>
/// <typeparam name="T">What the operands are stored in: float or double.</typeparam>
internal static class WindowPyramidReference<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>Pools some windows; overwrites y.</summary>
    /// <param name="shape">The work.</param>
    /// <param name="x">The maps.</param>
    /// <param name="first">The first window.</param>
    /// <param name="count">How many.</param>
    /// <param name="y">[count,bins,pitch].</param>
    public static void Run(in WindowPyramidShape shape, ReadOnlySpan<T> x, int first, int count, Span<T> y)
    {
        PyramidShape pyramid = shape.OfWindow;
        PixelRectangle[] bins = new PixelRectangle[pyramid.Bins];
        pyramid.Rectangles(bins);
        T[] window = new T[pyramid.Input.Length];
        int length = pyramid.Output.Length;
        for (int i = 0; i < count; i++)
        {
            Cut(shape, x, first + i, window);
            PoolingReference<T>.Forward(pyramid.Input, bins, window, y.Slice(i * length, length), []);
        }
    }

    private static void Cut(in WindowPyramidShape shape, ReadOnlySpan<T> x, int window, Span<T> cut)
    {
        MapShape input = shape.Input;
        int image = window / (shape.Down * shape.Across);
        int top = window / shape.Across % shape.Down;
        int left = window % shape.Across;
        int line = shape.Columns * input.Pitch;
        for (int row = 0; row < shape.Rows; row++)
        {
            x.Slice((((((image * input.H) + top + row) * input.W) + left) * input.Pitch), line).CopyTo(cut.Slice(row * line, line));
        }
    }
}
