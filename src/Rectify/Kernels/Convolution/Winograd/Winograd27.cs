using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>F(2×2, 7×7) with the points 0, ±½, ±1, ±2 and ∞: 64 multiplications instead of 196. Forward alone: dense testing's first fully connected layer.</summary>
/// <remarks>
/// For the points ±p, with q and s the other two, e₀ = q²s², e₁ = −(q²+s²), N = 2p²(p²−q²)(p²−s²); and S₁ = ¼+1+4, S₂ = ¼+1+4, S₃ = 1, the elementary symmetric
/// functions of the squares; for a row of each matrix of <see cref="IWinograd"/>:
/// <code>
/// Bᵀd: v₀ = −S₃d₀ + S₂d₂ − S₁d₄ + d₆                                       Gg: u₀ = −g₀/S₃
///      v± = (e₀d₂ + e₁d₄ + d₆) ± p(e₀d₁ + e₁d₃ + d₅)                            u± = ((g₀ + p²g₂ + p⁴g₄ + p⁶g₆) ± p(g₁ + p²g₃ + p⁴g₅))/N
///      v₇ = −S₃d₁ + S₂d₃ − S₁d₅ + d₇                                       u₇ = g₆
/// Aᵀm: y₀ = m₀ + Σ(m₊ + m₋), y₁ = Σ p(m₊ − m₋) + m₇
/// </code>
/// The points are the best of a search over multiples of ⅛. All constants of Bᵀ and Aᵀ are exact in float32.
/// </remarks>
internal readonly unsafe struct Winograd27 : IWinograd
{
    private const float A = 0.5f, B = 1f, C = 2f;
    private const float A2 = A * A, B2 = B * B, C2 = C * C;
    private const float S1 = A2 + B2 + C2, S2 = (A2 * B2) + (A2 * C2) + (B2 * C2), S3 = A2 * B2 * C2;
    private const float Na = 2 * A2 * (A2 - B2) * (A2 - C2), Nb = 2 * B2 * (B2 - A2) * (B2 - C2), Nc = 2 * C2 * (C2 - A2) * (C2 - B2);

    private const int Points = 8;
    private const int Block = MapShape.ChannelBlock;
    private const int Row = 2 * Block;

    public static string Name => "winograd-f27";

    public static int Size => 2;

    public static int Taps => 7;

    public static int PatchSize => Points;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Patch<V>(float* d, nint row, nint column, float* v, nint point)
        where V : struct, ILanes<V>
    {
        OuterRow<V>(d, row, column, v, point);
        PairOfRows<V>(d + row, row, column, A, B2, C2, v + (Points * point), point);
        PairOfRows<V>(d + row, row, column, B, A2, C2, v + (3 * Points * point), point);
        PairOfRows<V>(d + row, row, column, C, A2, B2, v + (5 * Points * point), point);
        OuterRow<V>(d + row, row, column, v + (7 * Points * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Filter<V>(float* g, nint tap, float* u, nint point)
        where V : struct, ILanes<V>
    {
        // Down each column of taps, to rows of seven numbers that lie in u until their row is transformed in place: its eighth place is free.
        for (int column = 0; column < 7; column++)
        {
            PutPoints<V>(g + (column * tap), 7 * tap, u + (column * point), Points * point);
        }

        for (int row = 0; row < Points; row++)
        {
            PutPoints<V>(u + (row * Points * point), point, u + (row * Points * point), point);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Output<V>(float* m, nint point, float* y)
        where V : struct, ILanes<V>
    {
        nint row = Points * point;
        Row8<V> sum = Row8<V>.Load(m, point), difference = Row8<V>.Load(m + (7 * row), point);
        AddPair(m + row, row, point, A, ref sum, ref difference);
        AddPair(m + (3 * row), row, point, B, ref sum, ref difference);
        AddPair(m + (5 * row), row, point, C, ref sum, ref difference);
        PutOutputs(sum, y);
        PutOutputs(difference, y + Row);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddPair<V>(float* m, nint row, nint point, float p, ref Row8<V> sum, ref Row8<V> difference)
        where V : struct, ILanes<V>
    {
        Row8<V> plus = Row8<V>.Load(m, point), minus = Row8<V>.Load(m + row, point);
        sum += plus + minus;
        difference = Row8<V>.MultiplyAdd(plus - minus, p, difference);
    }

    // Point 0; ∞ is the same of the numbers one further on.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OuterRow<V>(float* d, nint row, nint column, float* v, nint point)
        where V : struct, ILanes<V>
    {
        Row8<V> t = Row8<V>.MultiplyAdd(Row8<V>.Load(d + (4 * row), column), -S1, Row8<V>.Load(d + (6 * row), column));
        t = Row8<V>.MultiplyAdd(Row8<V>.Load(d + (2 * row), column), S2, t);
        PutPatch(Row8<V>.MultiplyAdd(Row8<V>.Load(d, column), -S3, t), v, point);
    }

    // Points ±p, from the second row on: two rows of the result.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void PairOfRows<V>(float* d, nint row, nint column, float p, float q2, float s2, float* v, nint point)
        where V : struct, ILanes<V>
    {
        Row8<V> odd = ThreeRows<V>(d, row, column, q2, s2), even = ThreeRows<V>(d + row, row, column, q2, s2);
        PutPatch(Row8<V>.MultiplyAdd(odd, p, even), v, point);
        PutPatch(Row8<V>.MultiplyAdd(odd, -p, even), v + (Points * point), point);
    }

    // e₀d₀ + e₁d₂ + d₄.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Row8<V> ThreeRows<V>(float* d, nint row, nint column, float q2, float s2)
        where V : struct, ILanes<V> => Row8<V>.MultiplyAdd(
            Row8<V>.Load(d, column), q2 * s2, Row8<V>.MultiplyAdd(Row8<V>.Load(d + (2 * row), column), -(q2 + s2), Row8<V>.Load(d + (4 * row), column)));

    // Along a row: eight numbers to eight points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutPatch<V>(Row8<V> t, float* v, nint point)
        where V : struct, ILanes<V>
    {
        V.Store(Outer(t.V0, t.V2, t.V4, t.V6), v);
        PutPair(Three(t.V1, t.V3, t.V5, B2, C2), Three(t.V2, t.V4, t.V6, B2, C2), A, v + point, point);
        PutPair(Three(t.V1, t.V3, t.V5, A2, C2), Three(t.V2, t.V4, t.V6, A2, C2), B, v + (3 * point), point);
        PutPair(Three(t.V1, t.V3, t.V5, A2, B2), Three(t.V2, t.V4, t.V6, A2, B2), C, v + (5 * point), point);
        V.Store(Outer(t.V1, t.V3, t.V5, t.V7), v + (7 * point));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Outer<V>(V d0, V d2, V d4, V d6)
        where V : struct, ILanes<V> =>
        V.MultiplyAdd(d0, V.Broadcast(-S3), V.MultiplyAdd(d2, V.Broadcast(S2), V.MultiplyAdd(d4, V.Broadcast(-S1), d6)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Three<V>(V d0, V d2, V d4, float q2, float s2)
        where V : struct, ILanes<V> => V.MultiplyAdd(d0, V.Broadcast(q2 * s2), V.MultiplyAdd(d2, V.Broadcast(-(q2 + s2)), d4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutPair<V>(V odd, V even, float p, float* v, nint point)
        where V : struct, ILanes<V>
    {
        V.Store(V.MultiplyAdd(odd, V.Broadcast(p), even), v);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-p), even), v + point);
    }

    // Seven taps to eight points; all are read before one is written.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutPoints<V>(float* g, nint tap, float* u, nint point)
        where V : struct, ILanes<V>
    {
        V g0 = V.Load(g), g1 = V.Load(g + tap), g2 = V.Load(g + (2 * tap)), g3 = V.Load(g + (3 * tap));
        V g4 = V.Load(g + (4 * tap)), g5 = V.Load(g + (5 * tap)), g6 = V.Load(g + (6 * tap));
        V.Store(g0 * V.Broadcast(-1 / S3), u);
        PutFilterPair(g0, g1, g2, g3, g4, g5, g6, A, 1 / Na, u + point, point);
        PutFilterPair(g0, g1, g2, g3, g4, g5, g6, B, 1 / Nb, u + (3 * point), point);
        PutFilterPair(g0, g1, g2, g3, g4, g5, g6, C, 1 / Nc, u + (5 * point), point);
        V.Store(g6, u + (7 * point));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutFilterPair<V>(V g0, V g1, V g2, V g3, V g4, V g5, V g6, float p, float scale, float* u, nint point)
        where V : struct, ILanes<V>
    {
        float p2 = p * p;
        V square = V.Broadcast(p2);
        V even = V.MultiplyAdd(V.MultiplyAdd(V.MultiplyAdd(g6, square, g4), square, g2), square, g0) * V.Broadcast(scale);
        V odd = V.MultiplyAdd(V.MultiplyAdd(g5, square, g3), square, g1) * V.Broadcast(p * scale);
        V.Store(even + odd, u);
        V.Store(even - odd, u + point);
    }

    // Along a row: eight points to two outputs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutOutputs<V>(Row8<V> m, float* y)
        where V : struct, ILanes<V>
    {
        V.Store(m.V0 + (m.V1 + m.V2) + ((m.V3 + m.V4) + (m.V5 + m.V6)), y);
        V.Store(V.MultiplyAdd(m.V1 - m.V2, V.Broadcast(A), V.MultiplyAdd(m.V5 - m.V6, V.Broadcast(C), m.V3 - m.V4)) + m.V7, y + Block);
    }
}
