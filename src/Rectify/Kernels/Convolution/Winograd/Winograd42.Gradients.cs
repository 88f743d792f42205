using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Convolution.Winograd;

// The adjoints, for the filters' gradients: of the output transform and of the filter transform.
internal readonly unsafe partial struct Winograd42
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gradient<V>(float* dy, nint row, nint column, float* d, nint point)
        where V : struct, ILanes<V>
    {
        FirstGradient<V>(dy, row, column, A, A2, d, point);
        FirstGradient<V>(dy, row, column, B, B2, d + (10 * point), point);
        LastGradient<V>(dy + (3 * row), column, d + (20 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FilterGradient<V>(float* du, nint point, float* dg, nint tap, bool accumulate)
        where V : struct, ILanes<V>
    {
        FirstTaps<V>(du, point, dg, tap, accumulate);
        LastTaps<V>(du, point, dg + (2 * tap), tap, accumulate);
    }

    // Points ±p: two rows of the result.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FirstGradient<V>(float* dy, nint row, nint column, float p, float p2, float* d, nint point)
        where V : struct, ILanes<V>
    {
        Row4<V> even = Row4<V>.MultiplyAdd(Row4<V>.Load(dy + (2 * row), column), p2, Row4<V>.Load(dy, column));
        Row4<V> odd = Row4<V>.MultiplyAdd(Row4<V>.Load(dy + (3 * row), column), p2, Row4<V>.Load(dy + row, column));
        PutGradient(Row4<V>.MultiplyAdd(odd, p, even), d, point);
        PutGradient(Row4<V>.MultiplyAdd(odd, -p, even), d + (5 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void LastGradient<V>(float* dy, nint column, float* d, nint point)
        where V : struct, ILanes<V> => PutGradient(Row4<V>.Load(dy, column), d, point);

    // Along a row: four gradients to five points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutGradient<V>(Row4<V> t, float* d, nint point)
        where V : struct, ILanes<V>
    {
        V even = V.MultiplyAdd(t.V2, V.Broadcast(A2), t.V0), odd = V.MultiplyAdd(t.V3, V.Broadcast(A2), t.V1);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(A), even), d);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-A), even), d + point);
        even = V.MultiplyAdd(t.V2, V.Broadcast(B2), t.V0);
        odd = V.MultiplyAdd(t.V3, V.Broadcast(B2), t.V1);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(B), even), d + (2 * point));
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-B), even), d + (3 * point));
        V.Store(t.V3, d + (4 * point));
    }

    // Down the columns, then along row 0 of the filter.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FirstTaps<V>(float* u, nint point, float* g, nint tap, bool accumulate)
        where V : struct, ILanes<V> => PutTaps(
            Row5<V>.Mix(Difference<V>(u, point), ScaleA, Difference<V>(u + (10 * point), point), ScaleB), g, tap, accumulate);

    // Row 1.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void LastTaps<V>(float* u, nint point, float* g, nint tap, bool accumulate)
        where V : struct, ILanes<V> => PutTaps(
            Row5<V>.Load(u + (20 * point), point) + Row5<V>.Mix(Sum<V>(u, point), ScaleA1, Sum<V>(u + (10 * point), point), ScaleB1), g, tap, accumulate);

    // Along a row: five points to two taps.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutTaps<V>(Row5<V> u, float* g, nint tap, bool accumulate)
        where V : struct, ILanes<V>
    {
        V g0 = Mix(u.V0 - u.V1, ScaleA, u.V2 - u.V3, ScaleB);
        V g1 = u.V4 + Mix(u.V0 + u.V1, ScaleA1, u.V2 + u.V3, ScaleB1);
        if (accumulate)
        {
            g0 = V.Load(g) + g0;
            g1 = V.Load(g + tap) + g1;
        }

        V.Store(g0, g);
        V.Store(g1, g + tap);
    }
}
