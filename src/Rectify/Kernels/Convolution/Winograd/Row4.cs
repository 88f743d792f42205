using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>Four vectors, a row of a tile or of its points; sums and multiples, vector by vector.</summary>
internal readonly unsafe struct Row4<V>
    where V : struct, ILanes<V>
{
    public readonly V V0, V1, V2, V3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Row4(V v0, V v1, V v2, V v3) => (V0, V1, V2, V3) = (v0, v1, v2, v3);

    /// <summary>Vectors <paramref name="step"/> floats apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row4<V> Load(float* at, nint step) =>
        new(V.Load(at), V.Load(at + step), V.Load(at + (2 * step)), V.Load(at + (3 * step)));

    /// <summary>s·a + t.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row4<V> MultiplyAdd(Row4<V> s, float a, Row4<V> t)
    {
        V f = V.Broadcast(a);
        return new(
            V.MultiplyAdd(s.V0, f, t.V0), V.MultiplyAdd(s.V1, f, t.V1), V.MultiplyAdd(s.V2, f, t.V2), V.MultiplyAdd(s.V3, f, t.V3));
    }

    /// <summary>s·a + t·b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row4<V> Mix(Row4<V> s, float a, Row4<V> t, float b)
    {
        V f = V.Broadcast(b);
        return MultiplyAdd(s, a, new(t.V0 * f, t.V1 * f, t.V2 * f, t.V3 * f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row4<V> operator +(Row4<V> s, Row4<V> t) => new(s.V0 + t.V0, s.V1 + t.V1, s.V2 + t.V2, s.V3 + t.V3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row4<V> operator -(Row4<V> s, Row4<V> t) => new(s.V0 - t.V0, s.V1 - t.V1, s.V2 - t.V2, s.V3 - t.V3);
}
