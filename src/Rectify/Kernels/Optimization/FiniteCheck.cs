using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;

namespace Rectify.Kernels.Optimization;

/// <summary>Whether numbers are all finite: one pass that only reads.</summary>
/// <remarks>x·0 is 0 for every finite x, denormal or not, and NaN for the others; a sum of such products is NaN for good once one of them is.</remarks>
internal static unsafe class FiniteCheck
{
    /// <summary>Numbers below this are modest: a sum of 2²⁴ products of two of them is below 10³⁴, whatever its order, and so finite.</summary>
    public const float ModestLimit = 1e13f;

    // A quarter of a megabyte: worth a claim, and small beside the smallest second-level cache.
    private const int ChunkLength = 1 << 16;

    // Floats between what is looked at and what is asked for.
    private const int Ahead = 1024;

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

    /// <summary>Whether all numbers are known to be finite and below <see cref="ModestLimit"/> in size. False where some are not, and perhaps where many come near it.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="context">Threads and vector width; the answer for numbers far from the limit depends on neither.</param>
    public static bool AllModest(ReadOnlySpan<float> values, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Isa switch
        {
            Isa.V512 => Start<Lanes512>(values, context.Workers, modest: true),
            Isa.V256 => Start<Lanes256>(values, context.Workers, modest: true),
            Isa.V128 => Start<Lanes128>(values, context.Workers, modest: true),
            _ => Start<Lanes1>(values, context.Workers, modest: true),
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

    private static bool Start<V>(ReadOnlySpan<float> values, Workers workers, bool modest = false)
        where V : struct, ILanes<V>
    {
        int found = 0;
        fixed (float* start = values)
        {
            Job<V> job = new(values.Length, modest, start, &found);
            workers.Run((int)(((long)values.Length + ChunkLength - 1) / ChunkLength), ref job);
        }

        return found == 0;
    }

    private readonly struct Job<V>(int length, bool modest, float* values, int* found) : IChunkJob
        where V : struct, ILanes<V>
    {
        private readonly int _length = length;
        private readonly bool _modest = modest;
        private readonly float* _values = values;
        private readonly int* _found = found;

        // A thread that only reads waits for memory; four vectors are at most four lines.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Prefetch(float* lines)
        {
            if (Sse.IsSupported)
            {
                for (int i = 0; i < 4 * V.Width; i += 16)
                {
                    Sse.Prefetch0(lines + i);
                }
            }
        }

        public void Run(int chunk, int worker)
        {
            float* value = _values + ((nint)chunk * ChunkLength);
            float* end = value + Math.Min(ChunkLength, _length - (chunk * ChunkLength));

            // Four sums, for one alone would wait for itself.
            (V a, V b, V c, V d) = (V.Zero, V.Zero, V.Zero, V.Zero);
            Lanes1 rest = Lanes1.Zero;
            for (; end - value >= 4 * V.Width; value += 4 * V.Width)
            {
                Prefetch(value + Ahead);
                (V p, V q, V r, V s) = (V.Load(value), V.Load(value + V.Width), V.Load(value + (2 * V.Width)), V.Load(value + (3 * V.Width)));
                a = V.MultiplyAdd(p, _modest ? p : V.Zero, a);
                b = V.MultiplyAdd(q, _modest ? q : V.Zero, b);
                c = V.MultiplyAdd(r, _modest ? r : V.Zero, c);
                d = V.MultiplyAdd(s, _modest ? s : V.Zero, d);
            }

            for (; value < end; value++)
            {
                Lanes1 x = Lanes1.Load(value);
                rest = Lanes1.MultiplyAdd(x, _modest ? x : Lanes1.Zero, rest);
            }

            float* sums = stackalloc float[V.Width + 1];
            V.Store(a + b + (c + d), sums);
            Lanes1.Store(rest, sums + V.Width);
            for (int i = 0; i <= V.Width; i++)
            {
                // Of squares: no square is larger than their sum. Of products with zero: 0, or NaN.
                if (!(sums[i] < ModestLimit * ModestLimit))
                {
                    // All that write, write the same.
                    Volatile.Write(ref *_found, 1);
                }
            }
        }
    }
}
