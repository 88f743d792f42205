using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>Seven vectors, a row of a tile or of its points; sums and multiples, vector by vector.</summary>
internal readonly unsafe struct Row7<V>
    where V : struct, ILanes<V>
{
    public readonly V V0, V1, V2, V3, V4, V5, V6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Row7(V v0, V v1, V v2, V v3, V v4, V v5, V v6) => (V0, V1, V2, V3, V4, V5, V6) = (v0, v1, v2, v3, v4, v5, v6);

    /// <summary>Vectors <paramref name="step"/> floats apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row7<V> Load(float* at, nint step) => new(
        V.Load(at), V.Load(at + step), V.Load(at + (2 * step)), V.Load(at + (3 * step)), V.Load(at + (4 * step)), V.Load(at + (5 * step)), V.Load(at + (6 * step)));

    /// <summary>s·a + t.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row7<V> MultiplyAdd(Row7<V> s, float a, Row7<V> t)
    {
        V f = V.Broadcast(a);
        return new(
            V.MultiplyAdd(s.V0, f, t.V0), V.MultiplyAdd(s.V1, f, t.V1), V.MultiplyAdd(s.V2, f, t.V2), V.MultiplyAdd(s.V3, f, t.V3),
            V.MultiplyAdd(s.V4, f, t.V4), V.MultiplyAdd(s.V5, f, t.V5), V.MultiplyAdd(s.V6, f, t.V6));
    }

    /// <summary>s·a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row7<V> operator *(Row7<V> s, float a)
    {
        V f = V.Broadcast(a);
        return new(s.V0 * f, s.V1 * f, s.V2 * f, s.V3 * f, s.V4 * f, s.V5 * f, s.V6 * f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row7<V> operator +(Row7<V> s, Row7<V> t) =>
        new(s.V0 + t.V0, s.V1 + t.V1, s.V2 + t.V2, s.V3 + t.V3, s.V4 + t.V4, s.V5 + t.V5, s.V6 + t.V6);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row7<V> operator -(Row7<V> s, Row7<V> t) =>
        new(s.V0 - t.V0, s.V1 - t.V1, s.V2 - t.V2, s.V3 - t.V3, s.V4 - t.V4, s.V5 - t.V5, s.V6 - t.V6);
}
