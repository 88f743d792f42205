using System.Runtime.CompilerServices;

namespace Rectify.Kernels.Simd;

/// <summary>Short copies and fills by vectors: what a call to memmove costs too much for.</summary>
internal static unsafe class Lines<V>
    where V : struct, ILanes<V>
{
    /// <summary>Copies <paramref name="count"/> floats; the blocks do not overlap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(float* source, float* destination, int count)
    {
        int i = 0;
        for (; i <= count - V.Width; i += V.Width)
        {
            V.Store(V.Load(source + i), destination + i);
        }

        if (i < count)
        {
            Tail(source, destination, i, count);
        }
    }

    /// <summary>Sets <paramref name="count"/> floats to zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Zero(float* destination, int count)
    {
        int i = 0;
        for (; i <= count - V.Width; i += V.Width)
        {
            V.Store(V.Zero, destination + i);
        }

        for (; i < count; i++)
        {
            destination[i] = 0f;
        }
    }

    // What is left is copied as whole vectors that end where it ends: a few floats are rewritten with what they are.
    private static void Tail(float* source, float* destination, int from, int count)
    {
        if (count >= V.Width)
        {
            V.Store(V.Load(source + count - V.Width), destination + count - V.Width);
        }
        else if (V.Width > 8 && count >= 8)
        {
            Lanes256.Store(Lanes256.Load(source), destination);
            Lanes256.Store(Lanes256.Load(source + count - 8), destination + count - 8);
        }
        else if (V.Width > 4 && count >= 4)
        {
            Lanes128.Store(Lanes128.Load(source), destination);
            Lanes128.Store(Lanes128.Load(source + count - 4), destination + count - 4);
        }
        else
        {
            for (int i = from; i < count; i++)
            {
                destination[i] = source[i];
            }
        }
    }
}
