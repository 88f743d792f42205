using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Pooling;

/// <summary>Maxima over rectangles of some sizes at all places: along rows, then along columns. A chunk is an image and a block of its channels.</summary>
internal readonly unsafe struct RunningMaximaJob<V>(MapShape map, BinMaxima* sizes, int count, float* x, float* maxima, float* scratch) : IChunkJob
    where V : struct, ILanes<V>
{
    private const int Block = MapShape.ChannelBlock;

    private readonly MapShape _map = map;
    private readonly int _blocks = map.Pitch / Block;
    private readonly BinMaxima* _sizes = sizes;
    private readonly int _count = count;
    private readonly float* _x = x;
    private readonly float* _maxima = maxima;
    private readonly float* _scratch = scratch;

    public int Chunks => _map.N * _blocks;

    public void Run(int chunk, int worker)
    {
        (int image, int channel) = (chunk / _blocks, chunk % _blocks * Block);
        float* x = _x + ((nint)image * _map.ImageLength) + channel;
        float* across = _scratch + ((nint)worker * _map.H * _map.W * Block);
        for (int i = 0; i < _count; i++)
        {
            BinMaxima size = _sizes[i];
            int columns = _map.W - size.Columns + 1;
            if (i == 0 || size.Columns != _sizes[i - 1].Columns)
            {
                for (int row = 0; row < _map.H; row++)
                {
                    Running(x + ((nint)row * _map.W * _map.Pitch), _map.Pitch, size.Columns, _map.Pitch, columns, across + ((nint)row * columns * Block), Block);
                }
            }

            int rows = _map.H - size.Rows + 1;
            float* y = _maxima + size.Start + ((nint)image * rows * columns * _map.Pitch) + channel;
            for (int row = 0; row < rows; row++)
            {
                nint line = (nint)columns * Block;
                Running(across + (row * line), Block, size.Rows, line, columns, y + ((nint)row * columns * _map.Pitch), _map.Pitch);
            }
        }
    }

    // y[i] = max over k < terms of x[i·next + k·apart], for count places of 16 channels.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Running(float* x, nint next, int terms, nint apart, int count, float* y, nint nextY)
    {
        for (int i = 0; i < count; i++, x += next, y += nextY)
        {
            for (int c = 0; c < Block; c += V.Width)
            {
                float* at = x + c;
                V best = V.Load(at);
                for (int k = 1; k < terms; k++)
                {
                    at += apart;
                    V other = V.Load(at);
                    best = V.SelectExceeding(other, best, other, best);
                }

                V.Store(best, y + c);
            }
        }
    }
}

/// <summary>Copies the maxima of each window's bins together; a chunk is a window.</summary>
internal readonly unsafe struct WindowCopyJob<V>(WindowPyramidShape shape, BinPlace* places, int bins, float* x, float* maxima, int first, float* y) : IChunkJob
    where V : struct, ILanes<V>
{
    private readonly int _down = shape.Down;
    private readonly int _across = shape.Across;
    private readonly int _pitch = shape.Input.Pitch;
    private readonly BinPlace* _places = places;
    private readonly int _bins = bins;
    private readonly float* _x = x;
    private readonly float* _maxima = maxima;
    private readonly int _first = first;
    private readonly float* _y = y;

    public void Run(int chunk, int worker)
    {
        int window = _first + chunk;
        (int image, int top, int left) = (window / (_down * _across), window / _across % _down, window % _across);
        float* y = _y + ((nint)chunk * _bins * _pitch);
        for (int bin = 0; bin < _bins; bin++, y += _pitch)
        {
            BinPlace place = _places[bin];
            float* from = place.Start < 0 ? _x : _maxima + place.Start;
            nint pixel = ((((nint)image * place.Height) + place.Top + top) * place.Width) + place.Left + left;
            Lines<V>.Copy(from + (pixel * _pitch), y, _pitch);
        }
    }
}
