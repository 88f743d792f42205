using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Rectifiers;

/// <summary>dy, da and db in one pass over the gradient; sums by chunks of pixels, added in the chunks' order.</summary>
internal sealed unsafe class VectorBackward<V> : RectifierBackwardKernel
    where V : struct, ILanes<V>
{
    private const int SmallestChunk = 64;
    private const int MostChunks = 64;

    public override string Name => $"vector-{V.Width * 32}";

    public override bool Supports(in RectifierShape shape, Isa isa) => (int)isa >= V.Width && shape.Map.Pitch % MapShape.ChannelBlock == 0;

    public override long ScratchLength(in RectifierShape shape, int workers) => 2L * Chunks(shape) * shape.Map.Pitch;

    public override void Run(
        in RectifierShape shape,
        ReadOnlySpan<float> y,
        ReadOnlySpan<float> slopes,
        Span<float> gradient,
        Span<float> da,
        Span<float> db,
        Span<float> scratch,
        KernelContext context)
    {
        int chunks = Chunks(shape);
        fixed (float* yStart = y, slopesStart = slopes, gradientStart = gradient, daStart = da, dbStart = db, sums = scratch)
        {
            Job job = new(shape, ChunkPixels(shape), yStart, slopesStart, gradientStart, sums);
            context.Workers.Run(chunks, ref job);
            AddSums(shape, chunks, sums, daStart, da.Length, dbStart);
        }
    }

    private static int ChunkPixels(in RectifierShape shape) => Math.Max(SmallestChunk, (shape.Map.Pixels + MostChunks - 1) / MostChunks);

    private static int Chunks(in RectifierShape shape) => (shape.Map.Pixels + ChunkPixels(shape) - 1) / ChunkPixels(shape);

    // sums: [chunk][da, db][channel]
    private static void AddSums(in RectifierShape shape, int chunks, float* sums, float* da, int slopes, float* db)
    {
        int pitch = shape.Map.Pitch;
        double shared = 0.0;
        for (int channel = 0; channel < pitch; channel++)
        {
            double slopeSum = 0.0;
            double biasSum = 0.0;
            for (int chunk = 0; chunk < chunks; chunk++)
            {
                slopeSum += sums[(((nint)chunk * 2) * pitch) + channel];
                biasSum += sums[((((nint)chunk * 2) + 1) * pitch) + channel];
            }

            shared += slopeSum;
            if (slopes > 1)
            {
                da[channel] += (float)slopeSum;
            }

            if (db is not null)
            {
                db[channel] += (float)biasSum;
            }
        }

        if (slopes == 1)
        {
            *da += (float)shared;
        }
    }

    private readonly struct Job(RectifierShape shape, int chunkPixels, float* y, float* slopes, float* gradient, float* sums) : IChunkJob
    {
        private readonly int _pixels = shape.Map.Pixels;
        private readonly int _pitch = shape.Map.Pitch;
        private readonly Rectification _rectification = shape.Rectification;
        private readonly int _chunkPixels = chunkPixels;
        private readonly float* _y = y;
        private readonly float* _slopes = slopes;
        private readonly float* _gradient = gradient;
        private readonly float* _sums = sums;

        public void Run(int chunk, int worker)
        {
            int first = chunk * _chunkPixels;
            int count = Math.Min(_chunkPixels, _pixels - first);
            float* da = _sums + ((nint)chunk * 2 * _pitch);
            float* db = da + _pitch;
            Lines<V>.Zero(da, 2 * _pitch);
            float* g = _gradient + ((nint)first * _pitch);
            if (_rectification == Rectification.None)
            {
                Sum(count, g, db);
                return;
            }

            float* y = _y + ((nint)first * _pitch);
            for (int i = 0; i < count; i++, y += _pitch, g += _pitch)
            {
                Pixel(y, g, da, db);
            }
        }

        private void Sum(int count, float* g, float* db)
        {
            for (int i = 0; i < count; i++, g += _pitch)
            {
                for (int c = 0; c < _pitch; c += V.Width)
                {
                    V.Store(V.Load(db + c) + V.Load(g + c), db + c);
                }
            }
        }

        private void Pixel(float* y, float* g, float* da, float* db)
        {
            for (int c = 0; c < _pitch; c += V.Width)
            {
                V value = V.Load(y + c);
                V df = V.Load(g + c);
                V negative = V.Zero;
                if (_rectification != Rectification.Relu)
                {
                    negative = df * (_rectification == Rectification.ChannelSlopes ? V.Load(_slopes + c) : V.Broadcast(*_slopes));
                    V.Store(V.Load(da + c) + V.SelectPositive(value, V.Zero, df * value), da + c);
                }

                V dy = V.SelectPositive(value, df, negative);
                V.Store(dy, g + c);
                V.Store(V.Load(db + c) + dy, db + c);
            }
        }
    }
}
