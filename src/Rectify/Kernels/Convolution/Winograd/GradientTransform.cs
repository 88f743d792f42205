using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>D = A dy Aᵀ of the outputs' gradients of some tiles: the adjoint of the output transform; see <see cref="WinogradPoints"/>.</summary>
/// <remarks>D lies as [panel of 16 outputs][36 points][tiles][16]. Lanes are output channels. What a tile has beyond the map counts as zero.</remarks>
internal static unsafe class GradientTransform<V>
    where V : struct, ILanes<V>
{
    private const int Block = MapShape.ChannelBlock;
    private const int PatchRow = TileGrid.Size * Block;

    /// <summary>Transforms tiles, which come to lie from row <paramref name="row"/> on; overwrites.</summary>
    /// <param name="grid">Where the tiles lie.</param>
    /// <param name="dy">The gradients that the grid covers.</param>
    /// <param name="first">First tile.</param>
    /// <param name="count">Tiles.</param>
    /// <param name="d">The matrices.</param>
    /// <param name="point">Floats from a point to the next in them; 36 of them from a panel to the next.</param>
    /// <param name="row">Row of the first tile.</param>
    /// <param name="patch">Scratch of 16·16 floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in TileGrid grid, float* dy, int first, int count, float* d, nint point, int row, float* patch)
    {
        int channels = grid.Output.Pitch;
        for (int i = 0; i < count; i++)
        {
            TileArea area = grid.Outputs(first + i);
            float* from = dy + area.Offset;
            float* to = d + ((nint)(row + i) * Block);
            bool whole = area.IsWhole;
            if (!whole)
            {
                Lines<V>.Zero(patch, TileGrid.Size * PatchRow);
            }

            for (int channel = 0; channel < channels; channel += Block, from += Block, to += TileGrid.Points * point)
            {
                if (whole)
                {
                    PrefetchNext(from, area.RowLength, area.Pitch);
                    Tile(from, area.RowLength, area.Pitch, to, point);
                    continue;
                }

                for (int r = 0; r < area.EndRow; r++)
                {
                    for (int s = 0; s < area.EndColumn; s++)
                    {
                        Lines<V>.Copy(from + (r * area.RowLength) + (s * area.Pitch), patch + (r * PatchRow) + (s * Block), Block);
                    }
                }

                Tile(patch, PatchRow, Block, to, point);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchNext(float* from, nint rowLength, nint pitch)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        from += TileGrid.Size * pitch;
        for (int r = 0; r < TileGrid.Size; r++, from += rowLength)
        {
            Sse.Prefetch1(from);
            Sse.Prefetch1(from + pitch);
            Sse.Prefetch1(from + (2 * pitch));
            Sse.Prefetch1(from + (3 * pitch));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(float* y, nint row, nint column, float* d, nint point)
    {
        for (int lane = 0; lane < Block; lane += V.Width, y += V.Width, d += V.Width)
        {
            Outer(y, column, d, point);
            Inner(y, row, column, WinogradPoints.A, WinogradPoints.A2, d + (6 * point), point);
            Inner(y, row, column, WinogradPoints.B, WinogradPoints.B2, d + (18 * point), point);
            Outer(y + (3 * row), column, d + (30 * point), point);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Outer(float* y, nint column, float* d, nint point) =>
        Put(V.Load(y), V.Load(y + column), V.Load(y + (2 * column)), V.Load(y + (3 * column)), d, point);

    // Points ±p: two rows of the result.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Inner(float* y, nint row, nint column, float p, float p2, float* d, nint point)
    {
        V square = V.Broadcast(p2);
        V e0 = Pair(y, row, square), o0 = Pair(y + row, row, square);
        V e1 = Pair(y + column, row, square), o1 = Pair(y + row + column, row, square);
        V e2 = Pair(y + (2 * column), row, square), o2 = Pair(y + row + (2 * column), row, square);
        V e3 = Pair(y + (3 * column), row, square), o3 = Pair(y + row + (3 * column), row, square);
        V plus = V.Broadcast(p);
        V minus = V.Broadcast(-p);
        Put(V.MultiplyAdd(o0, plus, e0), V.MultiplyAdd(o1, plus, e1), V.MultiplyAdd(o2, plus, e2), V.MultiplyAdd(o3, plus, e3), d, point);
        Put(V.MultiplyAdd(o0, minus, e0), V.MultiplyAdd(o1, minus, e1), V.MultiplyAdd(o2, minus, e2), V.MultiplyAdd(o3, minus, e3), d + (6 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Pair(float* y, nint row, V square) => V.MultiplyAdd(V.Load(y + (2 * row)), square, V.Load(y));

    // Along a row: four gradients to six points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(V t0, V t1, V t2, V t3, float* d, nint point)
    {
        V.Store(t0, d);
        V.Store(t3, d + (5 * point));
        V square = V.Broadcast(WinogradPoints.A2);
        V even = V.MultiplyAdd(t2, square, t0);
        V odd = V.MultiplyAdd(t3, square, t1);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(WinogradPoints.A), even), d + point);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-WinogradPoints.A), even), d + (2 * point));
        square = V.Broadcast(WinogradPoints.B2);
        even = V.MultiplyAdd(t2, square, t0);
        odd = V.MultiplyAdd(t3, square, t1);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(WinogradPoints.B), even), d + (3 * point));
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-WinogradPoints.B), even), d + (4 * point));
    }
}
