using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;

namespace Rectify.Kernels.Optimization;

/// <summary>Whether numbers are all finite: one pass that only reads.</summary>
/// <remarks>x·0 is 0 for every finite x, denormal or not, and NaN for the others; a sum of such products is NaN for good once one of them is.</remarks>
public static unsafe class FiniteCheck
{
    // A quarter of a megabyte: worth a claim, and small beside the smallest second-level cache.
    private const int ChunkLength = 1 << 16;

    /// <summary>Whether no number is NaN or infinite; true of none at all.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="context">Threads and vector width; the answer depends on neither.</param>
    public static bool AllFinite(ReadOnlySpan<float> values, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Isa switch
        {
            Isa.V512 => Start<Lanes512>(values, context.Workers),
            Isa.V256 => Start<Lanes256>(values, context.Workers),
            Isa.V128 => Start<Lanes128>(values, context.Workers),
            _ => Start<Lanes1>(values, context.Workers),
        };
    }

    /// <summary>How many numbers are NaN or infinite: the naive twin, for messages and tests.</summary>
    public static long CountNotFinite(ReadOnlySpan<float> values)
    {
        long count = 0;
        foreach (float value in values)
        {
            count += float.IsFinite(value) ? 0 : 1;
        }

        return count;
    }

    private static bool Start<V>(ReadOnlySpan<float> values, Workers workers)
        where V : struct, ILanes<V>
    {
        int found = 0;
        fixed (float* start = values)
        {
            Job<V> job = new(values.Length, start, &found);
            workers.Run((int)(((long)values.Length + ChunkLength - 1) / ChunkLength), ref job);
        }

        return found == 0;
    }

    private readonly struct Job<V>(int length, float* values, int* found) : IChunkJob
        where V : struct, ILanes<V>
    {
        private readonly int _length = length;
        private readonly float* _values = values;
        private readonly int* _found = found;

        public void Run(int chunk, int worker)
        {
            float* value = _values + ((nint)chunk * ChunkLength);
            float* end = value + Math.Min(ChunkLength, _length - (chunk * ChunkLength));

            // Four sums, for one alone would wait for itself.
            (V a, V b, V c, V d) = (V.Zero, V.Zero, V.Zero, V.Zero);
            for (; end - value >= 4 * V.Width; value += 4 * V.Width)
            {
                a = V.MultiplyAdd(V.Load(value), V.Zero, a);
                b = V.MultiplyAdd(V.Load(value + V.Width), V.Zero, b);
                c = V.MultiplyAdd(V.Load(value + (2 * V.Width)), V.Zero, c);
                d = V.MultiplyAdd(V.Load(value + (3 * V.Width)), V.Zero, d);
            }

            Lanes1 rest = Lanes1.Zero;
            for (; value < end; value++)
            {
                rest = Lanes1.MultiplyAdd(Lanes1.Load(value), Lanes1.Zero, rest);
            }

            float* sums = stackalloc float[V.Width + 1];
            V.Store(a + b + (c + d), sums);
            Lanes1.Store(rest, sums + V.Width);
            for (int i = 0; i <= V.Width; i++)
            {
                if (float.IsNaN(sums[i]))
                {
                    // All that write, write the same.
                    Volatile.Write(ref *_found, 1);
                }
            }
        }
    }
}
