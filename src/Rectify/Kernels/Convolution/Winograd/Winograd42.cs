using System.Runtime.CompilerServices;
using Rectify.Tensors;

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

    private const int Block = MapShape.ChannelBlock;

    public static string Name => "winograd-f42";

    public static int Size => 4;

    public static int Taps => 2;

    public static int PatchSize => 5;

    private static int Row => Size * Block;

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
        InnerGradient<V>(dy, row, column, A, A2, d, point);
        InnerGradient<V>(dy, row, column, B, B2, d + (10 * point), point);
        LastGradient<V>(dy + (3 * row), column, d + (20 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FilterGradient<V>(float* du, nint point, float* dg, nint tap, bool accumulate)
        where V : struct, Simd.ILanes<V>
    {
        FirstTaps<V>(du, point, dg, tap, accumulate);
        LastTaps<V>(du, point, dg + (2 * tap), tap, accumulate);
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

    // Points ±p: two rows of the result.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void InnerGradient<V>(float* y, nint row, nint column, float p, float p2, float* d, nint point)
        where V : struct, Simd.ILanes<V>
    {
        V plus = V.Broadcast(p), square = V.Broadcast(p2);
        V e0 = HalfGradient(y, row, square), o0 = HalfGradient(y + row, row, square) * plus;
        V e1 = HalfGradient(y + column, row, square), o1 = HalfGradient(y + row + column, row, square) * plus;
        V e2 = HalfGradient(y + (2 * column), row, square), o2 = HalfGradient(y + row + (2 * column), row, square) * plus;
        V e3 = HalfGradient(y + (3 * column), row, square), o3 = HalfGradient(y + row + (3 * column), row, square) * plus;
        PutGradient(e0 + o0, e1 + o1, e2 + o2, e3 + o3, d, point);
        PutGradient(e0 - o0, e1 - o1, e2 - o2, e3 - o3, d + (5 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V HalfGradient<V>(float* y, nint row, V square)
        where V : struct, Simd.ILanes<V> => V.MultiplyAdd(V.Load(y + (2 * row)), square, V.Load(y));

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void LastGradient<V>(float* y, nint column, float* d, nint point)
        where V : struct, Simd.ILanes<V> => PutGradient(V.Load(y), V.Load(y + column), V.Load(y + (2 * column)), V.Load(y + (3 * column)), d, point);

    // Along a row: four gradients to five points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutGradient<V>(V t0, V t1, V t2, V t3, float* d, nint point)
        where V : struct, Simd.ILanes<V>
    {
        V even = V.MultiplyAdd(t2, V.Broadcast(A2), t0), odd = V.MultiplyAdd(t3, V.Broadcast(A2), t1);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(A), even), d);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-A), even), d + point);
        even = V.MultiplyAdd(t2, V.Broadcast(B2), t0);
        odd = V.MultiplyAdd(t3, V.Broadcast(B2), t1);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(B), even), d + (2 * point));
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-B), even), d + (3 * point));
        V.Store(t3, d + (4 * point));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FirstTaps<V>(float* u, nint point, float* g, nint tap, bool accumulate)
        where V : struct, Simd.ILanes<V> => PutGradient(
            First<V>(u, 5 * point), First<V>(u + point, 5 * point), First<V>(u + (2 * point), 5 * point),
            First<V>(u + (3 * point), 5 * point), First<V>(u + (4 * point), 5 * point), g, tap, accumulate);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void LastTaps<V>(float* u, nint point, float* g, nint tap, bool accumulate)
        where V : struct, Simd.ILanes<V> => PutGradient(
            Last<V>(u, 5 * point, V.Load(u + (20 * point))), Last<V>(u + point, 5 * point, V.Load(u + (21 * point))),
            Last<V>(u + (2 * point), 5 * point, V.Load(u + (22 * point))), Last<V>(u + (3 * point), 5 * point, V.Load(u + (23 * point))),
            Last<V>(u + (4 * point), 5 * point, V.Load(u + (24 * point))), g, tap, accumulate);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V First<V>(float* u, nint row)
        where V : struct, Simd.ILanes<V> =>
        WinogradPoints.Mix(V.Load(u) + V.Load(u + row), ScaleA, V.Load(u + (2 * row)) + V.Load(u + (3 * row)), ScaleB);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Last<V>(float* u, nint row, V last)
        where V : struct, Simd.ILanes<V> =>
        last + WinogradPoints.Mix(V.Load(u) - V.Load(u + row), ScaleA1, V.Load(u + (2 * row)) - V.Load(u + (3 * row)), ScaleB1);

    // Along a row: five points to two taps.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutGradient<V>(V u0, V u1, V u2, V u3, V u4, float* g, nint tap, bool accumulate)
        where V : struct, Simd.ILanes<V>
    {
        V g0 = WinogradPoints.Mix(u0 + u1, ScaleA, u2 + u3, ScaleB);
        V g1 = u4 + WinogradPoints.Mix(u0 - u1, ScaleA1, u2 - u3, ScaleB1);
        if (accumulate)
        {
            g0 = V.Load(g) + g0;
            g1 = V.Load(g + tap) + g1;
        }

        V.Store(g0, g);
        V.Store(g1, g + tap);
    }

    // Down the columns, then along rows 0 and 2.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void EvenOutputs<V>(float* m, nint point, float* y)
        where V : struct, Simd.ILanes<V>
    {
        V s0 = V.Load(m) + V.Load(m + (5 * point)), t0 = V.Load(m + (10 * point)) + V.Load(m + (15 * point));
        V s1 = V.Load(m + point) + V.Load(m + (6 * point)), t1 = V.Load(m + (11 * point)) + V.Load(m + (16 * point));
        V s2 = V.Load(m + (2 * point)) + V.Load(m + (7 * point)), t2 = V.Load(m + (12 * point)) + V.Load(m + (17 * point));
        V s3 = V.Load(m + (3 * point)) + V.Load(m + (8 * point)), t3 = V.Load(m + (13 * point)) + V.Load(m + (18 * point));
        V s4 = V.Load(m + (4 * point)) + V.Load(m + (9 * point)), t4 = V.Load(m + (14 * point)) + V.Load(m + (19 * point));
        V a = V.Broadcast(A2), b = V.Broadcast(B2);
        PutOutputs(s0 + t0, s1 + t1, s2 + t2, s3 + t3, s4 + t4, y);
        PutOutputs(WinogradPoints.Mix(s0, a, t0, b), WinogradPoints.Mix(s1, a, t1, b), WinogradPoints.Mix(s2, a, t2, b), WinogradPoints.Mix(s3, a, t3, b), WinogradPoints.Mix(s4, a, t4, b), y + (2 * Row));
    }

    // Rows 1 and 3.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OddOutputs<V>(float* m, nint point, float* y)
        where V : struct, Simd.ILanes<V>
    {
        V s0 = V.Load(m) - V.Load(m + (5 * point)), t0 = V.Load(m + (10 * point)) - V.Load(m + (15 * point));
        V s1 = V.Load(m + point) - V.Load(m + (6 * point)), t1 = V.Load(m + (11 * point)) - V.Load(m + (16 * point));
        V s2 = V.Load(m + (2 * point)) - V.Load(m + (7 * point)), t2 = V.Load(m + (12 * point)) - V.Load(m + (17 * point));
        V s3 = V.Load(m + (3 * point)) - V.Load(m + (8 * point)), t3 = V.Load(m + (13 * point)) - V.Load(m + (18 * point));
        V s4 = V.Load(m + (4 * point)) - V.Load(m + (9 * point)), t4 = V.Load(m + (14 * point)) - V.Load(m + (19 * point));
        V a = V.Broadcast(A), b = V.Broadcast(B);
        PutOutputs(WinogradPoints.Mix(s0, a, t0, b), WinogradPoints.Mix(s1, a, t1, b), WinogradPoints.Mix(s2, a, t2, b), WinogradPoints.Mix(s3, a, t3, b), WinogradPoints.Mix(s4, a, t4, b), y + Row);
        a = V.Broadcast(A3);
        b = V.Broadcast(B3);
        m += 20 * point;
        PutOutputs(
            V.Load(m) + WinogradPoints.Mix(s0, a, t0, b), V.Load(m + point) + WinogradPoints.Mix(s1, a, t1, b), V.Load(m + (2 * point)) + WinogradPoints.Mix(s2, a, t2, b),
            V.Load(m + (3 * point)) + WinogradPoints.Mix(s3, a, t3, b), V.Load(m + (4 * point)) + WinogradPoints.Mix(s4, a, t4, b), y + (3 * Row));
    }

    // Along a row: five points to four outputs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutOutputs<V>(V m0, V m1, V m2, V m3, V m4, float* y)
        where V : struct, Simd.ILanes<V>
    {
        V s = m0 + m1, t = m2 + m3, d = m0 - m1, e = m2 - m3;
        V.Store(s + t, y);
        V.Store(WinogradPoints.Mix(d, A, e, B), y + Block);
        V.Store(WinogradPoints.Mix(s, A2, t, B2), y + (2 * Block));
        V.Store(m4 + WinogradPoints.Mix(d, A3, e, B3), y + (3 * Block));
    }
}
