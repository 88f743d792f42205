using System.Runtime.CompilerServices;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>F(4×4, 2×2) with the points ±a, ±b and ∞: 25 multiplications instead of 64.</summary>
/// <remarks>
/// With Nₐ = 2a(a²−b²), N_b = 2b(b²−a²), for a row of each matrix of <see cref="IWinograd"/>:
/// <code>
/// Bᵀd: v₀,₁ = a(d₂ − b²d₀) ± (d₃ − b²d₁)      Gg: u₀,₁ = (g₀ ± a·g₁)/Nₐ
///      v₂,₃ = b(d₂ − a²d₀) ± (d₃ − a²d₁)          u₂,₃ = (g₀ ± b·g₁)/N_b
///      v₄ = a²b²d₀ − (a²+b²)d₂ + d₄               u₄ = g₁
/// Aᵀm: yₖ = aᵏ(m₀ + (−1)ᵏm₁) + bᵏ(m₂ + (−1)ᵏm₃), and m₄ more for k = 3
/// </code>
/// Points without 0 come in pairs alone; of those searched these err least, half as much as 0, ±1, 2. All constants of Bᵀ and Aᵀ are exact in float32.
/// </remarks>
internal readonly unsafe struct Winograd42 : IWinograd
{
    /// <summary>a.</summary>
    public const float A = 0.375f;

    /// <summary>b.</summary>
    public const float B = 1.25f;

    /// <summary>a².</summary>
    public const float A2 = A * A;

    /// <summary>b².</summary>
    public const float B2 = B * B;

    /// <summary>a³.</summary>
    public const float A3 = A * A * A;

    /// <summary>b³.</summary>
    public const float B3 = B * B * B;

    /// <summary>1/Nₐ.</summary>
    public const float ScaleA = (float)NearA;

    /// <summary>a/Nₐ.</summary>
    public const float ScaleA1 = (float)(0.375 * NearA);

    /// <summary>1/N_b.</summary>
    public const float ScaleB = (float)NearB;

    /// <summary>b/N_b.</summary>
    public const float ScaleB1 = (float)(1.25 * NearB);

    private const double NearA = 1.0 / (2.0 * 0.375 * ((0.375 * 0.375) - (1.25 * 1.25)));
    private const double NearB = 1.0 / (2.0 * 1.25 * ((1.25 * 1.25) - (0.375 * 0.375)));

    public static string Name => "winograd-f42";

    public static int Size => 4;

    public static int Taps => 2;

    public static int PatchSize => 5;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Patch<V>(float* d, nint row, nint column, float* v, nint point)
        where V : struct, Simd.ILanes<V>
    {
        Rows<V>(d, row, column, A, B2, v, point);
        Rows<V>(d, row, column, B, A2, v + (10 * point), point);
        LastRow<V>(d, row, column, v + (20 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Filter<V>(float* g, nint tap, float* u, nint point)
        where V : struct, Simd.ILanes<V>
    {
        V g0 = V.Load(g), g1 = V.Load(g + tap), g2 = V.Load(g + (2 * tap)), g3 = V.Load(g + (3 * tap));
        Pair(g0, g1, g2, g3, ScaleA, ScaleA1, u, point);
        Pair(g0, g1, g2, g3, ScaleB, ScaleB1, u + (10 * point), point);
        PutTaps(g2, g3, u + (20 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<V>(float* m, nint mStep, float* y, nint yStep)
        where V : struct, Simd.ILanes<V>
    {
        V m0 = V.Load(m), m1 = V.Load(m + mStep), m2 = V.Load(m + (2 * mStep)), m3 = V.Load(m + (3 * mStep));
        V s = m0 + m1, t = m2 + m3, d = m0 - m1, e = m2 - m3;
        V.Store(s + t, y);
        V.Store(WinogradPoints.Mix(d, A, e, B), y + yStep);
        V.Store(WinogradPoints.Mix(s, A2, t, B2), y + (2 * yStep));
        V.Store(V.Load(m + (4 * mStep)) + WinogradPoints.Mix(d, A3, e, B3), y + (3 * yStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gradient<V>(float* dy, nint dyStep, float* d, nint dStep)
        where V : struct, Simd.ILanes<V>
    {
        V y0 = V.Load(dy), y1 = V.Load(dy + dyStep), y2 = V.Load(dy + (2 * dyStep)), y3 = V.Load(dy + (3 * dyStep));
        V even = V.MultiplyAdd(y2, V.Broadcast(A2), y0), odd = V.MultiplyAdd(y3, V.Broadcast(A2), y1);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(A), even), d);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-A), even), d + dStep);
        even = V.MultiplyAdd(y2, V.Broadcast(B2), y0);
        odd = V.MultiplyAdd(y3, V.Broadcast(B2), y1);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(B), even), d + (2 * dStep));
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-B), even), d + (3 * dStep));
        V.Store(y3, d + (4 * dStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FilterGradient<V>(float* du, nint duStep, float* dg, nint dgStep)
        where V : struct, Simd.ILanes<V>
    {
        V u0 = V.Load(du), u1 = V.Load(du + duStep), u2 = V.Load(du + (2 * duStep)), u3 = V.Load(du + (3 * duStep));
        V.Store(WinogradPoints.Mix(u0 + u1, ScaleA, u2 + u3, ScaleB), dg);
        V.Store(V.Load(du + (4 * duStep)) + WinogradPoints.Mix(u0 - u1, ScaleA1, u2 - u3, ScaleB1), dg + dgStep);
    }

    // Points ±p, with q² of the other pair: two rows of the result.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows<V>(float* d, nint row, nint column, float p, float q2, float* v, nint point)
        where V : struct, Simd.ILanes<V>
    {
        V plus = V.Broadcast(p);
        V e0 = Half<V>(d, row, q2) * plus, o0 = Half<V>(d + row, row, q2);
        V e1 = Half<V>(d + column, row, q2) * plus, o1 = Half<V>(d + row + column, row, q2);
        V e2 = Half<V>(d + (2 * column), row, q2) * plus, o2 = Half<V>(d + row + (2 * column), row, q2);
        V e3 = Half<V>(d + (3 * column), row, q2) * plus, o3 = Half<V>(d + row + (3 * column), row, q2);
        V e4 = Half<V>(d + (4 * column), row, q2) * plus, o4 = Half<V>(d + row + (4 * column), row, q2);
        Put(e0 + o0, e1 + o1, e2 + o2, e3 + o3, e4 + o4, v, point);
        Put(e0 - o0, e1 - o1, e2 - o2, e3 - o3, e4 - o4, v + (5 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Half<V>(float* d, nint row, float q2)
        where V : struct, Simd.ILanes<V> => V.MultiplyAdd(V.Load(d), V.Broadcast(-q2), V.Load(d + (2 * row)));

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void LastRow<V>(float* d, nint row, nint column, float* v, nint point)
        where V : struct, Simd.ILanes<V> => Put(
            Last<V>(d, row), Last<V>(d + column, row), Last<V>(d + (2 * column), row), Last<V>(d + (3 * column), row), Last<V>(d + (4 * column), row), v, point);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Last<V>(float* d, nint row)
        where V : struct, Simd.ILanes<V> => Last(V.Load(d), V.Load(d + (2 * row)), V.Load(d + (4 * row)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Last<V>(V d0, V d2, V d4)
        where V : struct, Simd.ILanes<V> => V.MultiplyAdd(d0, V.Broadcast(A2 * B2), V.MultiplyAdd(d2, V.Broadcast(-(A2 + B2)), d4));

    // Along a row: five numbers to five points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<V>(V t0, V t1, V t2, V t3, V t4, float* v, nint point)
        where V : struct, Simd.ILanes<V>
    {
        V even = V.MultiplyAdd(t0, V.Broadcast(-B2), t2) * V.Broadcast(A), odd = V.MultiplyAdd(t1, V.Broadcast(-B2), t3);
        V.Store(even + odd, v);
        V.Store(even - odd, v + point);
        even = V.MultiplyAdd(t0, V.Broadcast(-A2), t2) * V.Broadcast(B);
        odd = V.MultiplyAdd(t1, V.Broadcast(-A2), t3);
        V.Store(even + odd, v + (2 * point));
        V.Store(even - odd, v + (3 * point));
        V.Store(Last(t0, t2, t4), v + (4 * point));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair<V>(V g0, V g1, V g2, V g3, float scale, float scale1, float* u, nint point)
        where V : struct, Simd.ILanes<V>
    {
        V e0 = g0 * V.Broadcast(scale), o0 = g2 * V.Broadcast(scale1);
        V e1 = g1 * V.Broadcast(scale), o1 = g3 * V.Broadcast(scale1);
        PutTaps(e0 + o0, e1 + o1, u, point);
        PutTaps(e0 - o0, e1 - o1, u + (5 * point), point);
    }

    // Along a row: two taps to five points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutTaps<V>(V t0, V t1, float* u, nint point)
        where V : struct, Simd.ILanes<V>
    {
        V even = t0 * V.Broadcast(ScaleA), odd = t1 * V.Broadcast(ScaleA1);
        V.Store(even + odd, u);
        V.Store(even - odd, u + point);
        even = t0 * V.Broadcast(ScaleB);
        odd = t1 * V.Broadcast(ScaleB1);
        V.Store(even + odd, u + (2 * point));
        V.Store(even - odd, u + (3 * point));
        V.Store(t1, u + (4 * point));
    }
}
