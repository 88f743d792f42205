using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>Eight vectors, a row of a tile's points; sums and multiples, vector by vector.</summary>
internal readonly unsafe struct Row8<V>
    where V : struct, ILanes<V>
{
    public readonly V V0, V1, V2, V3, V4, V5, V6, V7;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Row8(V v0, V v1, V v2, V v3, V v4, V v5, V v6, V v7) => (V0, V1, V2, V3, V4, V5, V6, V7) = (v0, v1, v2, v3, v4, v5, v6, v7);

    /// <summary>Vectors <paramref name="step"/> floats apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row8<V> Load(float* at, nint step) => new(
        V.Load(at), V.Load(at + step), V.Load(at + (2 * step)), V.Load(at + (3 * step)),
        V.Load(at + (4 * step)), V.Load(at + (5 * step)), V.Load(at + (6 * step)), V.Load(at + (7 * step)));

    /// <summary>s·a + t.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row8<V> MultiplyAdd(Row8<V> s, float a, Row8<V> t)
    {
        V f = V.Broadcast(a);
        return new(
            V.MultiplyAdd(s.V0, f, t.V0),
            V.MultiplyAdd(s.V1, f, t.V1),
            V.MultiplyAdd(s.V2, f, t.V2),
            V.MultiplyAdd(s.V3, f, t.V3),
            V.MultiplyAdd(s.V4, f, t.V4),
            V.MultiplyAdd(s.V5, f, t.V5),
            V.MultiplyAdd(s.V6, f, t.V6),
            V.MultiplyAdd(s.V7, f, t.V7));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row8<V> operator +(Row8<V> s, Row8<V> t) => MultiplyAdd(s, 1f, t);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row8<V> operator -(Row8<V> s, Row8<V> t) => MultiplyAdd(t, -1f, s);
}
