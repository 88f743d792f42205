using System.Runtime.CompilerServices;
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
internal readonly unsafe struct Winograd32 : IWinograd
{
    private const int Block = MapShape.ChannelBlock;

    public static string Name => "winograd-f32";

    public static int Size => 3;

    public static int Taps => 2;

    public static int PatchSize => 4;

    private static int Row => Size * Block;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Patch<V>(float* d, nint row, nint column, float* v, nint point)
        where V : struct, Simd.ILanes<V>
    {
        OuterRow<V>(d, 2 * row, column, v, point);
        InnerRows<V>(d + row, row, column, v + (4 * point), point);
        OuterRow<V>(d + (3 * row), -2 * row, column, v + (12 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Filter<V>(float* g, nint tap, float* u, nint point)
        where V : struct, Simd.ILanes<V>
    {
        V g0 = V.Load(g), g1 = V.Load(g + tap), g2 = V.Load(g + (2 * tap)), g3 = V.Load(g + (3 * tap)), half = V.Broadcast(0.5f);
        PutTaps(g0, g1, u, point);
        PutTaps((g0 + g2) * half, (g1 + g3) * half, u + (4 * point), point);
        PutTaps((g0 - g2) * half, (g1 - g3) * half, u + (8 * point), point);
        PutTaps(g2, g3, u + (12 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<V>(float* m, nint point, float* y)
        where V : struct, Simd.ILanes<V>
    {
        V s0 = Outputs<V>(m, point, out V d0, out V l0), s1 = Outputs<V>(m + point, point, out V d1, out V l1);
        V s2 = Outputs<V>(m + (2 * point), point, out V d2, out V l2), s3 = Outputs<V>(m + (3 * point), point, out V d3, out V l3);
        PutOutputs(s0, s1, s2, s3, y);
        PutOutputs(d0, d1, d2, d3, y + Row);
        PutOutputs(l0, l1, l2, l3, y + (2 * Row));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gradient<V>(float* dy, nint row, nint column, float* d, nint point)
        where V : struct, Simd.ILanes<V>
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
        where V : struct, Simd.ILanes<V>
    {
        V half = V.Broadcast(0.5f);
        V s0 = Sums(du, point, half, out V t0), s1 = Sums(du + point, point, half, out V t1);
        V s2 = Sums(du + (2 * point), point, half, out V t2), s3 = Sums(du + (3 * point), point, half, out V t3);
        PutGradient(s0, s1, s2, s3, dg, tap, accumulate);
        PutGradient(t0, t1, t2, t3, dg + (2 * tap), tap, accumulate);
    }

    // A row of pixels minus another.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OuterRow<V>(float* d, nint minus, nint column, float* v, nint point)
        where V : struct, Simd.ILanes<V>
    {
        V t0 = V.Load(d) - V.Load(d + minus);
        V t1 = V.Load(d + column) - V.Load(d + column + minus);
        V t2 = V.Load(d + (2 * column)) - V.Load(d + (2 * column) + minus);
        V t3 = V.Load(d + (3 * column)) - V.Load(d + (3 * column) + minus);
        Put(t0, t1, t2, t3, v, point);
    }

    // Rows 1 and 2, from the second row of pixels on.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void InnerRows<V>(float* d, nint row, nint column, float* v, nint point)
        where V : struct, Simd.ILanes<V>
    {
        V o0 = V.Load(d), e0 = V.Load(d + row);
        V o1 = V.Load(d + column), e1 = V.Load(d + row + column);
        V o2 = V.Load(d + (2 * column)), e2 = V.Load(d + row + (2 * column));
        V o3 = V.Load(d + (3 * column)), e3 = V.Load(d + row + (3 * column));
        Put(e0 + o0, e1 + o1, e2 + o2, e3 + o3, v, point);
        Put(e0 - o0, e1 - o1, e2 - o2, e3 - o3, v + (4 * point), point);
    }

    // Along a row: four numbers to four points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<V>(V t0, V t1, V t2, V t3, float* v, nint point)
        where V : struct, Simd.ILanes<V>
    {
        V.Store(t0 - t2, v);
        V.Store(t2 + t1, v + point);
        V.Store(t2 - t1, v + (2 * point));
        V.Store(t3 - t1, v + (3 * point));
    }

    // Along a row: two taps to four points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutTaps<V>(V t0, V t1, float* u, nint point)
        where V : struct, Simd.ILanes<V>
    {
        V half = V.Broadcast(0.5f);
        V.Store(t0, u);
        V.Store((t0 + t1) * half, u + point);
        V.Store((t0 - t1) * half, u + (2 * point));
        V.Store(t1, u + (3 * point));
    }

    // Along a row: three gradients to four points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutGradient<V>(V t0, V t1, V t2, float* d, nint point)
        where V : struct, Simd.ILanes<V>
    {
        V even = t0 + t2;
        V.Store(t0, d);
        V.Store(even + t1, d + point);
        V.Store(even - t1, d + (2 * point));
        V.Store(t2, d + (3 * point));
    }

    // Down a column: four points to two taps, of which the second is the last.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Sums<V>(float* u, nint point, V half, out V last)
        where V : struct, Simd.ILanes<V>
    {
        V u1 = V.Load(u + (4 * point)), u2 = V.Load(u + (8 * point));
        last = V.MultiplyAdd(u1 - u2, half, V.Load(u + (12 * point)));
        return V.MultiplyAdd(u1 + u2, half, V.Load(u));
    }

    // Along a row: four points to two taps.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutGradient<V>(V u0, V u1, V u2, V u3, float* g, nint tap, bool accumulate)
        where V : struct, Simd.ILanes<V>
    {
        V half = V.Broadcast(0.5f);
        V g0 = V.MultiplyAdd(u1 + u2, half, u0);
        V g1 = V.MultiplyAdd(u1 - u2, half, u3);
        if (accumulate)
        {
            g0 = V.Load(g) + g0;
            g1 = V.Load(g + tap) + g1;
        }

        V.Store(g0, g);
        V.Store(g1, g + tap);
    }

    // Down a column: four points to three outputs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Outputs<V>(float* m, nint point, out V second, out V last)
        where V : struct, Simd.ILanes<V>
    {
        V m1 = V.Load(m + (4 * point)), m2 = V.Load(m + (8 * point)), sum = m1 + m2;
        second = m1 - m2;
        last = V.Load(m + (12 * point)) + sum;
        return V.Load(m) + sum;
    }

    // Along a row: four points to three outputs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutOutputs<V>(V m0, V m1, V m2, V m3, float* y)
        where V : struct, Simd.ILanes<V>
    {
        V sum = m1 + m2;
        V.Store(m0 + sum, y);
        V.Store(m1 - m2, y + Block);
        V.Store(m3 + sum, y + (2 * Block));
    }
}
