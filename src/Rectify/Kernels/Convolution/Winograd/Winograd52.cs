using System.Runtime.CompilerServices;
using Rectify.Tensors;
using static Rectify.Kernels.Convolution.Winograd.WinogradPoints;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>F(5×5, 2×2): 36 multiplications instead of 100; see <see cref="WinogradPoints"/>.</summary>
internal readonly unsafe struct Winograd52 : IWinograd
{
    private const int Block = MapShape.ChannelBlock;

    public static string Name => "winograd-f52";

    public static int Size => 5;

    public static int Taps => 2;

    public static int PatchSize => 6;

    private static int Row => Size * Block;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void IWinograd.Patch<V>(float* d, nint row, nint column, float* v, nint point) => Patch<V>(d, row, column, v, point);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Filter<V>(float* g, nint tap, float* u, nint point)
        where V : struct, Simd.ILanes<V>
    {
        V g0 = V.Load(g), g1 = V.Load(g + tap), g2 = V.Load(g + (2 * tap)), g3 = V.Load(g + (3 * tap)), zero = V.Broadcast(Zero);
        Put(g0 * zero, g1 * zero, u, point);
        Put(g2, g3, u + (30 * point), point);
        Pair(g0, g1, g2, g3, ScaleA, ScaleA1, u + (6 * point), point);
        Pair(g0, g1, g2, g3, ScaleB, ScaleB1, u + (18 * point), point);
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
        OuterGradient<V>(dy + (4 * row), column, d + (30 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FilterGradient<V>(float* du, nint point, float* dg, nint tap, bool accumulate)
        where V : struct, Simd.ILanes<V>
    {
        FirstTaps<V>(du, point, dg, tap, accumulate);
        LastTaps<V>(du, point, dg + (2 * tap), tap, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair<V>(V g0, V g1, V g2, V g3, float scale, float scale1, float* u, nint point)
        where V : struct, Simd.ILanes<V>
    {
        V e0 = g0 * V.Broadcast(scale), o0 = g2 * V.Broadcast(scale1);
        V e1 = g1 * V.Broadcast(scale), o1 = g3 * V.Broadcast(scale1);
        Put(e0 + o0, e1 + o1, u, point);
        Put(e0 - o0, e1 - o1, u + (6 * point), point);
    }

    // Along a row: two taps to six points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<V>(V t0, V t1, float* u, nint point)
        where V : struct, Simd.ILanes<V>
    {
        V.Store(t0 * V.Broadcast(Zero), u);
        V.Store(t1, u + (5 * point));
        V even = t0 * V.Broadcast(ScaleA), odd = t1 * V.Broadcast(ScaleA1);
        V.Store(even + odd, u + point);
        V.Store(even - odd, u + (2 * point));
        even = t0 * V.Broadcast(ScaleB);
        odd = t1 * V.Broadcast(ScaleB1);
        V.Store(even + odd, u + (3 * point));
        V.Store(even - odd, u + (4 * point));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OuterGradient<V>(float* y, nint column, float* d, nint point)
        where V : struct, Simd.ILanes<V> => PutGradient(
            V.Load(y), V.Load(y + column), V.Load(y + (2 * column)), V.Load(y + (3 * column)), V.Load(y + (4 * column)), d, point);

    // Points ±p: two rows of the result.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void InnerGradient<V>(float* y, nint row, nint column, float p, float p2, float* d, nint point)
        where V : struct, Simd.ILanes<V>
    {
        V plus = V.Broadcast(p), square = V.Broadcast(p2);
        V e0 = Even(y, row, square), o0 = Odd(y, row, square) * plus;
        V e1 = Even(y + column, row, square), o1 = Odd(y + column, row, square) * plus;
        V e2 = Even(y + (2 * column), row, square), o2 = Odd(y + (2 * column), row, square) * plus;
        V e3 = Even(y + (3 * column), row, square), o3 = Odd(y + (3 * column), row, square) * plus;
        V e4 = Even(y + (4 * column), row, square), o4 = Odd(y + (4 * column), row, square) * plus;
        PutGradient(e0 + o0, e1 + o1, e2 + o2, e3 + o3, e4 + o4, d, point);
        PutGradient(e0 - o0, e1 - o1, e2 - o2, e3 - o3, e4 - o4, d + (6 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Even<V>(float* y, nint row, V square)
        where V : struct, Simd.ILanes<V> => V.MultiplyAdd(V.MultiplyAdd(V.Load(y + (4 * row)), square, V.Load(y + (2 * row))), square, V.Load(y));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Odd<V>(float* y, nint row, V square)
        where V : struct, Simd.ILanes<V> => V.MultiplyAdd(V.Load(y + (3 * row)), square, V.Load(y + row));

    // Along a row: five gradients to six points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutGradient<V>(V t0, V t1, V t2, V t3, V t4, float* d, nint point)
        where V : struct, Simd.ILanes<V>
    {
        V.Store(t0, d);
        V.Store(t4, d + (5 * point));
        V square = V.Broadcast(A2);
        V even = V.MultiplyAdd(V.MultiplyAdd(t4, square, t2), square, t0);
        V odd = V.MultiplyAdd(t3, square, t1);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(A), even), d + point);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-A), even), d + (2 * point));
        square = V.Broadcast(B2);
        even = V.MultiplyAdd(V.MultiplyAdd(t4, square, t2), square, t0);
        odd = V.MultiplyAdd(t3, square, t1);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(B), even), d + (3 * point));
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-B), even), d + (4 * point));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FirstTaps<V>(float* u, nint point, float* g, nint tap, bool accumulate)
        where V : struct, Simd.ILanes<V> => PutGradient(
            First<V>(u, 6 * point), First<V>(u + point, 6 * point), First<V>(u + (2 * point), 6 * point),
            First<V>(u + (3 * point), 6 * point), First<V>(u + (4 * point), 6 * point), First<V>(u + (5 * point), 6 * point), g, tap, accumulate);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void LastTaps<V>(float* u, nint point, float* g, nint tap, bool accumulate)
        where V : struct, Simd.ILanes<V> => PutGradient(
            Last<V>(u, 6 * point), Last<V>(u + point, 6 * point), Last<V>(u + (2 * point), 6 * point),
            Last<V>(u + (3 * point), 6 * point), Last<V>(u + (4 * point), 6 * point), Last<V>(u + (5 * point), 6 * point), g, tap, accumulate);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V First<V>(float* u, nint row)
        where V : struct, Simd.ILanes<V> => V.MultiplyAdd(
            V.Load(u), V.Broadcast(Zero), Mix(V.Load(u + row) + V.Load(u + (2 * row)), ScaleA, V.Load(u + (3 * row)) + V.Load(u + (4 * row)), ScaleB));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Last<V>(float* u, nint row)
        where V : struct, Simd.ILanes<V> =>
        V.Load(u + (5 * row)) + Mix(V.Load(u + row) - V.Load(u + (2 * row)), ScaleA1, V.Load(u + (3 * row)) - V.Load(u + (4 * row)), ScaleB1);

    // Along a row: six points to two taps.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutGradient<V>(V u0, V u1, V u2, V u3, V u4, V u5, float* g, nint tap, bool accumulate)
        where V : struct, Simd.ILanes<V>
    {
        V g0 = V.MultiplyAdd(u0, V.Broadcast(Zero), Mix(u1 + u2, ScaleA, u3 + u4, ScaleB));
        V g1 = u5 + Mix(u1 - u2, ScaleA1, u3 - u4, ScaleB1);
        if (accumulate)
        {
            g0 = V.Load(g) + g0;
            g1 = V.Load(g + tap) + g1;
        }

        V.Store(g0, g);
        V.Store(g1, g + tap);
    }

    // Down the columns, then along rows 0, 2 and 4.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void EvenOutputs<V>(float* m, nint point, float* y)
        where V : struct, Simd.ILanes<V>
    {
        nint six = 6 * point;
        V s0 = Sum<V>(m, six), t0 = Sum<V>(m + (2 * six), six);
        V s1 = Sum<V>(m + point, six), t1 = Sum<V>(m + point + (2 * six), six);
        V s2 = Sum<V>(m + (2 * point), six), t2 = Sum<V>(m + (2 * point) + (2 * six), six);
        V s3 = Sum<V>(m + (3 * point), six), t3 = Sum<V>(m + (3 * point) + (2 * six), six);
        V s4 = Sum<V>(m + (4 * point), six), t4 = Sum<V>(m + (4 * point) + (2 * six), six);
        V s5 = Sum<V>(m + (5 * point), six), t5 = Sum<V>(m + (5 * point) + (2 * six), six);
        PutOutputs(
            V.Load(m) + s0 + t0, V.Load(m + point) + s1 + t1, V.Load(m + (2 * point)) + s2 + t2,
            V.Load(m + (3 * point)) + s3 + t3, V.Load(m + (4 * point)) + s4 + t4, V.Load(m + (5 * point)) + s5 + t5, y);
        V a = V.Broadcast(A2), b = V.Broadcast(B2);
        PutOutputs(Mix(s0, a, t0, b), Mix(s1, a, t1, b), Mix(s2, a, t2, b), Mix(s3, a, t3, b), Mix(s4, a, t4, b), Mix(s5, a, t5, b), y + (2 * Row));
        a = V.Broadcast(A4);
        b = V.Broadcast(B4);
        m += 5 * six;
        PutOutputs(
            V.Load(m) + Mix(s0, a, t0, b), V.Load(m + point) + Mix(s1, a, t1, b), V.Load(m + (2 * point)) + Mix(s2, a, t2, b),
            V.Load(m + (3 * point)) + Mix(s3, a, t3, b), V.Load(m + (4 * point)) + Mix(s4, a, t4, b), V.Load(m + (5 * point)) + Mix(s5, a, t5, b), y + (4 * Row));
    }

    // Rows 1 and 3.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OddOutputs<V>(float* m, nint point, float* y)
        where V : struct, Simd.ILanes<V>
    {
        nint six = 6 * point;
        V s0 = Difference<V>(m, six), t0 = Difference<V>(m + (2 * six), six);
        V s1 = Difference<V>(m + point, six), t1 = Difference<V>(m + point + (2 * six), six);
        V s2 = Difference<V>(m + (2 * point), six), t2 = Difference<V>(m + (2 * point) + (2 * six), six);
        V s3 = Difference<V>(m + (3 * point), six), t3 = Difference<V>(m + (3 * point) + (2 * six), six);
        V s4 = Difference<V>(m + (4 * point), six), t4 = Difference<V>(m + (4 * point) + (2 * six), six);
        V s5 = Difference<V>(m + (5 * point), six), t5 = Difference<V>(m + (5 * point) + (2 * six), six);
        V a = V.Broadcast(A), b = V.Broadcast(B);
        PutOutputs(Mix(s0, a, t0, b), Mix(s1, a, t1, b), Mix(s2, a, t2, b), Mix(s3, a, t3, b), Mix(s4, a, t4, b), Mix(s5, a, t5, b), y + Row);
        a = V.Broadcast(A3);
        b = V.Broadcast(B3);
        PutOutputs(Mix(s0, a, t0, b), Mix(s1, a, t1, b), Mix(s2, a, t2, b), Mix(s3, a, t3, b), Mix(s4, a, t4, b), Mix(s5, a, t5, b), y + (3 * Row));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Sum<V>(float* m, nint row)
        where V : struct, Simd.ILanes<V> => V.Load(m + row) + V.Load(m + (2 * row));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Difference<V>(float* m, nint row)
        where V : struct, Simd.ILanes<V> => V.Load(m + row) - V.Load(m + (2 * row));

    // Along a row: six points to five outputs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutOutputs<V>(V m0, V m1, V m2, V m3, V m4, V m5, float* y)
        where V : struct, Simd.ILanes<V>
    {
        V s = m1 + m2, t = m3 + m4, d = m1 - m2, e = m3 - m4;
        V.Store(m0 + s + t, y);
        V.Store(Mix(d, A, e, B), y + Block);
        V.Store(Mix(s, A2, t, B2), y + (2 * Block));
        V.Store(Mix(d, A3, e, B3), y + (3 * Block));
        V.Store(m5 + Mix(s, A4, t, B4), y + (4 * Block));
    }
}
