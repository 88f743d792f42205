using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>The six points 0, ±a, ±b and ∞ of F(4×4, 3×3) and F(5×5, 2×2).</summary>
/// <remarks>
/// With N₀ = a²b², Nₐ = 2a²(a²−b²), N_b = 2b²(b²−a²), for a row of each matrix:
/// <code>
/// Bᵀd: v₀ = a²b²d₀ − (a²+b²)d₂ + d₄           Gg: u₀ = g₀/N₀
///      v₁,₂ = (d₄ − b²d₂) ± a(d₃ − b²d₁)          u₁,₂ = (g₀ ± a·g₁ + a²g₂)/Nₐ
///      v₃,₄ = (d₄ − a²d₂) ± b(d₃ − a²d₁)          u₃,₄ = (g₀ ± b·g₁ + b²g₂)/N_b
///      v₅ = a²b²d₁ − (a²+b²)d₃ + d₅               u₅ = the last tap
/// Aᵀm: yₖ = aᵏ(m₁ + (−1)ᵏm₂) + bᵏ(m₃ + (−1)ᵏm₄), and m₀ more for k = 0, m₅ more for the last
/// </code>
/// The points are the best of a search: with 1 and 2, the customary ones, errors are twice as large. All constants of Bᵀ and Aᵀ are exact in float32.
/// </remarks>
internal static unsafe class WinogradPoints
{
    /// <summary>a.</summary>
    public const float A = 0.625f;

    /// <summary>b.</summary>
    public const float B = 1.5f;

    /// <summary>a².</summary>
    public const float A2 = A * A;

    /// <summary>b².</summary>
    public const float B2 = B * B;

    /// <summary>a³.</summary>
    public const float A3 = A * A * A;

    /// <summary>b³.</summary>
    public const float B3 = B * B * B;

    /// <summary>a⁴.</summary>
    public const float A4 = A2 * A2;

    /// <summary>b⁴.</summary>
    public const float B4 = B2 * B2;

    /// <summary>a²b².</summary>
    public const float A2B2 = A2 * B2;

    /// <summary>a² + b².</summary>
    public const float Sum2 = A2 + B2;

    /// <summary>1/N₀.</summary>
    public const float Zero = (float)(1.0 / (0.625 * 0.625 * 1.5 * 1.5));

    /// <summary>1/Nₐ.</summary>
    public const float ScaleA = (float)NearA;

    /// <summary>a/Nₐ.</summary>
    public const float ScaleA1 = (float)(0.625 * NearA);

    /// <summary>a²/Nₐ.</summary>
    public const float ScaleA2 = (float)(0.625 * 0.625 * NearA);

    /// <summary>1/N_b.</summary>
    public const float ScaleB = (float)NearB;

    /// <summary>b/N_b.</summary>
    public const float ScaleB1 = (float)(1.5 * NearB);

    /// <summary>b²/N_b.</summary>
    public const float ScaleB2 = (float)(1.5 * 1.5 * NearB);

    private const double NearA = 1.0 / (2.0 * 0.625 * 0.625 * ((0.625 * 0.625) - (1.5 * 1.5)));
    private const double NearB = 1.0 / (2.0 * 1.5 * 1.5 * ((1.5 * 1.5) - (0.625 * 0.625)));

    /// <summary>s·a + t·b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Mix<V>(V s, float a, V t, float b)
        where V : struct, ILanes<V> => Mix(s, V.Broadcast(a), t, V.Broadcast(b));

    /// <summary>s·a + t·b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Mix<V>(V s, V a, V t, V b)
        where V : struct, ILanes<V> => V.MultiplyAdd(s, a, t * b);

