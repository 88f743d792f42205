using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;

namespace Rectify.Kernels.Optimization;

/// <summary>A step of <see cref="MomentumRule"/> for a whole parameter.</summary>
internal static unsafe class MomentumKernel
{
    private const int ChunkLength = 1 << 15;

    /// <summary>Updates velocity and parameter, element by element in one pass.</summary>
    /// <param name="w">The parameter.</param>
    /// <param name="dw">Its gradient.</param>
    /// <param name="v">Its velocity.</param>
    /// <param name="rule">ε, μ and λ.</param>
    /// <param name="context">Threads and vector width.</param>
    public static void Run(Span<float> w, ReadOnlySpan<float> dw, Span<float> v, MomentumRule rule, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        switch (context.Isa)
        {
            case Isa.V512: Start<Lanes512>(w, dw, v, rule, context.Workers); break;
            case Isa.V256: Start<Lanes256>(w, dw, v, rule, context.Workers); break;
            case Isa.V128: Start<Lanes128>(w, dw, v, rule, context.Workers); break;
            default: Start<Lanes1>(w, dw, v, rule, context.Workers); break;
        }
    }

    private static void Start<V>(Span<float> w, ReadOnlySpan<float> dw, Span<float> v, MomentumRule rule, Workers workers)
        where V : struct, ILanes<V>
    {
        fixed (float* wStart = w, dwStart = dw, vStart = v)
        {
            Job<V> job = new(w.Length, wStart, dwStart, vStart, rule);
            workers.Run((w.Length + ChunkLength - 1) / ChunkLength, ref job);
        }
    }

    private readonly struct Job<V>(int length, float* w, float* dw, float* v, MomentumRule rule) : IChunkJob
        where V : struct, ILanes<V>
    {
        private readonly int _length = length;
        private readonly float* _w = w;
        private readonly float* _dw = dw;
        private readonly float* _v = v;
        private readonly MomentumRule _rule = rule;

        public void Run(int chunk, int worker)
        {
            int last = Math.Min(_length, (chunk + 1) * ChunkLength);
            int i = chunk * ChunkLength;
            for (; i <= last - V.Width; i += V.Width)
            {
                _rule.Apply(V.Load(_dw + i), _w + i, _v + i);
            }

            for (; i < last; i++)
            {
                _rule.Apply(Lanes1.Load(_dw + i), _w + i, _v + i);
            }
        }
    }
}
