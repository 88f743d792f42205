using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>F(3×3, 2×2) with the points 0, ±1 and ∞: 16 multiplications instead of 36, and no constant but ½, so that it errs less than a sequential sum.</summary>
/// <remarks>
/// For a row of each matrix of <see cref="IWinograd"/>:
/// <code>
/// Bᵀd: v₀ = d₀ − d₂   v₁,₂ = d₂ ± d₁        v₃ = d₃ − d₁
/// Gg:  u₀ = g₀        u₁,₂ = (g₀ ± g₁)/2    u₃ = g₁
/// Aᵀm: y₀ = m₀ + m₁ + m₂   y₁ = m₁ − m₂   y₂ = m₁ + m₂ + m₃
/// </code>
/// </remarks>
internal readonly unsafe struct Winograd32 : IWinogradGradients
{
    private const int Block = MapShape.ChannelBlock;
    private const int Row = 3 * Block;

    public static string Name => "winograd-f32";

    public static int Size => 3;

    public static int Taps => 2;

    public static int PatchSize => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Patch<V>(float* d, nint row, nint column, float* v, nint point)
        where V : struct, ILanes<V>
    {
        Row4<V> d0 = Row4<V>.Load(d, column), d1 = Row4<V>.Load(d + row, column);
        Row4<V> d2 = Row4<V>.Load(d + (2 * row), column), d3 = Row4<V>.Load(d + (3 * row), column);
        PutPatch(d0 - d2, v, point);
        PutPatch(d2 + d1, v + (4 * point), point);
        PutPatch(d2 - d1, v + (8 * point), point);
        PutPatch(d3 - d1, v + (12 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Filter<V>(float* g, nint tap, float* u, nint point)
        where V : struct, ILanes<V>
    {
        V g0 = V.Load(g), g1 = V.Load(g + tap), g2 = V.Load(g + (2 * tap)), g3 = V.Load(g + (3 * tap)), half = V.Broadcast(0.5f);
        PutFilter(g0, g1, u, point);
        PutFilter((g0 + g2) * half, (g1 + g3) * half, u + (4 * point), point);
        PutFilter((g0 - g2) * half, (g1 - g3) * half, u + (8 * point), point);
        PutFilter(g2, g3, u + (12 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<V>(float* m, nint point, float* y)
        where V : struct, ILanes<V>
    {
        Row4<V> m1 = Row4<V>.Load(m + (4 * point), point), m2 = Row4<V>.Load(m + (8 * point), point), sum = m1 + m2;
        PutOutputs(Row4<V>.Load(m, point) + sum, y);
        PutOutputs(m1 - m2, y + Row);
        PutOutputs(Row4<V>.Load(m + (12 * point), point) + sum, y + (2 * Row));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gradient<V>(float* dy, nint row, nint column, float* d, nint point)
        where V : struct, ILanes<V>
    {
        V t0 = V.Load(dy), t1 = V.Load(dy + column), t2 = V.Load(dy + (2 * column));
        PutGradient(t0, t1, t2, d, point);
        dy += row;
        V o0 = V.Load(dy), o1 = V.Load(dy + column), o2 = V.Load(dy + (2 * column));
        dy += row;
        V l0 = V.Load(dy), l1 = V.Load(dy + column), l2 = V.Load(dy + (2 * column));
        PutGradient(l0, l1, l2, d + (12 * point), point);
        t0 += l0;
        t1 += l1;
        t2 += l2;
        PutGradient(t0 + o0, t1 + o1, t2 + o2, d + (4 * point), point);
        PutGradient(t0 - o0, t1 - o1, t2 - o2, d + (8 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FilterGradient<V>(float* du, nint point, float* dg, nint tap, bool accumulate)
        where V : struct, ILanes<V>
    {
        Row4<V> u1 = Row4<V>.Load(du + (4 * point), point), u2 = Row4<V>.Load(du + (8 * point), point);
        PutTaps(Row4<V>.MultiplyAdd(u1 + u2, 0.5f, Row4<V>.Load(du, point)), dg, tap, accumulate);
        PutTaps(Row4<V>.MultiplyAdd(u1 - u2, 0.5f, Row4<V>.Load(du + (12 * point), point)), dg + (2 * tap), tap, accumulate);
    }

    // Along a row: four numbers to four points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutPatch<V>(Row4<V> t, float* v, nint point)
        where V : struct, ILanes<V>
    {
        V.Store(t.V0 - t.V2, v);
        V.Store(t.V2 + t.V1, v + point);
        V.Store(t.V2 - t.V1, v + (2 * point));
        V.Store(t.V3 - t.V1, v + (3 * point));
    }

    // Along a row: two taps to four points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutFilter<V>(V t0, V t1, float* u, nint point)
        where V : struct, ILanes<V>
    {
        V half = V.Broadcast(0.5f);
        V.Store(t0, u);
        V.Store((t0 + t1) * half, u + point);
        V.Store((t0 - t1) * half, u + (2 * point));
        V.Store(t1, u + (3 * point));
    }

    // Along a row: four points to three outputs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutOutputs<V>(Row4<V> m, float* y)
        where V : struct, ILanes<V>
    {
        V sum = m.V1 + m.V2;
        V.Store(m.V0 + sum, y);
        V.Store(m.V1 - m.V2, y + Block);
        V.Store(m.V3 + sum, y + (2 * Block));
    }

    // Along a row: three gradients to four points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutGradient<V>(V t0, V t1, V t2, float* d, nint point)
        where V : struct, ILanes<V>
    {
        V even = t0 + t2;
        V.Store(t0, d);
        V.Store(even + t1, d + point);
        V.Store(even - t1, d + (2 * point));
        V.Store(t2, d + (3 * point));
    }

    // Along a row: four points to two taps.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutTaps<V>(Row4<V> u, float* g, nint tap, bool accumulate)
        where V : struct, ILanes<V>
    {
        V half = V.Broadcast(0.5f);
        V g0 = V.MultiplyAdd(u.V1 + u.V2, half, u.V0);
        V g1 = V.MultiplyAdd(u.V1 - u.V2, half, u.V3);
        if (accumulate)
        {
            g0 = V.Load(g) + g0;
            g1 = V.Load(g + tap) + g1;
        }

        V.Store(g0, g);
        V.Store(g1, g + tap);
    }
}
