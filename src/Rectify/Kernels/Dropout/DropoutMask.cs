using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Dropout;

/// <summary>Which responses dropout keeps: a matter of (seed, layer, step, sample) alone, so it is drawn again in the backward pass and never stored.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Layer">Index of the layer: masks of different layers are unrelated.</param>
/// <param name="Step">Training step.</param>
/// <param name="FirstSample">Index of the first image within the mini-batch: micro-batches and ranks draw what the whole batch would.</param>
public readonly record struct DropoutMask(ulong Seed, int Layer, uint Step, int FirstSample);

/// <summary>y = x·m/(1−p), where m is 1 with probability 1−p: its expectation is x, so nothing is scaled at test time. dx = dy·m/(1−p) is the same pass.</summary>
public static unsafe class DropoutKernel
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
        fixed (float* xStart = x, yStart = y)
        {
            Job job = new(map, rate, mask, xStart, yStart);
            context.Workers.Run(map.N, ref job);
        }
    }

    private readonly struct Job(MapShape map, float rate, DropoutMask mask, float* x, float* y) : IChunkJob
    {
        private readonly MapShape _map = map;
        private readonly float _rate = rate;
        private readonly DropoutMask _mask = mask;
        private readonly float* _x = x;
        private readonly float* _y = y;

        public void Run(int chunk, int worker)
        {
            RandomStream random = new(_mask.Seed, RandomPurpose.Dropout, _mask.Step, (ulong)(_mask.FirstSample + chunk), _mask.Layer);
            float scale = 1f / (1f - _rate);
            nint at = (nint)chunk * _map.ImageLength;
            for (int pixel = 0; pixel < _map.H * _map.W; pixel++, at += _map.Pitch)
            {
                for (int c = 0; c < _map.C; c++)
                {
                    _y[at + c] = random.NextSingle() >= _rate ? _x[at + c] * scale : 0f;
                }

                for (int c = _map.C; c < _map.Pitch; c++)
                {
                    _y[at + c] = 0f;
                }
            }
        }
    }
}
