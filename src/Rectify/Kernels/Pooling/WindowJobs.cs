using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Pooling;

/// <summary>Maxima over sliding windows; a chunk is some rows of outputs of one image, all channels, so memory is read in the order in which it lies.</summary>
internal readonly unsafe struct WindowForwardJob<V>(PoolShape shape, float* x, float* y, float* winners) : IChunkJob
    where V : struct, ILanes<V>
{
    // What a window brings anew is asked for at least 2 KB before it is needed.
    private const int AheadLength = 512;

    private readonly SlidingWindows _windows = new(shape);
    private readonly RowBands _bands = new(shape.Input.N, shape.Output.H);
    private readonly RectangleMax<V> _maxima = new(
        shape.Input.W,
        shape.Input.Pitch,
        Streaming.Pays<V>(shape.Output.Length, y, winners),
        (nint)Math.Max(shape.Window.StrideW, (AheadLength + shape.Input.Pitch - 1) / shape.Input.Pitch) * shape.Input.Pitch);

    private readonly int _columns = shape.Output.W;
    private readonly int _pitch = shape.Input.Pitch;
    private readonly nint _imageLength = shape.Input.ImageLength;
    private readonly nint _outputLength = shape.Output.ImageLength;
    private readonly float* _x = x;
    private readonly float* _y = y;
    private readonly float* _winners = winners;

    public int Chunks => _bands.Chunks;

    public void Run(int chunk, int worker)
    {
        (int image, int first, int last) = _bands.Of(chunk);
        float* x = _x + (image * _imageLength);
        for (int output = first * _columns; output < last * _columns; output++)
        {
            nint at = (image * _outputLength) + ((nint)output * _pitch);
            _maxima.Find(x, _windows.At(output), _pitch, _y + at, _winners is null ? null : _winners + at);
        }
    }
}

/// <summary>Asks the windows that hold a pixel whether it won, and adds the gradients of those where it did; a chunk is some rows of pixels of one image.</summary>
/// <remarks>Each pixel is written once, by one chunk, its windows in their order: the sums are those of a pass over the outputs.</remarks>
internal readonly unsafe struct WindowBackwardJob<V>(PoolShape shape, float* dy, float* winners, float* dx) : IChunkJob
    where V : struct, ILanes<V>
{
    private readonly RowBands _bands = new(shape.Input.N, shape.Input.H);
    private readonly Window _window = shape.Window;
    private readonly int _width = shape.Input.W;
    private readonly int _pitch = shape.Input.Pitch;
    private readonly int _outputRows = shape.Output.H;
    private readonly int _outputColumns = shape.Output.W;
    private readonly nint _imageLength = shape.Input.ImageLength;
    private readonly nint _outputLength = shape.Output.ImageLength;
    private readonly bool _stream = Streaming.Pays<V>(shape.Input.Length, dx);
    private readonly float* _dy = dy;
    private readonly float* _winners = winners;
    private readonly float* _dx = dx;

    public int Chunks => _bands.Chunks;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int chunk, int worker)
    {
        (int image, int first, int last) = _bands.Of(chunk);
        float* dx = _dx + (image * _imageLength) + ((nint)first * _width * _pitch);
        float* dy = _dy + (image * _outputLength);
        float* winners = _winners + (image * _outputLength);
        for (int h = first; h < last; h++)
        {
            (int p, int rows) = Holding(h + _window.PadTop, _window.R, _window.StrideH, _outputRows);
            for (int w = 0; w < _width; w++, dx += _pitch)
            {
                (int q, int columns) = Holding(w + _window.PadLeft, _window.S, _window.StrideW, _outputColumns);
                nint at = (((nint)p * _outputColumns) + q) * _pitch;
                Pixel((h * _width) + w, rows, columns, dy + at, winners + at, dx);
            }
        }
    }

    // The windows that hold a place, counted from the padding's edge: the first, and how many.
    private static (int First, int Count) Holding(int place, int size, int stride, int windows)
    {
        int first = place < size ? 0 : ((place - size) / stride) + 1;
        return (first, Math.Max(0, Math.Min(windows - 1, place / stride) - first + 1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Pixel(int pixel, int rows, int columns, float* dy, float* winners, float* dx)
    {
        V here = V.Broadcast(pixel);
        nint row = (nint)_outputColumns * _pitch;
        for (int c = 0; c < _pitch; c += V.Width)
        {
            V sum = V.Zero;
            for (int i = 0; i < rows; i++)
            {
                nint at = (i * row) + c;
                for (int j = 0; j < columns; j++, at += _pitch)
                {
                    sum += V.SelectEqual(V.Load(winners + at), here, V.Load(dy + at), V.Zero);
                }
            }

            if (_stream)
            {
                V.Stream(sum, dx + c);
            }
            else
            {
                V.Store(sum, dx + c);
            }
        }
    }
}

/// <summary>Images × bands of rows: enough chunks for many threads even where the batch is small.</summary>
internal readonly struct RowBands(int images, int rows)
{
    private const int ChunksWanted = 64;

    private readonly int _rows = rows;
    private readonly int _bands = Math.Clamp(ChunksWanted / Math.Max(1, images), 1, Math.Max(1, rows));

    public int Chunks { get; } = images * Math.Clamp(ChunksWanted / Math.Max(1, images), 1, Math.Max(1, rows));

    /// <summary>Image and rows [First, Last) of a chunk.</summary>
    public (int Image, int First, int Last) Of(int chunk)
    {
        int band = chunk % _bands;
        return (chunk / _bands, _rows * band / _bands, _rows * (band + 1) / _bands);
    }
}
