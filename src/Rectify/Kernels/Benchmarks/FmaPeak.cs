using System.Diagnostics;
using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;

namespace Rectify.Kernels.Benchmarks;

/// <summary>How fast multiply-adds can be at all: independent ones in registers, on all threads at once.</summary>
internal static unsafe class FmaPeak
{
    private const int Chains = 12;
    private const int Rounds = 400_000;
    private const int ChunksPerWorker = 4;

    /// <summary>10⁹ operations a second (a multiply-add counts as two) on the context's threads.</summary>
    public static double Measure(KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Isa switch
        {
            Isa.V512 => Measure<Lanes512>(context.Workers),
            Isa.V256 => Measure<Lanes256>(context.Workers),
            Isa.V128 => Measure<Lanes128>(context.Workers),
            _ => Measure<Lanes1>(context.Workers),
        };
    }

    /// <summary>Operations of one measurement.</summary>
    public static double Operations(KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return 2.0 * context.Workers.Count * ChunksPerWorker * Rounds * Chains * (int)context.Isa;
    }

    private static double Measure<V>(Workers workers)
        where V : struct, ILanes<V>
    {
        int chunks = workers.Count * ChunksPerWorker;
        float* sinks = stackalloc float[16];
        Job<V> job = new(sinks);
        long started = Stopwatch.GetTimestamp();
        workers.Run(chunks, ref job);
        return 2e-9 * chunks * Rounds * Chains * V.Width / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private readonly struct Job<V>(float* sink) : IChunkJob
        where V : struct, ILanes<V>
    {
        private readonly float* _sink = sink;

        public void Run(int chunk, int worker) => Burn(_sink);

        // Twelve chains: enough to hide a latency of four on two units, few enough for sixteen registers.
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Burn(float* sink)
        {
            V x = V.Broadcast(0.999f);
            V y = V.Broadcast(0.001f);
            V a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
            for (int round = 0; round < Rounds; round++)
            {
                a = V.MultiplyAdd(a, x, y);
                b = V.MultiplyAdd(b, x, y);
                c = V.MultiplyAdd(c, x, y);
                d = V.MultiplyAdd(d, x, y);
                e = V.MultiplyAdd(e, x, y);
                f = V.MultiplyAdd(f, x, y);
                g = V.MultiplyAdd(g, x, y);
                h = V.MultiplyAdd(h, x, y);
                i = V.MultiplyAdd(i, x, y);
                j = V.MultiplyAdd(j, x, y);
                k = V.MultiplyAdd(k, x, y);
                l = V.MultiplyAdd(l, x, y);
            }

            V.Store(a + b + c + d + e + f + g + h + i + j + k + l, sink);
        }
    }
}
