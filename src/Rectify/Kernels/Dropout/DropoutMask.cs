using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Dropout;

/// <summary>Which responses dropout keeps: a matter of (seed, layer, step, sample) alone, so it is drawn again in the backward pass and never stored.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Layer">Index of the layer: masks of different layers are unrelated.</param>
/// <param name="Step">Training step.</param>
/// <param name="FirstSample">Index of the first image within the mini-batch: micro-batches and ranks draw what the whole batch would.</param>
internal readonly record struct DropoutMask(ulong Seed, int Layer, uint Step, int FirstSample);

/// <summary>y = x·m/(1−p), where m is 1 with probability 1−p: its expectation is x, so nothing is scaled at test time. dx = dy·m/(1−p) is the same pass.</summary>
internal static unsafe class DropoutKernel
{
    /// <summary>Overwrites y, which may be x. Surplus lanes stay zero.</summary>
    /// <param name="map">The responses.</param>
    /// <param name="rate">p, in [0, 1): the share that is dropped.</param>
    /// <param name="mask">Which are dropped.</param>
    /// <param name="x">Responses, or gradients on the way back.</param>
    /// <param name="y">The same, thinned.</param>
    /// <param name="context">Threads.</param>
    public static void Run(MapShape map, float rate, in DropoutMask mask, ReadOnlySpan<float> x, Span<float> y, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        switch (context.Isa)
        {
            case Isa.V512: Start<Lanes512>(map, rate, mask, x, y, context.Workers); break;
            case Isa.V256: Start<Lanes256>(map, rate, mask, x, y, context.Workers); break;
            case Isa.V128: Start<Lanes128>(map, rate, mask, x, y, context.Workers); break;
            default: Start<Lanes1>(map, rate, mask, x, y, context.Workers); break;
        }
    }

    private static void Start<V>(MapShape map, float rate, in DropoutMask mask, ReadOnlySpan<float> x, Span<float> y, Workers workers)
        where V : struct, ILanes<V>
    {
        fixed (float* xStart = x, yStart = y)
        {
            Job<V> job = new(map, rate, mask, xStart, yStart);
            workers.Run(map.N, ref job);
        }
    }

    private readonly struct Job<V>(MapShape map, float rate, DropoutMask mask, float* x, float* y) : IChunkJob
        where V : struct, ILanes<V>
    {
        // Draws that are in the nearest cache between being made and being asked.
        private const int Draws = 1024;

        private readonly MapShape _map = map;
        private readonly float _rate = rate;
        private readonly DropoutMask _mask = mask;
        private readonly float* _x = x;
        private readonly float* _y = y;

        [SkipLocalsInit]
        public void Run(int chunk, int worker)
        {
            RandomStream random = new(_mask.Seed, RandomPurpose.Dropout, _mask.Step, (ulong)(_mask.FirstSample + chunk), _mask.Layer);
            float* draws = stackalloc float[Draws];
            nint start = (nint)chunk * _map.ImageLength;

            // A draw for each response: without surplus lanes a whole image is one row of them.
            bool dense = _map.C == _map.Pitch;
            (int rows, int columns, int row) = dense ? (1, _map.ImageLength, _map.ImageLength) : (_map.H * _map.W, _map.C, _map.Pitch);
            for (int i = 0; i < rows; i++)
            {
                nint at = start + ((nint)i * row);
                for (int from = 0; from < columns; from += Draws)
                {
                    int count = Math.Min(Draws, columns - from);
                    random.NextSingles(new Span<float>(draws, count));
                    Thin(draws, _x + at + from, _y + at + from, count);
                }

                for (int c = columns; c < row; c++)
                {
                    _y[at + c] = 0f;
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Thin(float* draws, float* x, float* y, int count)
        {
            int i = 0;
            V rate = V.Broadcast(_rate);
            V scale = V.Broadcast(1f / (1f - _rate));
            for (; i <= count - V.Width; i += V.Width)
            {
                V.Store(V.SelectGreater(rate, V.Load(draws + i), V.Zero, V.Load(x + i) * scale), y + i);
            }

            for (; i < count; i++)
            {
                y[i] = draws[i] >= _rate ? x[i] * (1f / (1f - _rate)) : 0f;
            }
        }
    }
}
