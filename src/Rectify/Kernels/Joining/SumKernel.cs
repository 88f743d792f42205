using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;

namespace Rectify.Kernels.Joining;

/// <summary>y = a + b, element by element; y may be a or b. The join of residual blocks, and the sum of gradients where a map has several readers.</summary>
internal static unsafe class SumKernel
{
    private const int ChunkLength = 1 << 15;

    /// <summary>y = a + b; overwrites y.</summary>
    /// <param name="a">Numbers.</param>
    /// <param name="b">As many.</param>
    /// <param name="y">As many; may be a or b.</param>
    /// <param name="context">Threads and vector width; the sums depend on neither.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Run(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (a.Length != y.Length || b.Length != y.Length)
        {
            throw new ArgumentException($"Sums of {a.Length} and {b.Length} numbers do not fit {y.Length}.", nameof(y));
        }

        switch (context.Isa)
        {
            case Isa.V512: Start<Lanes512>(a, b, y, context.Workers); break;
            case Isa.V256: Start<Lanes256>(a, b, y, context.Workers); break;
            case Isa.V128: Start<Lanes128>(a, b, y, context.Workers); break;
            default: Start<Lanes1>(a, b, y, context.Workers); break;
        }
    }

    private static void Start<V>(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y, Workers workers)
        where V : struct, ILanes<V>
    {
        fixed (float* aStart = a, bStart = b, yStart = y)
        {
            Job<V> job = new(y.Length, aStart, bStart, yStart);
            workers.Run((int)(((long)y.Length + ChunkLength - 1) / ChunkLength), ref job);
        }
    }

    private readonly struct Job<V>(int length, float* a, float* b, float* y) : IChunkJob
        where V : struct, ILanes<V>
    {
        private readonly int _length = length;
        private readonly float* _a = a;
        private readonly float* _b = b;
        private readonly float* _y = y;

        public void Run(int chunk, int worker)
        {
            nint i = (nint)chunk * ChunkLength;
            nint last = Math.Min(_length, i + ChunkLength);
            for (; i <= last - V.Width; i += V.Width)
            {
                V.Store(V.Load(_a + i) + V.Load(_b + i), _y + i);
            }

            for (; i < last; i++)
            {
                _y[i] = _a[i] + _b[i];
            }
        }
    }
}
