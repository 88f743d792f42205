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
            Job job = new(shape, new Epilogue<V> { Rectification = shape.Rectification, Slopes = slopesStart, Y = yStart, Rectified = rectifiedStart });
            context.Workers.Run((shape.Map.Pixels + ChunkPixels - 1) / ChunkPixels, ref job);
        }
    }

    private readonly struct Job(RectifierShape shape, Epilogue<V> epilogue) : IChunkJob
    {
        private readonly int _pixels = shape.Map.Pixels;
        private readonly int _pitch = shape.Map.Pitch;
        private readonly Epilogue<V> _epilogue = epilogue;

        public void Run(int chunk, int worker)
        {
            int first = chunk * ChunkPixels;
            _epilogue.Run(Math.Min(ChunkPixels, _pixels - first), 0, _pitch, (nint)first * _pitch, _pitch);
        }
    }
}
