using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;

namespace Rectify.Kernels.Rectifiers;

/// <summary>f(y) in one pass, for where no convolution can do it on its way.</summary>
internal sealed unsafe class VectorForward<V> : RectifierForwardKernel
    where V : struct, ILanes<V>
{
    private const int ChunkPixels = 256;

    public override string Name => $"vector-{V.Width * 32}";

    public override bool Supports(in RectifierShape shape, Isa isa) => (int)isa >= V.Width && shape.Map.Pitch % Tensors.MapShape.ChannelBlock == 0;

    public override void Run(in RectifierShape shape, Span<float> y, ReadOnlySpan<float> slopes, Span<float> rectified, KernelContext context)
    {
        if (shape.Rectification == Rectification.None)
        {
            y[..shape.Map.Length].CopyTo(rectified);
            return;
        }

        fixed (float* yStart = y, slopesStart = slopes, rectifiedStart = rectified)
        {
            Job job = new(shape, yStart, slopesStart, rectifiedStart);
            context.Workers.Run((shape.Map.Pixels + ChunkPixels - 1) / ChunkPixels, ref job);
        }
    }

    private readonly struct Job(RectifierShape shape, float* y, float* slopes, float* rectified) : IChunkJob
    {
        private readonly int _pixels = shape.Map.Pixels;
        private readonly int _pitch = shape.Map.Pitch;
        private readonly Rectification _rectification = shape.Rectification;
        private readonly bool _stream = rectified != y && Streaming.Pays<V>(shape.Map.Length, rectified);
        private readonly float* _y = y;
        private readonly float* _slopes = slopes;
        private readonly float* _rectified = rectified;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int chunk, int worker)
        {
            nint at = (nint)chunk * ChunkPixels * _pitch;
            nint end = Math.Min((nint)_pixels * _pitch, at + ((nint)ChunkPixels * _pitch));
            float* slopes = _slopes;
            if (_rectification == Rectification.ChannelSlopes)
            {
                for (; at < end; at += _pitch)
                {
                    for (int c = 0; c < _pitch; c += V.Width)
                    {
                        V y = V.Load(_y + at + c);
                        Put(V.SelectPositive(y, y, y * V.Load(slopes + c)), _rectified + at + c);
                    }
                }
            }
            else if (_rectification == Rectification.SharedSlope)
            {
                V slope = V.Broadcast(*slopes);
                for (; at < end; at += V.Width)
                {
                    V y = V.Load(_y + at);
                    Put(V.SelectPositive(y, y, y * slope), _rectified + at);
                }
            }
            else
            {
                for (; at < end; at += V.Width)
                {
                    V y = V.Load(_y + at);
                    Put(V.SelectPositive(y, y, V.Zero), _rectified + at);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Put(V value, float* to)
        {
            if (_stream)
            {
                V.Stream(value, to);
            }
            else
            {
                V.Store(value, to);
            }
        }
    }
}
