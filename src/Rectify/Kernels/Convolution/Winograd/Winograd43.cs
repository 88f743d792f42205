using System.Runtime.CompilerServices;
using Rectify.Tensors;
using static Rectify.Kernels.Convolution.Winograd.WinogradPoints;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>F(4×4, 3×3): a quarter of the multiplications of a 3×3 convolution; see <see cref="WinogradPoints"/>.</summary>
internal readonly unsafe struct Winograd43 : IWinograd
{
    private const int Block = MapShape.ChannelBlock;

    public static string Name => "winograd";

    public static int Size => 4;

    public static int Taps => 3;

    public static int PatchSize => 6;

    private static int Row => Size * Block;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void IWinograd.Patch<V>(float* d, nint row, nint column, float* v, nint point) => Patch<V>(d, row, column, v, point);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Filter<V>(float* g, nint tap, float* u, nint point)
        where V : struct, Simd.ILanes<V>
    {
        V zero = V.Broadcast(Zero);
        Put(V.Load(g) * zero, V.Load(g + tap) * zero, V.Load(g + (2 * tap)) * zero, u, point);
        Put(V.Load(g + (6 * tap)), V.Load(g + (7 * tap)), V.Load(g + (8 * tap)), u + (30 * point), point);
        Pair<V>(g, tap, ScaleA, ScaleA1, ScaleA2, u + (6 * point), point);
        Pair<V>(g, tap, ScaleB, ScaleB1, ScaleB2, u + (18 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<V>(float* m, nint point, float* y)
        where V : struct, Simd.ILanes<V>
    {
        EvenOutputs<V>(m, point, y);
        OddOutputs<V>(m, point, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gradient<V>(float* dy, nint row, nint column, float* d, nint point)
        where V : struct, Simd.ILanes<V>
    {
        OuterGradient<V>(dy, column, d, point);
        InnerGradient<V>(dy, row, column, A, A2, d + (6 * point), point);
        InnerGradient<V>(dy, row, column, B, B2, d + (18 * point), point);
        OuterGradient<V>(dy + (3 * row), column, d + (30 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FilterGradient<V>(float* du, nint point, float* dg, nint tap, bool accumulate)
        where V : struct, Simd.ILanes<V>
    {
        EvenTaps<V>(du, point, dg, tap, accumulate);
        OddTaps<V>(du, point, dg, tap, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair<V>(float* g, nint tap, float scale, float scale1, float scale2, float* u, nint point)
        where V : struct, Simd.ILanes<V>
    {
        V e0 = Even<V>(g, tap, scale, scale2), o0 = V.Load(g + (3 * tap)) * V.Broadcast(scale1);
        V e1 = Even<V>(g + tap, tap, scale, scale2), o1 = V.Load(g + (4 * tap)) * V.Broadcast(scale1);
        V e2 = Even<V>(g + (2 * tap), tap, scale, scale2), o2 = V.Load(g + (5 * tap)) * V.Broadcast(scale1);
        Put(e0 + o0, e1 + o1, e2 + o2, u, point);
        Put(e0 - o0, e1 - o1, e2 - o2, u + (6 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Even<V>(float* g, nint tap, float scale, float scale2)
        where V : struct, Simd.ILanes<V> =>
        V.MultiplyAdd(V.Load(g), V.Broadcast(scale), V.Load(g + (6 * tap)) * V.Broadcast(scale2));

    // Along a row: three taps to six points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<V>(V t0, V t1, V t2, float* u, nint point)
        where V : struct, Simd.ILanes<V>
    {
        V.Store(t0 * V.Broadcast(Zero), u);
        V.Store(t2, u + (5 * point));
        V even = V.MultiplyAdd(t0, V.Broadcast(ScaleA), t2 * V.Broadcast(ScaleA2));
        V odd = t1 * V.Broadcast(ScaleA1);
        V.Store(even + odd, u + point);
        V.Store(even - odd, u + (2 * point));
        even = V.MultiplyAdd(t0, V.Broadcast(ScaleB), t2 * V.Broadcast(ScaleB2));
        odd = t1 * V.Broadcast(ScaleB1);
        V.Store(even + odd, u + (3 * point));
        V.Store(even - odd, u + (4 * point));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OuterGradient<V>(float* y, nint column, float* d, nint point)
        where V : struct, Simd.ILanes<V> =>
        PutGradient(V.Load(y), V.Load(y + column), V.Load(y + (2 * column)), V.Load(y + (3 * column)), d, point);

    // Points ±p: two rows of the result.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void InnerGradient<V>(float* y, nint row, nint column, float p, float p2, float* d, nint point)
        where V : struct, Simd.ILanes<V>
    {
        V square = V.Broadcast(p2);
        V e0 = Half<V>(y, row, square), o0 = Half<V>(y + row, row, square);
        V e1 = Half<V>(y + column, row, square), o1 = Half<V>(y + row + column, row, square);
        V e2 = Half<V>(y + (2 * column), row, square), o2 = Half<V>(y + row + (2 * column), row, square);
        V e3 = Half<V>(y + (3 * column), row, square), o3 = Half<V>(y + row + (3 * column), row, square);
        V plus = V.Broadcast(p);
        V minus = V.Broadcast(-p);
        PutGradient(V.MultiplyAdd(o0, plus, e0), V.MultiplyAdd(o1, plus, e1), V.MultiplyAdd(o2, plus, e2), V.MultiplyAdd(o3, plus, e3), d, point);
        PutGradient(V.MultiplyAdd(o0, minus, e0), V.MultiplyAdd(o1, minus, e1), V.MultiplyAdd(o2, minus, e2), V.MultiplyAdd(o3, minus, e3), d + (6 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Half<V>(float* y, nint row, V square)
        where V : struct, Simd.ILanes<V> => V.MultiplyAdd(V.Load(y + (2 * row)), square, V.Load(y));

    // Along a row: four gradients to six points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutGradient<V>(V t0, V t1, V t2, V t3, float* d, nint point)
        where V : struct, Simd.ILanes<V>
    {
        V.Store(t0, d);
        V.Store(t3, d + (5 * point));
        V square = V.Broadcast(A2);
        V even = V.MultiplyAdd(t2, square, t0);
        V odd = V.MultiplyAdd(t3, square, t1);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(A), even), d + point);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-A), even), d + (2 * point));
        square = V.Broadcast(B2);
        even = V.MultiplyAdd(t2, square, t0);
        odd = V.MultiplyAdd(t3, square, t1);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(B), even), d + (3 * point));
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-B), even), d + (4 * point));
    }

    // Down the columns, then along rows 0 and 2 of the filter.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void EvenTaps<V>(float* u, nint point, float* g, nint tap, bool accumulate)
        where V : struct, Simd.ILanes<V>
    {
        nint six = 6 * point;
        V s0 = Sum<V>(u, six), t0 = Sum<V>(u + (2 * six), six);
        V s1 = Sum<V>(u + point, six), t1 = Sum<V>(u + (2 * six) + point, six);
        V s2 = Sum<V>(u + (2 * point), six), t2 = Sum<V>(u + (2 * six) + (2 * point), six);
        V s3 = Sum<V>(u + (3 * point), six), t3 = Sum<V>(u + (2 * six) + (3 * point), six);
        V s4 = Sum<V>(u + (4 * point), six), t4 = Sum<V>(u + (2 * six) + (4 * point), six);
        V s5 = Sum<V>(u + (5 * point), six), t5 = Sum<V>(u + (2 * six) + (5 * point), six);
        V zero = V.Broadcast(Zero), a = V.Broadcast(ScaleA), b = V.Broadcast(ScaleB);
        PutTaps(
            V.MultiplyAdd(V.Load(u), zero, Mix(s0, a, t0, b)), V.MultiplyAdd(V.Load(u + point), zero, Mix(s1, a, t1, b)),
            V.MultiplyAdd(V.Load(u + (2 * point)), zero, Mix(s2, a, t2, b)), V.MultiplyAdd(V.Load(u + (3 * point)), zero, Mix(s3, a, t3, b)),
            V.MultiplyAdd(V.Load(u + (4 * point)), zero, Mix(s4, a, t4, b)), V.MultiplyAdd(V.Load(u + (5 * point)), zero, Mix(s5, a, t5, b)), g, tap, accumulate);
        a = V.Broadcast(ScaleA2);
        b = V.Broadcast(ScaleB2);
        u += 5 * six;
        PutTaps(
            V.Load(u) + Mix(s0, a, t0, b), V.Load(u + point) + Mix(s1, a, t1, b), V.Load(u + (2 * point)) + Mix(s2, a, t2, b),
            V.Load(u + (3 * point)) + Mix(s3, a, t3, b), V.Load(u + (4 * point)) + Mix(s4, a, t4, b), V.Load(u + (5 * point)) + Mix(s5, a, t5, b),
            g + (6 * tap), tap, accumulate);
    }

    // Row 1.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OddTaps<V>(float* u, nint point, float* g, nint tap, bool accumulate)
        where V : struct, Simd.ILanes<V> => PutTaps(
        Odd<V>(u, point), Odd<V>(u + point, point), Odd<V>(u + (2 * point), point),
        Odd<V>(u + (3 * point), point), Odd<V>(u + (4 * point), point), Odd<V>(u + (5 * point), point), g + (3 * tap), tap, accumulate);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Odd<V>(float* u, nint point)
        where V : struct, Simd.ILanes<V> => Mix(
        V.Load(u + (6 * point)) - V.Load(u + (12 * point)), V.Broadcast(ScaleA1),
        V.Load(u + (18 * point)) - V.Load(u + (24 * point)), V.Broadcast(ScaleB1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Sum<V>(float* u, nint row)
        where V : struct, Simd.ILanes<V> => V.Load(u + row) + V.Load(u + (2 * row));

    // Along a row: six points to three taps.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutTaps<V>(V u0, V u1, V u2, V u3, V u4, V u5, float* g, nint tap, bool accumulate)
        where V : struct, Simd.ILanes<V>
    {
        V s = u1 + u2, t = u3 + u4;
        V g0 = V.MultiplyAdd(u0, V.Broadcast(Zero), Mix(s, ScaleA, t, ScaleB));
        V g1 = Mix(u1 - u2, ScaleA1, u3 - u4, ScaleB1);
        V g2 = u5 + Mix(s, ScaleA2, t, ScaleB2);
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

    // Down the columns, then along rows 0 and 2: twelve numbers live at once.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void EvenOutputs<V>(float* m, nint point, float* y)
        where V : struct, Simd.ILanes<V>
    {
        nint six = 6 * point;
        V s0 = Sum<V>(m, six), t0 = Sum<V>(m + (2 * six), six);
        V s1 = Sum<V>(m + point, six), t1 = Sum<V>(m + (2 * six) + point, six);
        V s2 = Sum<V>(m + (2 * point), six), t2 = Sum<V>(m + (2 * six) + (2 * point), six);
        V s3 = Sum<V>(m + (3 * point), six), t3 = Sum<V>(m + (2 * six) + (3 * point), six);
        V s4 = Sum<V>(m + (4 * point), six), t4 = Sum<V>(m + (2 * six) + (4 * point), six);
        V s5 = Sum<V>(m + (5 * point), six), t5 = Sum<V>(m + (2 * six) + (5 * point), six);
        PutOutputs(
            V.Load(m) + s0 + t0, V.Load(m + point) + s1 + t1, V.Load(m + (2 * point)) + s2 + t2,
            V.Load(m + (3 * point)) + s3 + t3, V.Load(m + (4 * point)) + s4 + t4, V.Load(m + (5 * point)) + s5 + t5, y);
        V a = V.Broadcast(A2), b = V.Broadcast(B2);
        PutOutputs(Mix(s0, a, t0, b), Mix(s1, a, t1, b), Mix(s2, a, t2, b), Mix(s3, a, t3, b), Mix(s4, a, t4, b), Mix(s5, a, t5, b), y + (2 * Row));
    }

    // Rows 1 and 3.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OddOutputs<V>(float* m, nint point, float* y)
        where V : struct, Simd.ILanes<V>
    {
        nint six = 6 * point;
        V s0 = Difference<V>(m, six), t0 = Difference<V>(m + (2 * six), six);
        V s1 = Difference<V>(m + point, six), t1 = Difference<V>(m + (2 * six) + point, six);
        V s2 = Difference<V>(m + (2 * point), six), t2 = Difference<V>(m + (2 * six) + (2 * point), six);
        V s3 = Difference<V>(m + (3 * point), six), t3 = Difference<V>(m + (2 * six) + (3 * point), six);
        V s4 = Difference<V>(m + (4 * point), six), t4 = Difference<V>(m + (2 * six) + (4 * point), six);
        V s5 = Difference<V>(m + (5 * point), six), t5 = Difference<V>(m + (2 * six) + (5 * point), six);
        V a = V.Broadcast(A), b = V.Broadcast(B);
        PutOutputs(Mix(s0, a, t0, b), Mix(s1, a, t1, b), Mix(s2, a, t2, b), Mix(s3, a, t3, b), Mix(s4, a, t4, b), Mix(s5, a, t5, b), y + Row);
        a = V.Broadcast(A3);
        b = V.Broadcast(B3);
        m += 5 * six;
        PutOutputs(
            V.Load(m) + Mix(s0, a, t0, b), V.Load(m + point) + Mix(s1, a, t1, b), V.Load(m + (2 * point)) + Mix(s2, a, t2, b),
            V.Load(m + (3 * point)) + Mix(s3, a, t3, b), V.Load(m + (4 * point)) + Mix(s4, a, t4, b), V.Load(m + (5 * point)) + Mix(s5, a, t5, b), y + (3 * Row));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Difference<V>(float* m, nint row)
        where V : struct, Simd.ILanes<V> => V.Load(m + row) - V.Load(m + (2 * row));

    // Along a row: six points to four outputs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutOutputs<V>(V m0, V m1, V m2, V m3, V m4, V m5, float* y)
        where V : struct, Simd.ILanes<V>
    {
        V s = m1 + m2, t = m3 + m4, d = m1 - m2, e = m3 - m4;
        V.Store(m0 + s + t, y);
        V.Store(Mix(d, A, e, B), y + Block);
        V.Store(Mix(s, A2, t, B2), y + (2 * Block));
        V.Store(m5 + Mix(d, A3, e, B3), y + (3 * Block));
    }
}
