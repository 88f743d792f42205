using Rectify.Tensors;

namespace Rectify.Kernels.Pooling;

/// <summary>Which pixels each output of a pooling looks at.</summary>
internal interface IRectangles
{
    /// <summary>Outputs of one image.</summary>
    int Count { get; }

    /// <summary>The pixels of one output.</summary>
    PixelRectangle At(int output);
}

/// <summary>Windows that slide over the map, cut off at its edges.</summary>
internal readonly struct SlidingWindows(PoolShape shape) : IRectangles
{
    private readonly int _h = shape.Input.H;
    private readonly int _w = shape.Input.W;
    private readonly int _columns = shape.Output.W;
    private readonly Window _window = shape.Window;

    public int Count { get; } = shape.Output.H * shape.Output.W;

    public PixelRectangle At(int output)
    {
        int top = (output / _columns * _window.StrideH) - _window.PadTop;
        int left = (output % _columns * _window.StrideW) - _window.PadLeft;
        return new PixelRectangle(Math.Max(top, 0), Math.Min(top + _window.R, _h), Math.Max(left, 0), Math.Min(left + _window.S, _w));
    }
}

/// <summary>The bins of a spatial pyramid, from a table that outlives the job.</summary>
internal readonly unsafe struct PyramidBins(PixelRectangle* bins, int count) : IRectangles
{
    private readonly PixelRectangle* _bins = bins;

    public int Count { get; } = count;

    public PixelRectangle At(int output) => _bins[output];
}
