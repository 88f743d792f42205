using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>F(4×4, 3×3) with the points 0, ±a, ±b and ∞: 36 multiplications instead of 144.</summary>
/// <remarks>
/// With N₀ = a²b², Nₐ = 2a²(a²−b²), N_b = 2b²(b²−a²), for a row of each matrix of <see cref="IWinograd"/>:
/// <code>
/// Bᵀd: v₀ = a²b²d₀ − (a²+b²)d₂ + d₄           Gg: u₀ = g₀/N₀
///      v₁,₂ = (d₄ − b²d₂) ± a(d₃ − b²d₁)          u₁,₂ = (g₀ ± a·g₁ + a²g₂)/Nₐ
///      v₃,₄ = (d₄ − a²d₂) ± b(d₃ − a²d₁)          u₃,₄ = (g₀ ± b·g₁ + b²g₂)/N_b
///      v₅ = a²b²d₁ − (a²+b²)d₃ + d₅               u₅ = g₂
/// Aᵀm: yₖ = aᵏ(m₁ + (−1)ᵏm₂) + bᵏ(m₃ + (−1)ᵏm₄), and m₀ more for k = 0, m₅ more for k = 3
/// </code>
/// The points are the best of a search: with 1 and 2, the customary ones, errors are twice as large. All constants of Bᵀ and Aᵀ are exact in float32.
/// </remarks>
internal readonly unsafe partial struct Winograd43 : IWinogradGradients
{
    private const float A = 0.625f, A2 = A * A, A3 = A2 * A;
    private const float B = 1.5f, B2 = B * B, B3 = B2 * B;

    // 1/N₀; 1, a and a² by Nₐ; 1, b and b² by N_b.
    private const float Zero = (float)(1.0 / (A2 * B2));
    private const double Na = 2.0 * A2 * (A2 - B2), Nb = 2.0 * B2 * (B2 - A2);
    private const float ScaleA = (float)(1.0 / Na), ScaleA1 = (float)(A / Na), ScaleA2 = (float)(A2 / Na);
    private const float ScaleB = (float)(1.0 / Nb), ScaleB1 = (float)(B / Nb), ScaleB2 = (float)(B2 / Nb);

    private const int Row = 4 * MapShape.ChannelBlock;

    public static string Name => "winograd-f43";

    public static int Size => 4;

    public static int Taps => 3;

    public static int PatchSize => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Patch<V>(float* d, nint row, nint column, float* v, nint point)
        where V : struct, ILanes<V>
    {
        OuterRow<V>(d, row, column, v, point);
        InnerRows<V>(d + row, row, column, A, B2, v + (6 * point), point);
        InnerRows<V>(d + row, row, column, B, A2, v + (18 * point), point);
        OuterRow<V>(d + row, row, column, v + (30 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Filter<V>(float* g, nint tap, float* u, nint point)
        where V : struct, ILanes<V>
    {
        V zero = V.Broadcast(Zero);
        PutFilter(V.Load(g) * zero, V.Load(g + tap) * zero, V.Load(g + (2 * tap)) * zero, u, point);
        PutFilter(V.Load(g + (6 * tap)), V.Load(g + (7 * tap)), V.Load(g + (8 * tap)), u + (30 * point), point);
        InnerFilter<V>(g, tap, ScaleA, ScaleA1, ScaleA2, u + (6 * point), point);
        InnerFilter<V>(g, tap, ScaleB, ScaleB1, ScaleB2, u + (18 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<V>(float* m, nint point, float* y)
        where V : struct, ILanes<V>
    {
        EvenOutputs<V>(m, point, y);
        OddOutputs<V>(m, point, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OuterRow<V>(float* d, nint row, nint column, float* v, nint point)
        where V : struct, ILanes<V> => PutPatch(
            Row6<V>.MultiplyAdd(
                Row6<V>.Load(d, column), A2 * B2, Row6<V>.MultiplyAdd(Row6<V>.Load(d + (2 * row), column), -(A2 + B2), Row6<V>.Load(d + (4 * row), column))), v, point);

    // Points ±p, with q² of the other pair, from the second row of pixels on: two rows of the result.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void InnerRows<V>(float* d, nint row, nint column, float p, float q2, float* v, nint point)
        where V : struct, ILanes<V>
    {
        Row6<V> odd = Row6<V>.MultiplyAdd(Row6<V>.Load(d, column), -q2, Row6<V>.Load(d + (2 * row), column));
        Row6<V> even = Row6<V>.MultiplyAdd(Row6<V>.Load(d + row, column), -q2, Row6<V>.Load(d + (3 * row), column));
        PutPatch(Row6<V>.MultiplyAdd(odd, p, even), v, point);
        PutPatch(Row6<V>.MultiplyAdd(odd, -p, even), v + (6 * point), point);
    }

    // Along a row: six numbers to six points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutPatch<V>(Row6<V> t, float* v, nint point)
        where V : struct, ILanes<V>
    {
        V outer = V.Broadcast(A2 * B2), sum = V.Broadcast(-(A2 + B2));
        V.Store(V.MultiplyAdd(t.V0, outer, V.MultiplyAdd(t.V2, sum, t.V4)), v);
        V.Store(V.MultiplyAdd(t.V1, outer, V.MultiplyAdd(t.V3, sum, t.V5)), v + (5 * point));
        V square = V.Broadcast(-B2);
        V even = V.MultiplyAdd(t.V2, square, t.V4), odd = V.MultiplyAdd(t.V1, square, t.V3);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(A), even), v + point);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-A), even), v + (2 * point));
        square = V.Broadcast(-A2);
        even = V.MultiplyAdd(t.V2, square, t.V4);
        odd = V.MultiplyAdd(t.V1, square, t.V3);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(B), even), v + (3 * point));
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-B), even), v + (4 * point));
    }

    // 1, p and p² by N of the points ±p.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InnerFilter<V>(float* g, nint tap, float scale, float scale1, float scale2, float* u, nint point)
        where V : struct, ILanes<V>
    {
        V e0 = Even<V>(g, tap, scale, scale2), o0 = V.Load(g + (3 * tap)) * V.Broadcast(scale1);
        V e1 = Even<V>(g + tap, tap, scale, scale2), o1 = V.Load(g + (4 * tap)) * V.Broadcast(scale1);
        V e2 = Even<V>(g + (2 * tap), tap, scale, scale2), o2 = V.Load(g + (5 * tap)) * V.Broadcast(scale1);
        PutFilter(e0 + o0, e1 + o1, e2 + o2, u, point);
        PutFilter(e0 - o0, e1 - o1, e2 - o2, u + (6 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Even<V>(float* g, nint tap, float scale, float scale2)
        where V : struct, ILanes<V> => V.MultiplyAdd(V.Load(g), V.Broadcast(scale), V.Load(g + (6 * tap)) * V.Broadcast(scale2));

    // Along a row: three taps to six points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutFilter<V>(V t0, V t1, V t2, float* u, nint point)
        where V : struct, ILanes<V>
    {
        V.Store(t0 * V.Broadcast(Zero), u);
        V.Store(t2, u + (5 * point));
        V even = V.MultiplyAdd(t0, V.Broadcast(ScaleA), t2 * V.Broadcast(ScaleA2)), odd = t1 * V.Broadcast(ScaleA1);
        V.Store(even + odd, u + point);
        V.Store(even - odd, u + (2 * point));
        even = V.MultiplyAdd(t0, V.Broadcast(ScaleB), t2 * V.Broadcast(ScaleB2));
        odd = t1 * V.Broadcast(ScaleB1);
        V.Store(even + odd, u + (3 * point));
        V.Store(even - odd, u + (4 * point));
    }

    // Down the columns, then along rows 0 and 2: twelve numbers live at once.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void EvenOutputs<V>(float* m, nint point, float* y)
        where V : struct, ILanes<V>
    {
        Row6<V> s = Sum<V>(m + (6 * point), point), t = Sum<V>(m + (18 * point), point);
        PutOutputs(Row6<V>.Load(m, point) + s + t, y);
        PutOutputs(Row6<V>.Mix(s, A2, t, B2), y + (2 * Row));
    }

    // Rows 1 and 3.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OddOutputs<V>(float* m, nint point, float* y)
        where V : struct, ILanes<V>
    {
        Row6<V> s = Difference<V>(m + (6 * point), point), t = Difference<V>(m + (18 * point), point);
        PutOutputs(Row6<V>.Mix(s, A, t, B), y + Row);
        PutOutputs(Row6<V>.Load(m + (30 * point), point) + Row6<V>.Mix(s, A3, t, B3), y + (3 * Row));
    }

    // Along a row: six points to four outputs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutOutputs<V>(Row6<V> m, float* y)
        where V : struct, ILanes<V>
    {
        V s = m.V1 + m.V2, t = m.V3 + m.V4, d = m.V1 - m.V2, e = m.V3 - m.V4;
        V.Store(m.V0 + s + t, y);
        V.Store(Mix(d, A, e, B), y + (Row / 4));
        V.Store(Mix(s, A2, t, B2), y + (2 * Row / 4));
        V.Store(m.V5 + Mix(d, A3, e, B3), y + (3 * Row / 4));
    }

    // The points p and −p of a pair.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Row6<V> Sum<V>(float* m, nint point)
        where V : struct, ILanes<V> => Row6<V>.Load(m, point) + Row6<V>.Load(m + (6 * point), point);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Row6<V> Difference<V>(float* m, nint point)
        where V : struct, ILanes<V> => Row6<V>.Load(m, point) - Row6<V>.Load(m + (6 * point), point);

    // s·a + t·b.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Mix<V>(V s, float a, V t, float b)
        where V : struct, ILanes<V> => V.MultiplyAdd(s, V.Broadcast(a), t * V.Broadcast(b));
}
