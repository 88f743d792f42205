using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Gemm;

/// <summary>The operands of one register tile: C[i,j] (+)= Σₚ A[i,p]·B[p,j].</summary>
/// <remarks>
/// A[i,p] lies at A + i·ARow + p·AStep (bytes), so rows may be pixels (A as it lies in a map) or channels (A transposed by strides alone).
/// Every Depth steps A may go on elsewhere, ASkip (bytes) from where it would: A lies in 1 + MoreLines such lines, and the sum has Depth steps for each.
/// B[p,·] lies at B0 + 16·p and, for a second vector, B1 + 16·p: panels of 16 columns, or halves of one where vectors are narrower.
/// Memory that is wanted soon is fetched into L2 meanwhile, a place a step: Ahead + p·AheadStep (bytes); a step of 0 for none, Ahead then being any memory in use.
/// C[i,·] lies at C0 + i·CRow and C1 + i·CRow (floats).
/// </remarks>
internal unsafe struct Tile<V>
    where V : struct, ILanes<V>
{
    /// <summary>Floats from one step of the depth to the next in B: the width of a panel.</summary>
    public const int BStep = Tensors.MapShape.ChannelBlock;

    public float* A;
    public nint ARow;
    public nint AStep;
    public nint Depth;
    public nint MoreLines;
    public nint ASkip;
    public float* B0;
    public float* B1;
    public float* C0;
    public float* C1;
    public nint CRow;
    public bool Accumulate;
    public float* Ahead;
    public nint AheadStep;

    /// <summary>Asks for a line of memory in L2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* line)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(line);
        }
    }

    /// <summary>Stores or adds a row of one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Put(int row, V s0)
    {
        float* c0 = C0 + (row * CRow);
        V.Store(Accumulate ? V.Load(c0) + s0 : s0, c0);
    }

    /// <summary>Stores or adds a row of two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Put(int row, V s0, V s1)
    {
        Put(row, s0);
        float* c1 = C1 + (row * CRow);
        V.Store(Accumulate ? V.Load(c1) + s1 : s1, c1);
    }
}
