using Rectify.Tensors;

namespace Rectify.Kernels.Pooling;

/// <summary>An average pooling's work.</summary>
/// <param name="Input">The maps.</param>
/// <param name="Window">Rows, columns, strides, padding.</param>
/// <param name="RoundUp">Whether the last, incomplete window counts (output size rounded up).</param>
/// <param name="CountPadding">Whether padding counts as zeros; what a rounded-up last window has beyond the padding never counts.</param>
internal readonly record struct AverageShape(MapShape Input, Window Window, bool RoundUp = false, bool CountPadding = false)
{
    /// <summary>The pooled maps.</summary>
    public MapShape Output => Input with { H = Window.OutputRows(Input.H, RoundUp), W = Window.OutputColumns(Input.W, RoundUp) };

    /// <summary>The pixels of the map that an output sees.</summary>
    /// <param name="p">Its row.</param>
    /// <param name="q">Its column.</param>
    public PixelRectangle Seen(int p, int q)
    {
        (int top, int left) = ((p * Window.StrideH) - Window.PadTop, (q * Window.StrideW) - Window.PadLeft);
        return new PixelRectangle(Math.Max(top, 0), Math.Min(top + Window.R, Input.H), Math.Max(left, 0), Math.Min(left + Window.S, Input.W));
    }

    /// <summary>By how many an output's sum is divided.</summary>
    /// <param name="p">Its row.</param>
    /// <param name="q">Its column.</param>
    public int Count(int p, int q)
    {
        if (!CountPadding)
        {
            PixelRectangle seen = Seen(p, q);
            return (seen.Bottom - seen.Top) * (seen.Right - seen.Left);
        }

        (int top, int left) = ((p * Window.StrideH) - Window.PadTop, (q * Window.StrideW) - Window.PadLeft);
        return Math.Min(Window.R, Input.H + Window.PadBottom - top) * Math.Min(Window.S, Input.W + Window.PadRight - left);
    }
}
