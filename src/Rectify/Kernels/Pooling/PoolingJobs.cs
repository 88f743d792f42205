using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Pooling;

/// <summary>Maxima over rectangles; a chunk is an image and a group of its channels.</summary>
internal readonly unsafe struct PoolingForwardJob<V, TRectangles>(MapShape input, TRectangles rectangles, float* x, float* y, float* winners) : IChunkJob
    where V : struct, ILanes<V>
    where TRectangles : unmanaged, IRectangles
{
    private readonly TRectangles _rectangles = rectangles;
    private readonly ChannelGroups _groups = new(input);
    private readonly RectangleMax<V> _maxima = new(input.W, input.Pitch, stream: false, ahead: 0);
    private readonly int _pitch = input.Pitch;
    private readonly nint _imageLength = input.ImageLength;
    private readonly float* _x = x;
    private readonly float* _y = y;
    private readonly float* _winners = winners;

    public int Chunks => _groups.Chunks;

    public void Run(int chunk, int worker)
    {
        (int image, int first, int last) = _groups.Of(chunk);
        float* x = _x + (image * _imageLength) + first;
        nint at = (nint)image * _rectangles.Count * _pitch;
        for (int output = 0; output < _rectangles.Count; output++, at += _pitch)
        {
            nint place = at + first;
            _maxima.Find(x, _rectangles.At(output), last - first, _y + place, _winners is null ? null : _winners + place);
        }
    }
}

/// <summary>Brings each output's gradient to the pixel that won; a chunk is an image and a group of its channels.</summary>
internal readonly unsafe struct PoolingBackwardJob<V>(MapShape input, int outputs, float* dy, float* winners, float* dx) : IChunkJob
    where V : struct, ILanes<V>
{
    private readonly ChannelGroups _groups = new(input);
    private readonly int _pixels = input.H * input.W;
    private readonly int _outputs = outputs;
    private readonly int _pitch = input.Pitch;
    private readonly float* _dy = dy;
    private readonly float* _winners = winners;
    private readonly float* _dx = dx;

    public int Chunks => _groups.Chunks;

    public void Run(int chunk, int worker)
    {
        (int image, int first, int last) = _groups.Of(chunk);
        float* dx = _dx + ((nint)image * _pixels * _pitch);
        for (int pixel = 0; pixel < _pixels; pixel++)
        {
            Lines<V>.Zero(dx + ((nint)pixel * _pitch) + first, last - first);
        }

        nint at = (nint)image * _outputs * _pitch;
        for (int output = 0; output < _outputs; output++, at += _pitch)
        {
            for (int c = first; c < last; c++)
            {
                dx[((nint)_winners[at + c] * _pitch) + c] += _dy[at + c];
            }
        }
    }
}

/// <summary>Images × groups of channels: enough chunks for many threads even where the batch is small.</summary>
internal readonly struct ChannelGroups(MapShape map)
{
    private const int ChunksWanted = 32;

    private readonly int _blocks = map.Pitch / MapShape.ChannelBlock;
    private readonly int _groups = Math.Clamp(ChunksWanted / Math.Max(1, map.N), 1, map.Pitch / MapShape.ChannelBlock);

    public int Chunks { get; } = map.N * Math.Clamp(ChunksWanted / Math.Max(1, map.N), 1, map.Pitch / MapShape.ChannelBlock);

    /// <summary>Image and channels [First, Last) of a chunk.</summary>
    public (int Image, int First, int Last) Of(int chunk)
    {
        int group = chunk % _groups;
        return (chunk / _groups, _blocks * group / _groups * MapShape.ChannelBlock, _blocks * (group + 1) / _groups * MapShape.ChannelBlock);
    }
}
