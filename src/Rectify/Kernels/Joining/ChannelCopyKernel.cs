using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Joining;

/// <summary>Copies some channels of every pixel from one map into another of the same height and width: the join of concatenations, and its way back.</summary>
internal static unsafe class ChannelCopyKernel
{
    private const int ChunkFloats = 1 << 15;

    /// <summary>y[pixel, toChannel + c] = x[pixel, fromChannel + c] for c &lt; channels. Where these are the last channels of y, its surplus lanes become zero.</summary>
    /// <param name="from">Shape of x.</param>
    /// <param name="fromChannel">First channel to read.</param>
    /// <param name="x">The map to read.</param>
    /// <param name="to">Shape of y.</param>
    /// <param name="toChannel">First channel to write.</param>
    /// <param name="y">The map to write; other channels stay as they are.</param>
    /// <param name="channels">How many.</param>
    /// <param name="context">Threads.</param>
    /// <exception cref="ArgumentException">The pixels differ, the channels are not all there, or a map is too short.</exception>
    public static void Run(
        MapShape from, int fromChannel, ReadOnlySpan<float> x, MapShape to, int toChannel, Span<float> y, int channels, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if ((from.N, from.H, from.W) != (to.N, to.H, to.W)
            || fromChannel < 0 || toChannel < 0 || channels < 1 || fromChannel + channels > from.C || toChannel + channels > to.C
            || x.Length < from.Length || y.Length < to.Length)
        {
            throw new ArgumentException($"{channels} channels from {fromChannel} of {from} do not go to {toChannel} of {to}.", nameof(channels));
        }

        int surplus = toChannel + channels == to.C ? to.Pitch - to.C : 0;
        int chunk = Math.Max(1, ChunkFloats / Math.Max(from.Pitch, to.Pitch));
        fixed (float* xStart = x, yStart = y)
        {
            Job job = new(to.Pixels, chunk, xStart + fromChannel, from.Pitch, yStart + toChannel, to.Pitch, channels, surplus);
            context.Workers.Run((to.Pixels + chunk - 1) / chunk, ref job);
        }
    }

    private readonly struct Job(int pixels, int chunkPixels, float* x, int xPitch, float* y, int yPitch, int channels, int surplus) : IChunkJob
    {
        private readonly int _pixels = pixels;
        private readonly int _chunkPixels = chunkPixels;
        private readonly float* _x = x;
        private readonly int _xPitch = xPitch;
        private readonly float* _y = y;
        private readonly int _yPitch = yPitch;
        private readonly int _channels = channels;
        private readonly int _surplus = surplus;

        public void Run(int chunk, int worker)
        {
            int last = Math.Min(_pixels, (chunk + 1) * _chunkPixels);
            for (int pixel = chunk * _chunkPixels; pixel < last; pixel++)
            {
                float* y = _y + ((nint)pixel * _yPitch);
                new ReadOnlySpan<float>(_x + ((nint)pixel * _xPitch), _channels).CopyTo(new Span<float>(y, _channels));
                new Span<float>(y + _channels, _surplus).Clear();
            }
        }
    }
}
