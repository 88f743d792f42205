using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>F(5×5, 3×3) with the points ±a, ±b, ±c and ∞: 49 multiplications instead of 225.</summary>
/// <remarks>
/// With p each of a, b, c, and q, r the two others, Nₚ = 2p(p²−q²)(p²−r²), and S₁ = a²+b²+c², S₂ = a²b²+a²c²+b²c², S₃ = a²b²c²; for a row of each
/// matrix of <see cref="IWinograd"/>:
/// <code>
/// Bᵀd: v₊,₋ = (d₅ − (q²+r²)d₃ + q²r²d₁) ± p(d₄ − (q²+r²)d₂ + q²r²d₀)      Gg: u₊,₋ = (p·g₁ ± (g₀ + p²g₂))/Nₚ
///      v₆ = d₆ − S₁d₄ + S₂d₂ − S₃d₀                                            u₆ = g₂
/// Aᵀm: yₖ = Σₚ pᵏ(m₊ + (−1)ᵏm₋), and m₆ more for k = 4
/// </code>
/// The points are the best of a search among eighths and sixteenths, and err twice as much as those of F(4×4, 3×3). All constants of Bᵀ and Aᵀ are exact in float32.
/// </remarks>
internal readonly unsafe partial struct Winograd53 : IWinogradGradients
{
    private const float A = 0.3125f, A2 = A * A, A3 = A2 * A, A4 = A2 * A2;
    private const float B = 0.8125f, B2 = B * B, B3 = B2 * B, B4 = B2 * B2;
    private const float C = 1.75f, C2 = C * C, C3 = C2 * C, C4 = C2 * C2;

    // The elementary symmetric functions of the squares.
    private const float S1 = A2 + B2 + C2, S2 = (A2 * B2) + (A2 * C2) + (B2 * C2), S3 = A2 * B2 * C2;

    // 1, p and p² by Nₚ.
    private const double Na = 2.0 * A * (A2 - B2) * (A2 - C2), Nb = 2.0 * B * (B2 - A2) * (B2 - C2), Nc = 2.0 * C * (C2 - A2) * (C2 - B2);
    private const float ScaleA = (float)(1.0 / Na), ScaleA1 = (float)(A / Na), ScaleA2 = (float)(A2 / Na);
    private const float ScaleB = (float)(1.0 / Nb), ScaleB1 = (float)(B / Nb), ScaleB2 = (float)(B2 / Nb);
    private const float ScaleC = (float)(1.0 / Nc), ScaleC1 = (float)(C / Nc), ScaleC2 = (float)(C2 / Nc);

    private const int Block = MapShape.ChannelBlock;
    private const int Row = 5 * Block;

    public static string Name => "winograd-f53";

    public static int Size => 5;

    public static int Taps => 3;

    public static int PatchSize => 7;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Patch<V>(float* d, nint row, nint column, float* v, nint point)
        where V : struct, ILanes<V>
    {
        FirstRows<V>(d, row, column, A, B2, C2, v, point);
        FirstRows<V>(d, row, column, B, A2, C2, v + (14 * point), point);
        FirstRows<V>(d, row, column, C, A2, B2, v + (28 * point), point);
        LastRow<V>(d, row, column, v + (42 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Filter<V>(float* g, nint tap, float* u, nint point)
        where V : struct, ILanes<V>
    {
        FirstFilter<V>(g, tap, ScaleA, ScaleA1, ScaleA2, u, point);
        FirstFilter<V>(g, tap, ScaleB, ScaleB1, ScaleB2, u + (14 * point), point);
        FirstFilter<V>(g, tap, ScaleC, ScaleC1, ScaleC2, u + (28 * point), point);
        PutFilter(V.Load(g + (6 * tap)), V.Load(g + (7 * tap)), V.Load(g + (8 * tap)), u + (42 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<V>(float* m, nint point, float* y)
        where V : struct, ILanes<V>
    {
        EvenOutputs<V>(m, point, y);
        OddOutputs<V>(m, point, y);
        LastOutputs<V>(m, point, y);
    }

    // Points ±p, with the squares of the two other pairs: two rows of the result.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FirstRows<V>(float* d, nint row, nint column, float p, float q2, float r2, float* v, nint point)
        where V : struct, ILanes<V>
    {
        Row7<V> even = Three<V>(d, row, column, q2 * r2, -(q2 + r2)), odd = Three<V>(d + row, row, column, q2 * r2, -(q2 + r2));
        PutPatch(Row7<V>.MultiplyAdd(even, p, odd), v, point);
        PutPatch(Row7<V>.MultiplyAdd(even, -p, odd), v + (7 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void LastRow<V>(float* d, nint row, nint column, float* v, nint point)
        where V : struct, ILanes<V>
    {
        Row7<V> high = Row7<V>.MultiplyAdd(Row7<V>.Load(d + (4 * row), column), -S1, Row7<V>.Load(d + (6 * row), column));
        Row7<V> low = Row7<V>.MultiplyAdd(Row7<V>.Load(d + (2 * row), column), S2, high);
        PutPatch(Row7<V>.MultiplyAdd(Row7<V>.Load(d, column), -S3, low), v, point);
    }

    // d₀·low + d₂·middle + d₄.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Row7<V> Three<V>(float* d, nint row, nint column, float low, float middle)
        where V : struct, ILanes<V> => Row7<V>.MultiplyAdd(
            Row7<V>.Load(d, column), low, Row7<V>.MultiplyAdd(Row7<V>.Load(d + (2 * row), column), middle, Row7<V>.Load(d + (4 * row), column)));

    // Along a row: seven numbers to seven points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutPatch<V>(Row7<V> t, float* v, nint point)
        where V : struct, ILanes<V>
    {
        PutPair(t, A, B2, C2, v, point);
        PutPair(t, B, A2, C2, v + (2 * point), point);
        PutPair(t, C, A2, B2, v + (4 * point), point);
        V high = V.MultiplyAdd(t.V4, V.Broadcast(-S1), t.V6);
        V low = V.MultiplyAdd(t.V2, V.Broadcast(S2), high);
        V.Store(V.MultiplyAdd(t.V0, V.Broadcast(-S3), low), v + (6 * point));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutPair<V>(Row7<V> t, float p, float q2, float r2, float* v, nint point)
        where V : struct, ILanes<V>
    {
        V low = V.Broadcast(q2 * r2), middle = V.Broadcast(-(q2 + r2));
        V even = V.MultiplyAdd(t.V0, low, V.MultiplyAdd(t.V2, middle, t.V4)), odd = V.MultiplyAdd(t.V1, low, V.MultiplyAdd(t.V3, middle, t.V5));
        V.Store(V.MultiplyAdd(even, V.Broadcast(p), odd), v);
        V.Store(V.MultiplyAdd(even, V.Broadcast(-p), odd), v + point);
    }

    // 1, p and p² by N of the points ±p: two rows of the result.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FirstFilter<V>(float* g, nint tap, float scale, float scale1, float scale2, float* u, nint point)
        where V : struct, ILanes<V>
    {
        V e0 = Even<V>(g, tap, scale, scale2), o0 = V.Load(g + (3 * tap)) * V.Broadcast(scale1);
        V e1 = Even<V>(g + tap, tap, scale, scale2), o1 = V.Load(g + (4 * tap)) * V.Broadcast(scale1);
        V e2 = Even<V>(g + (2 * tap), tap, scale, scale2), o2 = V.Load(g + (5 * tap)) * V.Broadcast(scale1);
        PutFilter(o0 + e0, o1 + e1, o2 + e2, u, point);
        PutFilter(o0 - e0, o1 - e1, o2 - e2, u + (7 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Even<V>(float* g, nint tap, float scale, float scale2)
        where V : struct, ILanes<V> => V.MultiplyAdd(V.Load(g), V.Broadcast(scale), V.Load(g + (6 * tap)) * V.Broadcast(scale2));

    // Along a row: three taps to seven points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutFilter<V>(V t0, V t1, V t2, float* u, nint point)
        where V : struct, ILanes<V>
    {
        PutFilterPair(t0, t1, t2, ScaleA, ScaleA1, ScaleA2, u, point);
        PutFilterPair(t0, t1, t2, ScaleB, ScaleB1, ScaleB2, u + (2 * point), point);
        PutFilterPair(t0, t1, t2, ScaleC, ScaleC1, ScaleC2, u + (4 * point), point);
        V.Store(t2, u + (6 * point));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutFilterPair<V>(V t0, V t1, V t2, float scale, float scale1, float scale2, float* u, nint point)
        where V : struct, ILanes<V>
    {
        V even = V.MultiplyAdd(t0, V.Broadcast(scale), t2 * V.Broadcast(scale2)), odd = t1 * V.Broadcast(scale1);
        V.Store(odd + even, u);
        V.Store(odd - even, u + point);
    }

    // Down the columns, then along rows 0 and 2.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void EvenOutputs<V>(float* m, nint point, float* y)
        where V : struct, ILanes<V>
    {
        Row7<V> s = Sum<V>(m, point), t = Sum<V>(m + (14 * point), point), u = Sum<V>(m + (28 * point), point);
        PutOutputs(s + t + u, y);
        PutOutputs(Mix(s, A2, t, B2, u, C2), y + (2 * Row));
    }

    // Row 4.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void LastOutputs<V>(float* m, nint point, float* y)
        where V : struct, ILanes<V> => PutOutputs(
            Row7<V>.Load(m + (42 * point), point) + Mix(Sum<V>(m, point), A4, Sum<V>(m + (14 * point), point), B4, Sum<V>(m + (28 * point), point), C4), y + (4 * Row));

    // Rows 1 and 3.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OddOutputs<V>(float* m, nint point, float* y)
        where V : struct, ILanes<V>
    {
        Row7<V> s = Difference<V>(m, point), t = Difference<V>(m + (14 * point), point), u = Difference<V>(m + (28 * point), point);
        PutOutputs(Mix(s, A, t, B, u, C), y + Row);
        PutOutputs(Mix(s, A3, t, B3, u, C3), y + (3 * Row));
    }

    // Along a row: seven points to five outputs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutOutputs<V>(Row7<V> m, float* y)
        where V : struct, ILanes<V>
    {
        V s = m.V0 + m.V1, t = m.V2 + m.V3, u = m.V4 + m.V5;
        V.Store(s + t + u, y);
        V.Store(Mix(s, A2, t, B2, u, C2), y + (2 * Block));
        V.Store(m.V6 + Mix(s, A4, t, B4, u, C4), y + (4 * Block));
        (s, t, u) = (m.V0 - m.V1, m.V2 - m.V3, m.V4 - m.V5);
        V.Store(Mix(s, A, t, B, u, C), y + Block);
        V.Store(Mix(s, A3, t, B3, u, C3), y + (3 * Block));
    }

    // The points p and −p of a pair.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Row7<V> Sum<V>(float* m, nint point)
        where V : struct, ILanes<V> => Row7<V>.Load(m, point) + Row7<V>.Load(m + (7 * point), point);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Row7<V> Difference<V>(float* m, nint point)
        where V : struct, ILanes<V> => Row7<V>.Load(m, point) - Row7<V>.Load(m + (7 * point), point);

    // s·a + t·b + u·c.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Row7<V> Mix<V>(Row7<V> s, float a, Row7<V> t, float b, Row7<V> u, float c)
        where V : struct, ILanes<V> => Row7<V>.MultiplyAdd(s, a, Row7<V>.MultiplyAdd(t, b, u * c));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Mix<V>(V s, float a, V t, float b, V u, float c)
        where V : struct, ILanes<V> => V.MultiplyAdd(s, V.Broadcast(a), V.MultiplyAdd(t, V.Broadcast(b), u * V.Broadcast(c)));
}
