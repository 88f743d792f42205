using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>F(4×4, 2×2) with the points ±a, ±b and ∞: 25 multiplications instead of 64.</summary>
/// <remarks>
/// With Nₐ = 2a(a²−b²), N_b = 2b(b²−a²), for a row of each matrix of <see cref="IWinograd"/>:
/// <code>
/// Bᵀd: v₀,₁ = (d₃ − b²d₁) ± a(d₂ − b²d₀)      Gg: u₀,₁ = (a·g₁ ± g₀)/Nₐ
///      v₂,₃ = (d₃ − a²d₁) ± b(d₂ − a²d₀)          u₂,₃ = (b·g₁ ± g₀)/N_b
///      v₄ = a²b²d₀ − (a²+b²)d₂ + d₄               u₄ = g₁
/// Aᵀm: yₖ = aᵏ(m₀ + (−1)ᵏm₁) + bᵏ(m₂ + (−1)ᵏm₃), and m₄ more for k = 3
/// </code>
/// Points without 0 come in pairs alone; of those searched these err least, half as much as 0, ±1, 2. All constants of Bᵀ and Aᵀ are exact in float32.
/// </remarks>
internal readonly unsafe partial struct Winograd42 : IWinogradGradients
{
    private const float A = 0.375f, A2 = A * A, A3 = A2 * A;
    private const float B = 1.25f, B2 = B * B, B3 = B2 * B;

    // 1 and a by Nₐ, 1 and b by N_b.
    private const double Na = 2.0 * A * (A2 - B2), Nb = 2.0 * B * (B2 - A2);
    private const float ScaleA = (float)(1.0 / Na), ScaleA1 = (float)(A / Na);
    private const float ScaleB = (float)(1.0 / Nb), ScaleB1 = (float)(B / Nb);

    private const int Block = MapShape.ChannelBlock;
    private const int Row = 4 * Block;

    public static string Name => "winograd-f42";

    public static int Size => 4;

    public static int Taps => 2;

    public static int PatchSize => 5;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Patch<V>(float* d, nint row, nint column, float* v, nint point)
        where V : struct, ILanes<V>
    {
        FirstRows<V>(d, row, column, A, B2, v, point);
        FirstRows<V>(d, row, column, B, A2, v + (10 * point), point);
        LastRow<V>(d, row, column, v + (20 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Filter<V>(float* g, nint tap, float* u, nint point)
        where V : struct, ILanes<V>
    {
        V g0 = V.Load(g), g1 = V.Load(g + tap), g2 = V.Load(g + (2 * tap)), g3 = V.Load(g + (3 * tap));
        FirstFilter(g0, g1, g2, g3, ScaleA, ScaleA1, u, point);
        FirstFilter(g0, g1, g2, g3, ScaleB, ScaleB1, u + (10 * point), point);
        PutFilter(g2, g3, u + (20 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<V>(float* m, nint point, float* y)
        where V : struct, ILanes<V>
    {
        EvenOutputs<V>(m, point, y);
        OddOutputs<V>(m, point, y);
    }

    // Points ±p, with q² of the other pair: two rows of the result.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FirstRows<V>(float* d, nint row, nint column, float p, float q2, float* v, nint point)
        where V : struct, ILanes<V>
    {
        Row5<V> even = Row5<V>.MultiplyAdd(Row5<V>.Load(d, column), -q2, Row5<V>.Load(d + (2 * row), column));
        Row5<V> odd = Row5<V>.MultiplyAdd(Row5<V>.Load(d + row, column), -q2, Row5<V>.Load(d + (3 * row), column));
        PutPatch(Row5<V>.MultiplyAdd(even, p, odd), v, point);
        PutPatch(Row5<V>.MultiplyAdd(even, -p, odd), v + (5 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void LastRow<V>(float* d, nint row, nint column, float* v, nint point)
        where V : struct, ILanes<V> => PutPatch(
            Row5<V>.MultiplyAdd(
                Row5<V>.Load(d, column), A2 * B2, Row5<V>.MultiplyAdd(Row5<V>.Load(d + (2 * row), column), -(A2 + B2), Row5<V>.Load(d + (4 * row), column))), v, point);

    // Along a row: five numbers to five points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutPatch<V>(Row5<V> t, float* v, nint point)
        where V : struct, ILanes<V>
    {
        V even = V.MultiplyAdd(t.V0, V.Broadcast(-B2), t.V2), odd = V.MultiplyAdd(t.V1, V.Broadcast(-B2), t.V3);
        V.Store(V.MultiplyAdd(even, V.Broadcast(A), odd), v);
        V.Store(V.MultiplyAdd(even, V.Broadcast(-A), odd), v + point);
        even = V.MultiplyAdd(t.V0, V.Broadcast(-A2), t.V2);
        odd = V.MultiplyAdd(t.V1, V.Broadcast(-A2), t.V3);
        V.Store(V.MultiplyAdd(even, V.Broadcast(B), odd), v + (2 * point));
        V.Store(V.MultiplyAdd(even, V.Broadcast(-B), odd), v + (3 * point));
        V.Store(V.MultiplyAdd(t.V0, V.Broadcast(A2 * B2), V.MultiplyAdd(t.V2, V.Broadcast(-(A2 + B2)), t.V4)), v + (4 * point));
    }

    // 1 and p by N of the points ±p: two rows of the result.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FirstFilter<V>(V g0, V g1, V g2, V g3, float scale, float scale1, float* u, nint point)
        where V : struct, ILanes<V>
    {
        V f = V.Broadcast(scale), f1 = V.Broadcast(scale1);
        PutFilter((g2 * f1) + (g0 * f), (g3 * f1) + (g1 * f), u, point);
        PutFilter((g2 * f1) - (g0 * f), (g3 * f1) - (g1 * f), u + (5 * point), point);
    }

    // Along a row: two taps to five points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutFilter<V>(V t0, V t1, float* u, nint point)
        where V : struct, ILanes<V>
    {
        V even = t0 * V.Broadcast(ScaleA), odd = t1 * V.Broadcast(ScaleA1);
        V.Store(odd + even, u);
        V.Store(odd - even, u + point);
        even = t0 * V.Broadcast(ScaleB);
        odd = t1 * V.Broadcast(ScaleB1);
        V.Store(odd + even, u + (2 * point));
        V.Store(odd - even, u + (3 * point));
        V.Store(t1, u + (4 * point));
    }

    // Down the columns, then along rows 0 and 2.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void EvenOutputs<V>(float* m, nint point, float* y)
        where V : struct, ILanes<V>
    {
        Row5<V> s = Sum<V>(m, point), t = Sum<V>(m + (10 * point), point);
        PutOutputs(s + t, y);
        PutOutputs(Row5<V>.Mix(s, A2, t, B2), y + (2 * Row));
    }

    // Rows 1 and 3.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OddOutputs<V>(float* m, nint point, float* y)
        where V : struct, ILanes<V>
    {
        Row5<V> s = Difference<V>(m, point), t = Difference<V>(m + (10 * point), point);
        PutOutputs(Row5<V>.Mix(s, A, t, B), y + Row);
        PutOutputs(Row5<V>.Load(m + (20 * point), point) + Row5<V>.Mix(s, A3, t, B3), y + (3 * Row));
    }

    // Along a row: five points to four outputs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutOutputs<V>(Row5<V> m, float* y)
        where V : struct, ILanes<V>
    {
        V s = m.V0 + m.V1, t = m.V2 + m.V3, d = m.V0 - m.V1, e = m.V2 - m.V3;
        V.Store(s + t, y);
        V.Store(Mix(d, A, e, B), y + Block);
        V.Store(Mix(s, A2, t, B2), y + (2 * Block));
        V.Store(m.V4 + Mix(d, A3, e, B3), y + (3 * Block));
    }

    // The points p and −p of a pair.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Row5<V> Sum<V>(float* m, nint point)
        where V : struct, ILanes<V> => Row5<V>.Load(m, point) + Row5<V>.Load(m + (5 * point), point);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Row5<V> Difference<V>(float* m, nint point)
        where V : struct, ILanes<V> => Row5<V>.Load(m, point) - Row5<V>.Load(m + (5 * point), point);

    // s·a + t·b.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Mix<V>(V s, float a, V t, float b)
        where V : struct, ILanes<V> => V.MultiplyAdd(s, V.Broadcast(a), t * V.Broadcast(b));
}
