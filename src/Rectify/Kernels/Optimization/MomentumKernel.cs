using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;

namespace Rectify.Kernels.Optimization;

/// <summary>The momentum method in the paper's form (equation 4), the rate inside the velocity: v := μ·v + ε·(dw + λ·w), then w := w − v.</summary>
/// <remarks>PyTorch and ONNX keep the rate outside (w := w − ε·v); the two agree only while the rate is constant.</remarks>
public static unsafe class MomentumKernel
{
    private const int ChunkLength = 1 << 15;

    /// <summary>Updates velocity and parameter, element by element in one pass.</summary>
    /// <param name="w">The parameter.</param>
    /// <param name="dw">Its gradient.</param>
    /// <param name="v">Its velocity.</param>
    /// <param name="rate">ε.</param>
    /// <param name="momentum">μ.</param>
    /// <param name="decay">λ; 0 for none.</param>
    /// <param name="context">Threads.</param>
    public static void Run(Span<float> w, ReadOnlySpan<float> dw, Span<float> v, float rate, float momentum, float decay, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        switch (context.Isa)
        {
            case Isa.V512: Start<Lanes512>(w, dw, v, rate, momentum, decay, context.Workers); break;
            case Isa.V256: Start<Lanes256>(w, dw, v, rate, momentum, decay, context.Workers); break;
            case Isa.V128: Start<Lanes128>(w, dw, v, rate, momentum, decay, context.Workers); break;
            default: Start<Lanes1>(w, dw, v, rate, momentum, decay, context.Workers); break;
        }
    }

    private static void Start<V>(Span<float> w, ReadOnlySpan<float> dw, Span<float> v, float rate, float momentum, float decay, Workers workers)
        where V : struct, ILanes<V>
    {
        fixed (float* wStart = w, dwStart = dw, vStart = v)
        {
            Job<V> job = new(w.Length, wStart, dwStart, vStart, rate, momentum, decay);
            workers.Run((w.Length + ChunkLength - 1) / ChunkLength, ref job);
        }
    }

    private readonly struct Job<V>(int length, float* w, float* dw, float* v, float rate, float momentum, float decay) : IChunkJob
        where V : struct, ILanes<V>
    {
        private readonly int _length = length;
        private readonly float* _w = w;
        private readonly float* _dw = dw;
        private readonly float* _v = v;
        private readonly float _rate = rate;
        private readonly float _momentum = momentum;
        private readonly float _decay = decay;

        public void Run(int chunk, int worker)
        {
            int last = Math.Min(_length, (chunk + 1) * ChunkLength);
            int i = chunk * ChunkLength;
            for (; i <= last - V.Width; i += V.Width)
            {
                Update<V>(i);
            }

            for (; i < last; i++)
            {
                Update<Lanes1>(i);
            }
        }

        private void Update<L>(int i)
            where L : struct, ILanes<L>
        {
            L w = L.Load(_w + i);
            L gradient = L.MultiplyAdd(L.Broadcast(_decay), w, L.Load(_dw + i));
            L v = (L.Broadcast(_momentum) * L.Load(_v + i)) + (L.Broadcast(_rate) * gradient);
            L.Store(v, _v + i);
            L.Store(w - v, _w + i);
        }
    }
}
