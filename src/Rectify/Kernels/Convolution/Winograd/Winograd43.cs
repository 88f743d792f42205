using System.Runtime.CompilerServices;
using static Rectify.Kernels.Convolution.Winograd.WinogradPoints;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>F(4×4, 3×3): a quarter of the multiplications of a 3×3 convolution; see <see cref="WinogradPoints"/>.</summary>
internal readonly unsafe struct Winograd43 : IWinograd
{
    public static string Name => "winograd";

    public static int Size => 4;

    public static int Taps => 3;

    public static int PatchSize => 6;

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
    public static void Output<V>(float* m, nint mStep, float* y, nint yStep)
        where V : struct, Simd.ILanes<V>
    {
        V m1 = V.Load(m + mStep), m2 = V.Load(m + (2 * mStep)), m3 = V.Load(m + (3 * mStep)), m4 = V.Load(m + (4 * mStep));
        V s = m1 + m2, t = m3 + m4, d = m1 - m2, e = m3 - m4;
        V.Store(V.Load(m) + s + t, y);
        V.Store(Mix(d, A, e, B), y + yStep);
        V.Store(Mix(s, A2, t, B2), y + (2 * yStep));
        V.Store(V.Load(m + (5 * mStep)) + Mix(d, A3, e, B3), y + (3 * yStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gradient<V>(float* dy, nint dyStep, float* d, nint dStep)
        where V : struct, Simd.ILanes<V>
    {
        V y0 = V.Load(dy), y1 = V.Load(dy + dyStep), y2 = V.Load(dy + (2 * dyStep)), y3 = V.Load(dy + (3 * dyStep));
        V.Store(y0, d);
        V.Store(y3, d + (5 * dStep));
        V even = V.MultiplyAdd(y2, V.Broadcast(A2), y0);
        V odd = V.MultiplyAdd(y3, V.Broadcast(A2), y1);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(A), even), d + dStep);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-A), even), d + (2 * dStep));
        even = V.MultiplyAdd(y2, V.Broadcast(B2), y0);
        odd = V.MultiplyAdd(y3, V.Broadcast(B2), y1);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(B), even), d + (3 * dStep));
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-B), even), d + (4 * dStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FilterGradient<V>(float* du, nint duStep, float* dg, nint dgStep)
        where V : struct, Simd.ILanes<V>
    {
        V u1 = V.Load(du + duStep), u2 = V.Load(du + (2 * duStep)), u3 = V.Load(du + (3 * duStep)), u4 = V.Load(du + (4 * duStep));
        V s = u1 + u2, t = u3 + u4;
        V.Store(V.MultiplyAdd(V.Load(du), V.Broadcast(Zero), Mix(s, ScaleA, t, ScaleB)), dg);
        V.Store(Mix(u1 - u2, ScaleA1, u3 - u4, ScaleB1), dg + dgStep);
        V.Store(V.Load(du + (5 * duStep)) + Mix(s, ScaleA2, t, ScaleB2), dg + (2 * dgStep));
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
}
