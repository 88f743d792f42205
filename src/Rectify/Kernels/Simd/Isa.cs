using System.Runtime.Intrinsics;

namespace Rectify.Kernels.Simd;

/// <summary>Vector widths for which kernels exist, narrowest first. One source serves them all.</summary>
public enum Isa
{
    /// <summary>One float at a time: what runs without hardware vectors.</summary>
    Scalar = 1,

    /// <summary>128 bits: 4 floats (SSE, NEON).</summary>
    V128 = 4,

    /// <summary>256 bits: 8 floats (AVX2).</summary>
    V256 = 8,

    /// <summary>512 bits: 16 floats (AVX-512).</summary>
    V512 = 16,
}

/// <summary>What the machine offers.</summary>
public static class IsaDetection
{
    /// <summary>The widest vectors that this process can use.</summary>
    public static Isa Widest =>
        Vector512.IsHardwareAccelerated ? Isa.V512
        : Vector256.IsHardwareAccelerated ? Isa.V256
        : Vector128.IsHardwareAccelerated ? Isa.V128
        : Isa.Scalar;

    /// <summary>The widest vectors, but no wider than <paramref name="cap"/>.</summary>
    public static Isa AtMost(Isa cap) => (Isa)Math.Min((int)cap, (int)Widest);
}
