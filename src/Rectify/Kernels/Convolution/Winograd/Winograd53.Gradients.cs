using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Convolution.Winograd;

// The adjoints, for the filters' gradients: of the output transform and of the filter transform.
internal readonly unsafe partial struct Winograd53
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gradient<V>(float* dy, nint row, nint column, float* d, nint point)
        where V : struct, ILanes<V>
    {
        FirstGradient<V>(dy, row, column, A, A2, d, point);
        FirstGradient<V>(dy, row, column, B, B2, d + (14 * point), point);
        FirstGradient<V>(dy, row, column, C, C2, d + (28 * point), point);
        LastGradient<V>(dy + (4 * row), column, d + (42 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FilterGradient<V>(float* du, nint point, float* dg, nint tap, bool accumulate)
        where V : struct, ILanes<V>
    {
        FirstTaps<V>(du, point, dg, tap, accumulate);
        MiddleTaps<V>(du, point, dg + (3 * tap), tap, accumulate);
        LastTaps<V>(du, point, dg + (6 * tap), tap, accumulate);
    }

    // Points ±p: two rows of the result.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FirstGradient<V>(float* dy, nint row, nint column, float p, float p2, float* d, nint point)
        where V : struct, ILanes<V>
    {
        Row5<V> high = Row5<V>.MultiplyAdd(Row5<V>.Load(dy + (4 * row), column), p2, Row5<V>.Load(dy + (2 * row), column));
        Row5<V> even = Row5<V>.MultiplyAdd(high, p2, Row5<V>.Load(dy, column));
        Row5<V> odd = Row5<V>.MultiplyAdd(Row5<V>.Load(dy + (3 * row), column), p2, Row5<V>.Load(dy + row, column));
        PutGradient(Row5<V>.MultiplyAdd(odd, p, even), d, point);
        PutGradient(Row5<V>.MultiplyAdd(odd, -p, even), d + (7 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void LastGradient<V>(float* dy, nint column, float* d, nint point)
        where V : struct, ILanes<V> => PutGradient(Row5<V>.Load(dy, column), d, point);

    // Along a row: five gradients to seven points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutGradient<V>(Row5<V> t, float* d, nint point)
        where V : struct, ILanes<V>
    {
        PutGradientPair(t, A, A2, d, point);
        PutGradientPair(t, B, B2, d + (2 * point), point);
        PutGradientPair(t, C, C2, d + (4 * point), point);
        V.Store(t.V4, d + (6 * point));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutGradientPair<V>(Row5<V> t, float p, float p2, float* d, nint point)
        where V : struct, ILanes<V>
    {
        V square = V.Broadcast(p2);
        V even = V.MultiplyAdd(V.MultiplyAdd(t.V4, square, t.V2), square, t.V0), odd = V.MultiplyAdd(t.V3, square, t.V1);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(p), even), d);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-p), even), d + point);
    }

    // Down the columns, then along row 0 of the filter.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FirstTaps<V>(float* u, nint point, float* g, nint tap, bool accumulate)
        where V : struct, ILanes<V> => PutTaps(
            Mix(Difference<V>(u, point), ScaleA, Difference<V>(u + (14 * point), point), ScaleB, Difference<V>(u + (28 * point), point), ScaleC), g, tap, accumulate);

    // Row 1.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void MiddleTaps<V>(float* u, nint point, float* g, nint tap, bool accumulate)
        where V : struct, ILanes<V> => PutTaps(
            Mix(Sum<V>(u, point), ScaleA1, Sum<V>(u + (14 * point), point), ScaleB1, Sum<V>(u + (28 * point), point), ScaleC1), g, tap, accumulate);

    // Row 2.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void LastTaps<V>(float* u, nint point, float* g, nint tap, bool accumulate)
        where V : struct, ILanes<V>
    {
        Row7<V> s = Difference<V>(u, point), t = Difference<V>(u + (14 * point), point), w = Difference<V>(u + (28 * point), point);
        PutTaps(Row7<V>.Load(u + (42 * point), point) + Mix(s, ScaleA2, t, ScaleB2, w, ScaleC2), g, tap, accumulate);
    }

    // Along a row: seven points to three taps.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutTaps<V>(Row7<V> u, float* g, nint tap, bool accumulate)
        where V : struct, ILanes<V>
    {
        V s = u.V0 - u.V1, t = u.V2 - u.V3, w = u.V4 - u.V5;
        V g0 = Mix(s, ScaleA, t, ScaleB, w, ScaleC);
        V g1 = Mix(u.V0 + u.V1, ScaleA1, u.V2 + u.V3, ScaleB1, u.V4 + u.V5, ScaleC1);
        V g2 = u.V6 + Mix(s, ScaleA2, t, ScaleB2, w, ScaleC2);
        if (accumulate)
        {
            g0 = V.Load(g) + g0;
            g1 = V.Load(g + tap) + g1;
            g2 = V.Load(g + (2 * tap)) + g2;
        }

        V.Store(g0, g);
        V.Store(g1, g + tap);
        V.Store(g2, g + (2 * tap));
    }
}
