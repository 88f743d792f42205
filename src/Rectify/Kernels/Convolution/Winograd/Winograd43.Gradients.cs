using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Convolution.Winograd;

// The adjoints, for the filters' gradients: of the output transform and of the filter transform.
internal readonly unsafe partial struct Winograd43
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gradient<V>(float* dy, nint row, nint column, float* d, nint point)
        where V : struct, ILanes<V>
    {
        OuterGradient<V>(dy, column, d, point);
        InnerGradient<V>(dy, row, column, A, A2, d + (6 * point), point);
        InnerGradient<V>(dy, row, column, B, B2, d + (18 * point), point);
        OuterGradient<V>(dy + (3 * row), column, d + (30 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FilterGradient<V>(float* du, nint point, float* dg, nint tap, bool accumulate)
        where V : struct, ILanes<V>
    {
        EvenTaps<V>(du, point, dg, tap, accumulate);
        OddTaps<V>(du, point, dg + (3 * tap), tap, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OuterGradient<V>(float* dy, nint column, float* d, nint point)
        where V : struct, ILanes<V> => PutGradient(Row4<V>.Load(dy, column), d, point);

    // Points ±p: two rows of the result.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void InnerGradient<V>(float* dy, nint row, nint column, float p, float p2, float* d, nint point)
        where V : struct, ILanes<V>
    {
        Row4<V> even = Row4<V>.MultiplyAdd(Row4<V>.Load(dy + (2 * row), column), p2, Row4<V>.Load(dy, column));
        Row4<V> odd = Row4<V>.MultiplyAdd(Row4<V>.Load(dy + (3 * row), column), p2, Row4<V>.Load(dy + row, column));
        PutGradient(Row4<V>.MultiplyAdd(odd, p, even), d, point);
        PutGradient(Row4<V>.MultiplyAdd(odd, -p, even), d + (6 * point), point);
    }

    // Along a row: four gradients to six points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutGradient<V>(Row4<V> t, float* d, nint point)
        where V : struct, ILanes<V>
    {
        V.Store(t.V0, d);
        V.Store(t.V3, d + (5 * point));
        V even = V.MultiplyAdd(t.V2, V.Broadcast(A2), t.V0), odd = V.MultiplyAdd(t.V3, V.Broadcast(A2), t.V1);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(A), even), d + point);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-A), even), d + (2 * point));
        even = V.MultiplyAdd(t.V2, V.Broadcast(B2), t.V0);
        odd = V.MultiplyAdd(t.V3, V.Broadcast(B2), t.V1);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(B), even), d + (3 * point));
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-B), even), d + (4 * point));
    }

    // Down the columns, then along rows 0 and 2 of the filter.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void EvenTaps<V>(float* u, nint point, float* g, nint tap, bool accumulate)
        where V : struct, ILanes<V>
    {
        Row6<V> s = Sum<V>(u + (6 * point), point), t = Sum<V>(u + (18 * point), point);
        PutTaps(Row6<V>.MultiplyAdd(Row6<V>.Load(u, point), Zero, Row6<V>.Mix(s, ScaleA, t, ScaleB)), g, tap, accumulate);
        PutTaps(Row6<V>.Load(u + (30 * point), point) + Row6<V>.Mix(s, ScaleA2, t, ScaleB2), g + (6 * tap), tap, accumulate);
    }

    // Row 1.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OddTaps<V>(float* u, nint point, float* g, nint tap, bool accumulate)
        where V : struct, ILanes<V> => PutTaps(
            Row6<V>.Mix(Difference<V>(u + (6 * point), point), ScaleA1, Difference<V>(u + (18 * point), point), ScaleB1), g, tap, accumulate);

    // Along a row: six points to three taps.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutTaps<V>(Row6<V> u, float* g, nint tap, bool accumulate)
        where V : struct, ILanes<V>
    {
        V s = u.V1 + u.V2, t = u.V3 + u.V4;
        V g0 = V.MultiplyAdd(u.V0, V.Broadcast(Zero), Mix(s, ScaleA, t, ScaleB));
        V g1 = Mix(u.V1 - u.V2, ScaleA1, u.V3 - u.V4, ScaleB1);
        V g2 = u.V5 + Mix(s, ScaleA2, t, ScaleB2);
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
