using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Pooling;

/// <summary>Means over sliding windows; a chunk is an image and a group of its channels, for a mean over the whole map has one row of outputs.</summary>
internal readonly unsafe struct AverageForwardJob<V>(AverageShape shape, float* x, float* y) : IChunkJob
    where V : struct, ILanes<V>
{
    private readonly ChannelGroups _groups = new(shape.Input);
    private readonly AverageShape _shape = shape;
    private readonly MapShape _output = shape.Output;
    private readonly float* _x = x;
    private readonly float* _y = y;

    public int Chunks => _groups.Chunks;

    public void Run(int chunk, int worker)
    {
        (int image, int first, int last) = _groups.Of(chunk);
        (int width, int pitch) = (_shape.Input.W, _shape.Input.Pitch);
        float* x = _x + ((nint)image * _shape.Input.ImageLength);
        float* y = _y + ((nint)image * _output.ImageLength);
        for (int p = 0; p < _output.H; p++)
        {
            for (int q = 0; q < _output.W; q++, y += pitch)
            {
                PixelRectangle seen = _shape.Seen(p, q);
                V share = V.Broadcast(1f / _shape.Count(p, q));
                for (int c = first; c < last; c += V.Width)
                {
                    V sum = V.Zero;
                    for (int h = seen.Top; h < seen.Bottom; h++)
                    {
                        float* row = x + (((nint)h * width) * pitch) + c;
                        for (int w = seen.Left; w < seen.Right; w++)
                        {
                            sum += V.Load(row + ((nint)w * pitch));
                        }
                    }

                    V.Store(sum * share, y + c);
                }
            }
        }
    }
}

/// <summary>Gives each pixel its share of the gradients of the windows that hold it; a chunk is an image and a group of its channels.</summary>
internal readonly unsafe struct AverageBackwardJob<V>(AverageShape shape, float* dy, float* dx) : IChunkJob
    where V : struct, ILanes<V>
{
    private readonly ChannelGroups _groups = new(shape.Input);
    private readonly AverageShape _shape = shape;
    private readonly MapShape _output = shape.Output;
    private readonly float* _dy = dy;
    private readonly float* _dx = dx;

    public int Chunks => _groups.Chunks;

    public void Run(int chunk, int worker)
    {
        (int image, int first, int last) = _groups.Of(chunk);
        (int width, int pitch) = (_shape.Input.W, _shape.Input.Pitch);
        float* dy = _dy + ((nint)image * _output.ImageLength);
        float* dx = _dx + ((nint)image * _shape.Input.ImageLength);
        for (int pixel = 0; pixel < _shape.Input.H * width; pixel++)
        {
            Lines<V>.Zero(dx + ((nint)pixel * pitch) + first, last - first);
        }

        for (int p = 0; p < _output.H; p++)
        {
            for (int q = 0; q < _output.W; q++, dy += pitch)
            {
                PixelRectangle seen = _shape.Seen(p, q);
                V share = V.Broadcast(1f / _shape.Count(p, q));
                for (int h = seen.Top; h < seen.Bottom; h++)
                {
                    for (int w = seen.Left; w < seen.Right; w++)
                    {
                        float* place = dx + ((((nint)h * width) + w) * pitch);
                        for (int c = first; c < last; c += V.Width)
                        {
                            V.Store(V.MultiplyAdd(V.Load(dy + c), share, V.Load(place + c)), place + c);
                        }
                    }
                }
            }
        }
    }
}
