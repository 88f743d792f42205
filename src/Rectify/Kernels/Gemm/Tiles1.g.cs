// Written by eng/GenerateTiles.cs; change that and run it again.
using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Gemm;

/// <summary>Register tiles of 1..14 rows × 1 vector: C (+)= A·B over a depth.</summary>
/// <remarks>See <see cref="Tile{V}"/> for the operands. The sum over the depth is sequential in one accumulator an element.</remarks>
internal static unsafe class Tiles1<V>
    where V : struct, ILanes<V>
{
    /// <summary>Runs the tile that has <paramref name="rows"/> rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(int rows, in Tile<V> tile)
    {
        switch (rows)
        {
            case 14: Rows14(tile); break;
            case 13: Rows13(tile); break;
            case 12: Rows12(tile); break;
            case 11: Rows11(tile); break;
            case 10: Rows10(tile); break;
            case 9: Rows9(tile); break;
            case 8: Rows8(tile); break;
            case 7: Rows7(tile); break;
            case 6: Rows6(tile); break;
            case 5: Rows5(tile); break;
            case 4: Rows4(tile); break;
            case 3: Rows3(tile); break;
            case 2: Rows2(tile); break;
            case 1: Rows1(tile); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows1(in Tile<V> tile)
    {
        byte* a = (byte*)tile.A;
        float* b0 = tile.B0;
        nint step = tile.AStep;
        nint lines = tile.MoreLines;
        byte* ahead = (byte*)tile.Ahead;
        nint aheadStep = tile.AheadStep;
        V s0_0 = V.Zero;
        do
        {
            for (nint depth = tile.Depth; depth > 0; depth--)
            {
                V x0 = V.Load(b0);
                V t;
                t = V.Broadcast(*(float*)(a)); s0_0 = V.MultiplyAdd(t, x0, s0_0);
                Tile<V>.Prefetch(ahead);
                ahead += aheadStep;
                a += step;
                b0 += Tile<V>.BStep;
            }

            a += tile.ASkip;
        }
        while (--lines >= 0);

        tile.Put(0, s0_0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows2(in Tile<V> tile)
    {
        byte* a = (byte*)tile.A;
        float* b0 = tile.B0;
        nint row = tile.ARow;
        nint step = tile.AStep;
        nint lines = tile.MoreLines;
        byte* ahead = (byte*)tile.Ahead;
        nint aheadStep = tile.AheadStep;
        V s0_0 = V.Zero;
        V s1_0 = V.Zero;
        do
        {
            for (nint depth = tile.Depth; depth > 0; depth--)
            {
                V x0 = V.Load(b0);
                V t;
                t = V.Broadcast(*(float*)(a)); s0_0 = V.MultiplyAdd(t, x0, s0_0);
                t = V.Broadcast(*(float*)(a + row)); s1_0 = V.MultiplyAdd(t, x0, s1_0);
                Tile<V>.Prefetch(ahead);
                ahead += aheadStep;
                a += step;
                b0 += Tile<V>.BStep;
            }

            a += tile.ASkip;
        }
        while (--lines >= 0);

        tile.Put(0, s0_0);
        tile.Put(1, s1_0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows3(in Tile<V> tile)
    {
        byte* a = (byte*)tile.A;
        float* b0 = tile.B0;
        nint row = tile.ARow;
        nint step = tile.AStep;
        nint lines = tile.MoreLines;
        byte* ahead = (byte*)tile.Ahead;
        nint aheadStep = tile.AheadStep;
        V s0_0 = V.Zero;
        V s1_0 = V.Zero;
        V s2_0 = V.Zero;
        do
        {
            for (nint depth = tile.Depth; depth > 0; depth--)
            {
                V x0 = V.Load(b0);
                V t;
                t = V.Broadcast(*(float*)(a)); s0_0 = V.MultiplyAdd(t, x0, s0_0);
                t = V.Broadcast(*(float*)(a + row)); s1_0 = V.MultiplyAdd(t, x0, s1_0);
                t = V.Broadcast(*(float*)(a + (2 * row))); s2_0 = V.MultiplyAdd(t, x0, s2_0);
                Tile<V>.Prefetch(ahead);
                ahead += aheadStep;
                a += step;
                b0 += Tile<V>.BStep;
            }

            a += tile.ASkip;
        }
        while (--lines >= 0);

        tile.Put(0, s0_0);
        tile.Put(1, s1_0);
        tile.Put(2, s2_0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows4(in Tile<V> tile)
    {
        byte* a = (byte*)tile.A;
        float* b0 = tile.B0;
        nint row = tile.ARow;
        nint row3 = 3 * row;
        nint step = tile.AStep;
        nint lines = tile.MoreLines;
        byte* ahead = (byte*)tile.Ahead;
        nint aheadStep = tile.AheadStep;
        V s0_0 = V.Zero;
        V s1_0 = V.Zero;
        V s2_0 = V.Zero;
        V s3_0 = V.Zero;
        do
        {
            for (nint depth = tile.Depth; depth > 0; depth--)
            {
                V x0 = V.Load(b0);
                V t;
                t = V.Broadcast(*(float*)(a)); s0_0 = V.MultiplyAdd(t, x0, s0_0);
                t = V.Broadcast(*(float*)(a + row)); s1_0 = V.MultiplyAdd(t, x0, s1_0);
                t = V.Broadcast(*(float*)(a + (2 * row))); s2_0 = V.MultiplyAdd(t, x0, s2_0);
                t = V.Broadcast(*(float*)(a + row3)); s3_0 = V.MultiplyAdd(t, x0, s3_0);
                Tile<V>.Prefetch(ahead);
                ahead += aheadStep;
                a += step;
                b0 += Tile<V>.BStep;
            }

            a += tile.ASkip;
        }
        while (--lines >= 0);

        tile.Put(0, s0_0);
        tile.Put(1, s1_0);
        tile.Put(2, s2_0);
        tile.Put(3, s3_0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows5(in Tile<V> tile)
    {
        byte* a = (byte*)tile.A;
        float* b0 = tile.B0;
        nint row = tile.ARow;
        nint row3 = 3 * row;
        nint step = tile.AStep;
        nint lines = tile.MoreLines;
        byte* ahead = (byte*)tile.Ahead;
        nint aheadStep = tile.AheadStep;
        V s0_0 = V.Zero;
        V s1_0 = V.Zero;
        V s2_0 = V.Zero;
        V s3_0 = V.Zero;
        V s4_0 = V.Zero;
        do
        {
            for (nint depth = tile.Depth; depth > 0; depth--)
            {
                V x0 = V.Load(b0);
                V t;
                t = V.Broadcast(*(float*)(a)); s0_0 = V.MultiplyAdd(t, x0, s0_0);
                t = V.Broadcast(*(float*)(a + row)); s1_0 = V.MultiplyAdd(t, x0, s1_0);
                t = V.Broadcast(*(float*)(a + (2 * row))); s2_0 = V.MultiplyAdd(t, x0, s2_0);
                t = V.Broadcast(*(float*)(a + row3)); s3_0 = V.MultiplyAdd(t, x0, s3_0);
                t = V.Broadcast(*(float*)(a + (4 * row))); s4_0 = V.MultiplyAdd(t, x0, s4_0);
                Tile<V>.Prefetch(ahead);
                ahead += aheadStep;
                a += step;
                b0 += Tile<V>.BStep;
            }

            a += tile.ASkip;
        }
        while (--lines >= 0);

        tile.Put(0, s0_0);
        tile.Put(1, s1_0);
        tile.Put(2, s2_0);
        tile.Put(3, s3_0);
        tile.Put(4, s4_0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows6(in Tile<V> tile)
    {
        byte* a = (byte*)tile.A;
        byte* a5 = a + (5 * tile.ARow);
        float* b0 = tile.B0;
        nint row = tile.ARow;
        nint row3 = 3 * row;
        nint step = tile.AStep;
        nint lines = tile.MoreLines;
        byte* ahead = (byte*)tile.Ahead;
        nint aheadStep = tile.AheadStep;
        V s0_0 = V.Zero;
        V s1_0 = V.Zero;
        V s2_0 = V.Zero;
        V s3_0 = V.Zero;
        V s4_0 = V.Zero;
        V s5_0 = V.Zero;
        do
        {
            for (nint depth = tile.Depth; depth > 0; depth--)
            {
                V x0 = V.Load(b0);
                V t;
                t = V.Broadcast(*(float*)(a)); s0_0 = V.MultiplyAdd(t, x0, s0_0);
                t = V.Broadcast(*(float*)(a + row)); s1_0 = V.MultiplyAdd(t, x0, s1_0);
                t = V.Broadcast(*(float*)(a + (2 * row))); s2_0 = V.MultiplyAdd(t, x0, s2_0);
                t = V.Broadcast(*(float*)(a + row3)); s3_0 = V.MultiplyAdd(t, x0, s3_0);
                t = V.Broadcast(*(float*)(a + (4 * row))); s4_0 = V.MultiplyAdd(t, x0, s4_0);
                t = V.Broadcast(*(float*)(a5)); s5_0 = V.MultiplyAdd(t, x0, s5_0);
                Tile<V>.Prefetch(ahead);
                ahead += aheadStep;
                a += step;
                a5 += step;
                b0 += Tile<V>.BStep;
            }

            a += tile.ASkip;
            a5 += tile.ASkip;
        }
        while (--lines >= 0);

        tile.Put(0, s0_0);
        tile.Put(1, s1_0);
        tile.Put(2, s2_0);
        tile.Put(3, s3_0);
        tile.Put(4, s4_0);
        tile.Put(5, s5_0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows7(in Tile<V> tile)
    {
        byte* a = (byte*)tile.A;
        byte* a5 = a + (5 * tile.ARow);
        float* b0 = tile.B0;
        nint row = tile.ARow;
        nint row3 = 3 * row;
        nint step = tile.AStep;
        nint lines = tile.MoreLines;
        byte* ahead = (byte*)tile.Ahead;
        nint aheadStep = tile.AheadStep;
        V s0_0 = V.Zero;
        V s1_0 = V.Zero;
        V s2_0 = V.Zero;
        V s3_0 = V.Zero;
        V s4_0 = V.Zero;
        V s5_0 = V.Zero;
        V s6_0 = V.Zero;
        do
        {
            for (nint depth = tile.Depth; depth > 0; depth--)
            {
                V x0 = V.Load(b0);
                V t;
                t = V.Broadcast(*(float*)(a)); s0_0 = V.MultiplyAdd(t, x0, s0_0);
                t = V.Broadcast(*(float*)(a + row)); s1_0 = V.MultiplyAdd(t, x0, s1_0);
                t = V.Broadcast(*(float*)(a + (2 * row))); s2_0 = V.MultiplyAdd(t, x0, s2_0);
                t = V.Broadcast(*(float*)(a + row3)); s3_0 = V.MultiplyAdd(t, x0, s3_0);
                t = V.Broadcast(*(float*)(a + (4 * row))); s4_0 = V.MultiplyAdd(t, x0, s4_0);
                t = V.Broadcast(*(float*)(a5)); s5_0 = V.MultiplyAdd(t, x0, s5_0);
                t = V.Broadcast(*(float*)(a5 + row)); s6_0 = V.MultiplyAdd(t, x0, s6_0);
                Tile<V>.Prefetch(ahead);
                ahead += aheadStep;
                a += step;
                a5 += step;
                b0 += Tile<V>.BStep;
            }

            a += tile.ASkip;
            a5 += tile.ASkip;
        }
        while (--lines >= 0);

        tile.Put(0, s0_0);
        tile.Put(1, s1_0);
        tile.Put(2, s2_0);
        tile.Put(3, s3_0);
        tile.Put(4, s4_0);
        tile.Put(5, s5_0);
        tile.Put(6, s6_0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows8(in Tile<V> tile)
    {
        byte* a = (byte*)tile.A;
        byte* a5 = a + (5 * tile.ARow);
        float* b0 = tile.B0;
        nint row = tile.ARow;
        nint row3 = 3 * row;
        nint step = tile.AStep;
        nint lines = tile.MoreLines;
        byte* ahead = (byte*)tile.Ahead;
        nint aheadStep = tile.AheadStep;
        V s0_0 = V.Zero;
        V s1_0 = V.Zero;
        V s2_0 = V.Zero;
        V s3_0 = V.Zero;
        V s4_0 = V.Zero;
        V s5_0 = V.Zero;
        V s6_0 = V.Zero;
        V s7_0 = V.Zero;
        do
        {
            for (nint depth = tile.Depth; depth > 0; depth--)
            {
                V x0 = V.Load(b0);
                V t;
                t = V.Broadcast(*(float*)(a)); s0_0 = V.MultiplyAdd(t, x0, s0_0);
                t = V.Broadcast(*(float*)(a + row)); s1_0 = V.MultiplyAdd(t, x0, s1_0);
                t = V.Broadcast(*(float*)(a + (2 * row))); s2_0 = V.MultiplyAdd(t, x0, s2_0);
                t = V.Broadcast(*(float*)(a + row3)); s3_0 = V.MultiplyAdd(t, x0, s3_0);
                t = V.Broadcast(*(float*)(a + (4 * row))); s4_0 = V.MultiplyAdd(t, x0, s4_0);
                t = V.Broadcast(*(float*)(a5)); s5_0 = V.MultiplyAdd(t, x0, s5_0);
                t = V.Broadcast(*(float*)(a5 + row)); s6_0 = V.MultiplyAdd(t, x0, s6_0);
                t = V.Broadcast(*(float*)(a5 + (2 * row))); s7_0 = V.MultiplyAdd(t, x0, s7_0);
                Tile<V>.Prefetch(ahead);
                ahead += aheadStep;
                a += step;
                a5 += step;
                b0 += Tile<V>.BStep;
            }

            a += tile.ASkip;
            a5 += tile.ASkip;
        }
        while (--lines >= 0);

        tile.Put(0, s0_0);
        tile.Put(1, s1_0);
        tile.Put(2, s2_0);
        tile.Put(3, s3_0);
        tile.Put(4, s4_0);
        tile.Put(5, s5_0);
        tile.Put(6, s6_0);
        tile.Put(7, s7_0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows9(in Tile<V> tile)
    {
        byte* a = (byte*)tile.A;
        byte* a5 = a + (5 * tile.ARow);
        float* b0 = tile.B0;
        nint row = tile.ARow;
        nint row3 = 3 * row;
        nint step = tile.AStep;
        nint lines = tile.MoreLines;
        byte* ahead = (byte*)tile.Ahead;
        nint aheadStep = tile.AheadStep;
        V s0_0 = V.Zero;
        V s1_0 = V.Zero;
        V s2_0 = V.Zero;
        V s3_0 = V.Zero;
        V s4_0 = V.Zero;
        V s5_0 = V.Zero;
        V s6_0 = V.Zero;
        V s7_0 = V.Zero;
        V s8_0 = V.Zero;
        do
        {
            for (nint depth = tile.Depth; depth > 0; depth--)
            {
                V x0 = V.Load(b0);
                V t;
                t = V.Broadcast(*(float*)(a)); s0_0 = V.MultiplyAdd(t, x0, s0_0);
                t = V.Broadcast(*(float*)(a + row)); s1_0 = V.MultiplyAdd(t, x0, s1_0);
                t = V.Broadcast(*(float*)(a + (2 * row))); s2_0 = V.MultiplyAdd(t, x0, s2_0);
                t = V.Broadcast(*(float*)(a + row3)); s3_0 = V.MultiplyAdd(t, x0, s3_0);
                t = V.Broadcast(*(float*)(a + (4 * row))); s4_0 = V.MultiplyAdd(t, x0, s4_0);
                t = V.Broadcast(*(float*)(a5)); s5_0 = V.MultiplyAdd(t, x0, s5_0);
                t = V.Broadcast(*(float*)(a5 + row)); s6_0 = V.MultiplyAdd(t, x0, s6_0);
                t = V.Broadcast(*(float*)(a5 + (2 * row))); s7_0 = V.MultiplyAdd(t, x0, s7_0);
                t = V.Broadcast(*(float*)(a5 + row3)); s8_0 = V.MultiplyAdd(t, x0, s8_0);
                Tile<V>.Prefetch(ahead);
                ahead += aheadStep;
                a += step;
                a5 += step;
                b0 += Tile<V>.BStep;
            }

            a += tile.ASkip;
            a5 += tile.ASkip;
        }
        while (--lines >= 0);

        tile.Put(0, s0_0);
        tile.Put(1, s1_0);
        tile.Put(2, s2_0);
        tile.Put(3, s3_0);
        tile.Put(4, s4_0);
        tile.Put(5, s5_0);
        tile.Put(6, s6_0);
        tile.Put(7, s7_0);
        tile.Put(8, s8_0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows10(in Tile<V> tile)
    {
        byte* a = (byte*)tile.A;
        byte* a5 = a + (5 * tile.ARow);
        float* b0 = tile.B0;
        nint row = tile.ARow;
        nint row3 = 3 * row;
        nint step = tile.AStep;
        nint lines = tile.MoreLines;
        byte* ahead = (byte*)tile.Ahead;
        nint aheadStep = tile.AheadStep;
        V s0_0 = V.Zero;
        V s1_0 = V.Zero;
        V s2_0 = V.Zero;
        V s3_0 = V.Zero;
        V s4_0 = V.Zero;
        V s5_0 = V.Zero;
        V s6_0 = V.Zero;
        V s7_0 = V.Zero;
        V s8_0 = V.Zero;
        V s9_0 = V.Zero;
        do
        {
            for (nint depth = tile.Depth; depth > 0; depth--)
            {
                V x0 = V.Load(b0);
                V t;
                t = V.Broadcast(*(float*)(a)); s0_0 = V.MultiplyAdd(t, x0, s0_0);
                t = V.Broadcast(*(float*)(a + row)); s1_0 = V.MultiplyAdd(t, x0, s1_0);
                t = V.Broadcast(*(float*)(a + (2 * row))); s2_0 = V.MultiplyAdd(t, x0, s2_0);
                t = V.Broadcast(*(float*)(a + row3)); s3_0 = V.MultiplyAdd(t, x0, s3_0);
                t = V.Broadcast(*(float*)(a + (4 * row))); s4_0 = V.MultiplyAdd(t, x0, s4_0);
                t = V.Broadcast(*(float*)(a5)); s5_0 = V.MultiplyAdd(t, x0, s5_0);
                t = V.Broadcast(*(float*)(a5 + row)); s6_0 = V.MultiplyAdd(t, x0, s6_0);
                t = V.Broadcast(*(float*)(a5 + (2 * row))); s7_0 = V.MultiplyAdd(t, x0, s7_0);
                t = V.Broadcast(*(float*)(a5 + row3)); s8_0 = V.MultiplyAdd(t, x0, s8_0);
                t = V.Broadcast(*(float*)(a5 + (4 * row))); s9_0 = V.MultiplyAdd(t, x0, s9_0);
                Tile<V>.Prefetch(ahead);
                ahead += aheadStep;
                a += step;
                a5 += step;
                b0 += Tile<V>.BStep;
            }

            a += tile.ASkip;
            a5 += tile.ASkip;
        }
        while (--lines >= 0);

        tile.Put(0, s0_0);
        tile.Put(1, s1_0);
        tile.Put(2, s2_0);
        tile.Put(3, s3_0);
        tile.Put(4, s4_0);
        tile.Put(5, s5_0);
        tile.Put(6, s6_0);
        tile.Put(7, s7_0);
        tile.Put(8, s8_0);
        tile.Put(9, s9_0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows11(in Tile<V> tile)
    {
        byte* a = (byte*)tile.A;
        byte* a5 = a + (5 * tile.ARow);
        byte* a10 = a + (10 * tile.ARow);
        float* b0 = tile.B0;
        nint row = tile.ARow;
        nint row3 = 3 * row;
        nint step = tile.AStep;
        nint lines = tile.MoreLines;
        byte* ahead = (byte*)tile.Ahead;
        nint aheadStep = tile.AheadStep;
        V s0_0 = V.Zero;
        V s1_0 = V.Zero;
        V s2_0 = V.Zero;
        V s3_0 = V.Zero;
        V s4_0 = V.Zero;
        V s5_0 = V.Zero;
        V s6_0 = V.Zero;
        V s7_0 = V.Zero;
        V s8_0 = V.Zero;
        V s9_0 = V.Zero;
        V s10_0 = V.Zero;
        do
        {
            for (nint depth = tile.Depth; depth > 0; depth--)
            {
                V x0 = V.Load(b0);
                V t;
                t = V.Broadcast(*(float*)(a)); s0_0 = V.MultiplyAdd(t, x0, s0_0);
                t = V.Broadcast(*(float*)(a + row)); s1_0 = V.MultiplyAdd(t, x0, s1_0);
                t = V.Broadcast(*(float*)(a + (2 * row))); s2_0 = V.MultiplyAdd(t, x0, s2_0);
                t = V.Broadcast(*(float*)(a + row3)); s3_0 = V.MultiplyAdd(t, x0, s3_0);
                t = V.Broadcast(*(float*)(a + (4 * row))); s4_0 = V.MultiplyAdd(t, x0, s4_0);
                t = V.Broadcast(*(float*)(a5)); s5_0 = V.MultiplyAdd(t, x0, s5_0);
                t = V.Broadcast(*(float*)(a5 + row)); s6_0 = V.MultiplyAdd(t, x0, s6_0);
                t = V.Broadcast(*(float*)(a5 + (2 * row))); s7_0 = V.MultiplyAdd(t, x0, s7_0);
                t = V.Broadcast(*(float*)(a5 + row3)); s8_0 = V.MultiplyAdd(t, x0, s8_0);
                t = V.Broadcast(*(float*)(a5 + (4 * row))); s9_0 = V.MultiplyAdd(t, x0, s9_0);
                t = V.Broadcast(*(float*)(a10)); s10_0 = V.MultiplyAdd(t, x0, s10_0);
                Tile<V>.Prefetch(ahead);
                ahead += aheadStep;
                a += step;
                a5 += step;
                a10 += step;
                b0 += Tile<V>.BStep;
            }

            a += tile.ASkip;
            a5 += tile.ASkip;
            a10 += tile.ASkip;
        }
        while (--lines >= 0);

        tile.Put(0, s0_0);
        tile.Put(1, s1_0);
        tile.Put(2, s2_0);
        tile.Put(3, s3_0);
        tile.Put(4, s4_0);
        tile.Put(5, s5_0);
        tile.Put(6, s6_0);
        tile.Put(7, s7_0);
        tile.Put(8, s8_0);
        tile.Put(9, s9_0);
        tile.Put(10, s10_0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows12(in Tile<V> tile)
    {
        byte* a = (byte*)tile.A;
        byte* a5 = a + (5 * tile.ARow);
        byte* a10 = a + (10 * tile.ARow);
        float* b0 = tile.B0;
        nint row = tile.ARow;
        nint row3 = 3 * row;
        nint step = tile.AStep;
        nint lines = tile.MoreLines;
        byte* ahead = (byte*)tile.Ahead;
        nint aheadStep = tile.AheadStep;
        V s0_0 = V.Zero;
        V s1_0 = V.Zero;
        V s2_0 = V.Zero;
        V s3_0 = V.Zero;
        V s4_0 = V.Zero;
        V s5_0 = V.Zero;
        V s6_0 = V.Zero;
        V s7_0 = V.Zero;
        V s8_0 = V.Zero;
        V s9_0 = V.Zero;
        V s10_0 = V.Zero;
        V s11_0 = V.Zero;
        do
        {
            for (nint depth = tile.Depth; depth > 0; depth--)
            {
                V x0 = V.Load(b0);
                V t;
                t = V.Broadcast(*(float*)(a)); s0_0 = V.MultiplyAdd(t, x0, s0_0);
                t = V.Broadcast(*(float*)(a + row)); s1_0 = V.MultiplyAdd(t, x0, s1_0);
                t = V.Broadcast(*(float*)(a + (2 * row))); s2_0 = V.MultiplyAdd(t, x0, s2_0);
                t = V.Broadcast(*(float*)(a + row3)); s3_0 = V.MultiplyAdd(t, x0, s3_0);
                t = V.Broadcast(*(float*)(a + (4 * row))); s4_0 = V.MultiplyAdd(t, x0, s4_0);
                t = V.Broadcast(*(float*)(a5)); s5_0 = V.MultiplyAdd(t, x0, s5_0);
                t = V.Broadcast(*(float*)(a5 + row)); s6_0 = V.MultiplyAdd(t, x0, s6_0);
                t = V.Broadcast(*(float*)(a5 + (2 * row))); s7_0 = V.MultiplyAdd(t, x0, s7_0);
                t = V.Broadcast(*(float*)(a5 + row3)); s8_0 = V.MultiplyAdd(t, x0, s8_0);
                t = V.Broadcast(*(float*)(a5 + (4 * row))); s9_0 = V.MultiplyAdd(t, x0, s9_0);
                t = V.Broadcast(*(float*)(a10)); s10_0 = V.MultiplyAdd(t, x0, s10_0);
                t = V.Broadcast(*(float*)(a10 + row)); s11_0 = V.MultiplyAdd(t, x0, s11_0);
                Tile<V>.Prefetch(ahead);
                ahead += aheadStep;
                a += step;
                a5 += step;
                a10 += step;
                b0 += Tile<V>.BStep;
            }

            a += tile.ASkip;
            a5 += tile.ASkip;
            a10 += tile.ASkip;
        }
        while (--lines >= 0);

        tile.Put(0, s0_0);
        tile.Put(1, s1_0);
        tile.Put(2, s2_0);
        tile.Put(3, s3_0);
        tile.Put(4, s4_0);
        tile.Put(5, s5_0);
        tile.Put(6, s6_0);
        tile.Put(7, s7_0);
        tile.Put(8, s8_0);
        tile.Put(9, s9_0);
        tile.Put(10, s10_0);
        tile.Put(11, s11_0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows13(in Tile<V> tile)
    {
        byte* a = (byte*)tile.A;
        byte* a5 = a + (5 * tile.ARow);
        byte* a10 = a + (10 * tile.ARow);
        float* b0 = tile.B0;
        nint row = tile.ARow;
        nint row3 = 3 * row;
        nint step = tile.AStep;
        nint lines = tile.MoreLines;
        byte* ahead = (byte*)tile.Ahead;
        nint aheadStep = tile.AheadStep;
        V s0_0 = V.Zero;
        V s1_0 = V.Zero;
        V s2_0 = V.Zero;
        V s3_0 = V.Zero;
        V s4_0 = V.Zero;
        V s5_0 = V.Zero;
        V s6_0 = V.Zero;
        V s7_0 = V.Zero;
        V s8_0 = V.Zero;
        V s9_0 = V.Zero;
        V s10_0 = V.Zero;
        V s11_0 = V.Zero;
        V s12_0 = V.Zero;
        do
        {
            for (nint depth = tile.Depth; depth > 0; depth--)
            {
                V x0 = V.Load(b0);
                V t;
                t = V.Broadcast(*(float*)(a)); s0_0 = V.MultiplyAdd(t, x0, s0_0);
                t = V.Broadcast(*(float*)(a + row)); s1_0 = V.MultiplyAdd(t, x0, s1_0);
                t = V.Broadcast(*(float*)(a + (2 * row))); s2_0 = V.MultiplyAdd(t, x0, s2_0);
                t = V.Broadcast(*(float*)(a + row3)); s3_0 = V.MultiplyAdd(t, x0, s3_0);
                t = V.Broadcast(*(float*)(a + (4 * row))); s4_0 = V.MultiplyAdd(t, x0, s4_0);
                t = V.Broadcast(*(float*)(a5)); s5_0 = V.MultiplyAdd(t, x0, s5_0);
                t = V.Broadcast(*(float*)(a5 + row)); s6_0 = V.MultiplyAdd(t, x0, s6_0);
                t = V.Broadcast(*(float*)(a5 + (2 * row))); s7_0 = V.MultiplyAdd(t, x0, s7_0);
                t = V.Broadcast(*(float*)(a5 + row3)); s8_0 = V.MultiplyAdd(t, x0, s8_0);
                t = V.Broadcast(*(float*)(a5 + (4 * row))); s9_0 = V.MultiplyAdd(t, x0, s9_0);
                t = V.Broadcast(*(float*)(a10)); s10_0 = V.MultiplyAdd(t, x0, s10_0);
                t = V.Broadcast(*(float*)(a10 + row)); s11_0 = V.MultiplyAdd(t, x0, s11_0);
                t = V.Broadcast(*(float*)(a10 + (2 * row))); s12_0 = V.MultiplyAdd(t, x0, s12_0);
                Tile<V>.Prefetch(ahead);
                ahead += aheadStep;
                a += step;
                a5 += step;
                a10 += step;
                b0 += Tile<V>.BStep;
            }

            a += tile.ASkip;
            a5 += tile.ASkip;
            a10 += tile.ASkip;
        }
        while (--lines >= 0);

        tile.Put(0, s0_0);
        tile.Put(1, s1_0);
        tile.Put(2, s2_0);
        tile.Put(3, s3_0);
        tile.Put(4, s4_0);
        tile.Put(5, s5_0);
        tile.Put(6, s6_0);
        tile.Put(7, s7_0);
        tile.Put(8, s8_0);
        tile.Put(9, s9_0);
        tile.Put(10, s10_0);
        tile.Put(11, s11_0);
        tile.Put(12, s12_0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows14(in Tile<V> tile)
    {
        byte* a = (byte*)tile.A;
        byte* a5 = a + (5 * tile.ARow);
        byte* a10 = a + (10 * tile.ARow);
        float* b0 = tile.B0;
        nint row = tile.ARow;
        nint row3 = 3 * row;
        nint step = tile.AStep;
        nint lines = tile.MoreLines;
        byte* ahead = (byte*)tile.Ahead;
        nint aheadStep = tile.AheadStep;
        V s0_0 = V.Zero;
        V s1_0 = V.Zero;
        V s2_0 = V.Zero;
        V s3_0 = V.Zero;
        V s4_0 = V.Zero;
        V s5_0 = V.Zero;
        V s6_0 = V.Zero;
        V s7_0 = V.Zero;
        V s8_0 = V.Zero;
        V s9_0 = V.Zero;
        V s10_0 = V.Zero;
        V s11_0 = V.Zero;
        V s12_0 = V.Zero;
        V s13_0 = V.Zero;
        do
        {
            for (nint depth = tile.Depth; depth > 0; depth--)
            {
                V x0 = V.Load(b0);
                V t;
                t = V.Broadcast(*(float*)(a)); s0_0 = V.MultiplyAdd(t, x0, s0_0);
                t = V.Broadcast(*(float*)(a + row)); s1_0 = V.MultiplyAdd(t, x0, s1_0);
                t = V.Broadcast(*(float*)(a + (2 * row))); s2_0 = V.MultiplyAdd(t, x0, s2_0);
                t = V.Broadcast(*(float*)(a + row3)); s3_0 = V.MultiplyAdd(t, x0, s3_0);
                t = V.Broadcast(*(float*)(a + (4 * row))); s4_0 = V.MultiplyAdd(t, x0, s4_0);
                t = V.Broadcast(*(float*)(a5)); s5_0 = V.MultiplyAdd(t, x0, s5_0);
                t = V.Broadcast(*(float*)(a5 + row)); s6_0 = V.MultiplyAdd(t, x0, s6_0);
                t = V.Broadcast(*(float*)(a5 + (2 * row))); s7_0 = V.MultiplyAdd(t, x0, s7_0);
                t = V.Broadcast(*(float*)(a5 + row3)); s8_0 = V.MultiplyAdd(t, x0, s8_0);
                t = V.Broadcast(*(float*)(a5 + (4 * row))); s9_0 = V.MultiplyAdd(t, x0, s9_0);
                t = V.Broadcast(*(float*)(a10)); s10_0 = V.MultiplyAdd(t, x0, s10_0);
                t = V.Broadcast(*(float*)(a10 + row)); s11_0 = V.MultiplyAdd(t, x0, s11_0);
                t = V.Broadcast(*(float*)(a10 + (2 * row))); s12_0 = V.MultiplyAdd(t, x0, s12_0);
                t = V.Broadcast(*(float*)(a10 + row3)); s13_0 = V.MultiplyAdd(t, x0, s13_0);
                Tile<V>.Prefetch(ahead);
                ahead += aheadStep;
                a += step;
                a5 += step;
                a10 += step;
                b0 += Tile<V>.BStep;
            }

            a += tile.ASkip;
            a5 += tile.ASkip;
            a10 += tile.ASkip;
        }
        while (--lines >= 0);

        tile.Put(0, s0_0);
        tile.Put(1, s1_0);
        tile.Put(2, s2_0);
        tile.Put(3, s3_0);
        tile.Put(4, s4_0);
        tile.Put(5, s5_0);
        tile.Put(6, s6_0);
        tile.Put(7, s7_0);
        tile.Put(8, s8_0);
        tile.Put(9, s9_0);
        tile.Put(10, s10_0);
        tile.Put(11, s11_0);
        tile.Put(12, s12_0);
        tile.Put(13, s13_0);
    }
}
