using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Kernels.Gemm;

/// <summary>A block of a matrix product on one thread, from register tiles: C (+)= A·B.</summary>
/// <remarks>
/// B comes in panels of 16 columns, [panels][depth][16]; the block's columns are whole panels. Each element is one sequential sum over the depth, whatever the
/// tile: the same bits for any number of rows.
/// </remarks>
internal static unsafe class BlockMultiply<V>
    where V : struct, ILanes<V>
{
    private const int Panel = MapShape.ChannelBlock;
    private const int Line = 64;

    /// <summary>Runs the block.</summary>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="panels">Panels of 16 columns of B and C.</param>
    /// <param name="depth">Steps of the sum.</param>
    /// <param name="a">First element of A.</param>
    /// <param name="aRow">Floats from a row of A to the next.</param>
    /// <param name="aStep">Floats from a step of the depth to the next in A.</param>
    /// <param name="b">First panel of B.</param>
    /// <param name="bPanel">Floats from a panel of B to the next.</param>
    /// <param name="c">First element of C.</param>
    /// <param name="cRow">Floats from a row of C to the next.</param>
    /// <param name="cPanel">Floats from a panel of C to the next (16 in a map).</param>
    /// <param name="accumulate">Adds to C instead of overwriting it.</param>
    /// <param name="next">Floats from A to an equal matrix that is wanted in L2 next, in one piece: each tile asks for as many lines of it as its depth; 0 for none.</param>
    /// <param name="nextPiece">Floats from the piece that a tile asks for to the next tile's, where they do not lie together; only two tiles ask then.</param>
    public static void Run(
        int rows,
        int panels,
        int depth,
        float* a,
        nint aRow,
        nint aStep,
        float* b,
        nint bPanel,
        float* c,
        nint cRow,
        nint cPanel,
        bool accumulate,
        nint next = 0,
        nint nextPiece = 0)
    {
        int tiles = (rows + V.TileRows - 1) / V.TileRows;
        int columns = panels * Panel;
        for (int column = 0; column < columns; column += 2 * V.Width)
        {
            bool two = column + V.Width < columns;
            nint bAt = ((nint)(column / Panel) * bPanel) + (column % Panel);
            nint cAt = ((nint)(column / Panel) * cPanel) + (column % Panel);
            int second = column + V.Width;
            Tile<V> tile = new()
            {
                ARow = aRow * sizeof(float),
                AStep = aStep * sizeof(float),
                Depth = depth,
                B0 = b + bAt,
                B1 = b + ((nint)(second / Panel) * bPanel) + (second % Panel),
                CRow = cRow,
                Accumulate = accumulate,
            };
            nint c1 = ((nint)(second / Panel) * cPanel) + (second % Panel);
            for (int t = 0; t < tiles; t++)
            {
                // Rows are split evenly, so that no tile is left with too few of them to keep the multipliers busy.
                int from = (int)((long)rows * t / tiles);
                int to = (int)((long)rows * (t + 1) / tiles);
                tile.A = a + (from * aRow);
                bool asks = next != 0 && (nextPiece == 0 || t < 2);
                tile.Ahead = asks ? a + next + (t * (nextPiece == 0 ? (nint)depth * Panel : nextPiece)) : tile.A;
                tile.AheadStep = asks ? Line : 0;
                tile.C0 = c + cAt + (from * cRow);
                tile.C1 = c + c1 + (from * cRow);
                Prefetch(tile, to - from);
                if (two)
                {
                    Tiles2<V>.Run(to - from, tile);
                }
                else
                {
                    Tiles1<V>.Run(to - from, tile);
                }
            }
        }
    }

    // A tile's part of C lies in as many places as it has rows, which no hardware guesses; by the end of the depth it is there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(in Tile<V> tile, int rows)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        for (int i = 0; i < rows; i++)
        {
            Sse.Prefetch0(tile.C0 + (i * tile.CRow));
            Sse.Prefetch0(tile.C1 + (i * tile.CRow));
        }
    }
}
