using System.Runtime.CompilerServices;
using static Rectify.Kernels.Convolution.Winograd.WinogradPoints;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>F(5×5, 2×2): 36 multiplications instead of 100; see <see cref="WinogradPoints"/>.</summary>
internal readonly unsafe struct Winograd52 : IWinograd
{
    public static string Name => "winograd-f52";

    public static int Size => 5;

    public static int Taps => 2;

    public static int PatchSize => 6;

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
    public static void Output<V>(float* m, nint mStep, float* y, nint yStep)
        where V : struct, Simd.ILanes<V>
    {
        V m1 = V.Load(m + mStep), m2 = V.Load(m + (2 * mStep)), m3 = V.Load(m + (3 * mStep)), m4 = V.Load(m + (4 * mStep));
        V s = m1 + m2, t = m3 + m4, d = m1 - m2, e = m3 - m4;
        V.Store(V.Load(m) + s + t, y);
        V.Store(Mix(d, A, e, B), y + yStep);
        V.Store(Mix(s, A2, t, B2), y + (2 * yStep));
        V.Store(Mix(d, A3, e, B3), y + (3 * yStep));
        V.Store(V.Load(m + (5 * mStep)) + Mix(s, A4, t, B4), y + (4 * yStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gradient<V>(float* dy, nint dyStep, float* d, nint dStep)
        where V : struct, Simd.ILanes<V>
    {
        V y0 = V.Load(dy), y1 = V.Load(dy + dyStep), y2 = V.Load(dy + (2 * dyStep)), y3 = V.Load(dy + (3 * dyStep)), y4 = V.Load(dy + (4 * dyStep));
        V.Store(y0, d);
        V.Store(y4, d + (5 * dStep));
        V even = V.MultiplyAdd(V.MultiplyAdd(y4, V.Broadcast(A2), y2), V.Broadcast(A2), y0);
        V odd = V.MultiplyAdd(y3, V.Broadcast(A2), y1);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(A), even), d + dStep);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-A), even), d + (2 * dStep));
        even = V.MultiplyAdd(V.MultiplyAdd(y4, V.Broadcast(B2), y2), V.Broadcast(B2), y0);
        odd = V.MultiplyAdd(y3, V.Broadcast(B2), y1);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(B), even), d + (3 * dStep));
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-B), even), d + (4 * dStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FilterGradient<V>(float* du, nint duStep, float* dg, nint dgStep)
        where V : struct, Simd.ILanes<V>
    {
        V u1 = V.Load(du + duStep), u2 = V.Load(du + (2 * duStep)), u3 = V.Load(du + (3 * duStep)), u4 = V.Load(du + (4 * duStep));
        V.Store(V.MultiplyAdd(V.Load(du), V.Broadcast(Zero), Mix(u1 + u2, ScaleA, u3 + u4, ScaleB)), dg);
        V.Store(V.Load(du + (5 * duStep)) + Mix(u1 - u2, ScaleA1, u3 - u4, ScaleB1), dg + dgStep);
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
}