    /// <summary>BᵀdB, which the points alone decide.</summary>
    /// <remarks>First down the columns, for one or two rows of the result at a time: twelve numbers live at once.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Patch<V>(float* d, nint row, nint column, float* v, nint point)
        where V : struct, ILanes<V>
    {
        OuterRow<V>(d, row, column, v, point);
        InnerRows<V>(d, row, column, A, B2, v + (6 * point), point);
        InnerRows<V>(d, row, column, B, A2, v + (18 * point), point);
        OuterRow<V>(d + row, row, column, v + (30 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OuterRow<V>(float* d, nint row, nint column, float* v, nint point)
        where V : struct, ILanes<V>
    {
        V t0 = Outer<V>(d, row);
        V t1 = Outer<V>(d + column, row);
        V t2 = Outer<V>(d + (2 * column), row);
        V t3 = Outer<V>(d + (3 * column), row);
        V t4 = Outer<V>(d + (4 * column), row);
        V t5 = Outer<V>(d + (5 * column), row);
        Put(t0, t1, t2, t3, t4, t5, v, point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Outer<V>(float* d, nint row)
        where V : struct, ILanes<V> => Outer(V.Load(d), V.Load(d + (2 * row)), V.Load(d + (4 * row)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Outer<V>(V d0, V d2, V d4)
        where V : struct, ILanes<V> =>
        V.MultiplyAdd(d0, V.Broadcast(A2B2), V.MultiplyAdd(d2, V.Broadcast(-Sum2), d4));

    // Points ±p, with q² of the other pair.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void InnerRows<V>(float* d, nint row, nint column, float p, float q2, float* v, nint point)
        where V : struct, ILanes<V>
    {
        V e0 = Even<V>(d, row, q2), o0 = Odd<V>(d, row, q2);
        V e1 = Even<V>(d + column, row, q2), o1 = Odd<V>(d + column, row, q2);
        V e2 = Even<V>(d + (2 * column), row, q2), o2 = Odd<V>(d + (2 * column), row, q2);
        V e3 = Even<V>(d + (3 * column), row, q2), o3 = Odd<V>(d + (3 * column), row, q2);
        V e4 = Even<V>(d + (4 * column), row, q2), o4 = Odd<V>(d + (4 * column), row, q2);
        V e5 = Even<V>(d + (5 * column), row, q2), o5 = Odd<V>(d + (5 * column), row, q2);
        V plus = V.Broadcast(p);
        V minus = V.Broadcast(-p);
        Put(
            V.MultiplyAdd(o0, plus, e0), V.MultiplyAdd(o1, plus, e1), V.MultiplyAdd(o2, plus, e2),
            V.MultiplyAdd(o3, plus, e3), V.MultiplyAdd(o4, plus, e4), V.MultiplyAdd(o5, plus, e5), v, point);
        Put(
            V.MultiplyAdd(o0, minus, e0), V.MultiplyAdd(o1, minus, e1), V.MultiplyAdd(o2, minus, e2),
            V.MultiplyAdd(o3, minus, e3), V.MultiplyAdd(o4, minus, e4), V.MultiplyAdd(o5, minus, e5), v + (6 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Even<V>(float* d, nint row, float q2)
        where V : struct, ILanes<V> => V.MultiplyAdd(V.Load(d + (2 * row)), V.Broadcast(-q2), V.Load(d + (4 * row)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Odd<V>(float* d, nint row, float q2)
        where V : struct, ILanes<V> => V.MultiplyAdd(V.Load(d + row), V.Broadcast(-q2), V.Load(d + (3 * row)));

    // Along a row: six numbers to six points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<V>(V t0, V t1, V t2, V t3, V t4, V t5, float* v, nint point)
        where V : struct, ILanes<V>
    {
        V.Store(Outer(t0, t2, t4), v);
        V.Store(Outer(t1, t3, t5), v + (5 * point));
        V even = V.MultiplyAdd(t2, V.Broadcast(-B2), t4);
        V odd = V.MultiplyAdd(t1, V.Broadcast(-B2), t3);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(A), even), v + point);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-A), even), v + (2 * point));
        even = V.MultiplyAdd(t2, V.Broadcast(-A2), t4);
        odd = V.MultiplyAdd(t1, V.Broadcast(-A2), t3);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(B), even), v + (3 * point));
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-B), even), v + (4 * point));
    }
}
