using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>V = Bᵀ d B of the patches d of some tiles; see <see cref="WinogradPoints"/>.</summary>
/// <remarks>
/// V lies as [slice][36 points][tiles][channels of a slice], points a <see cref="PointMatrices"/> stride apart: for each point, what a matrix product reads as
/// rows of tiles. Lanes are channels, so nothing is transposed. Pixels outside the map count as zero. NaN and infinity spread over their tile's 36 numbers.
/// </remarks>
internal static unsafe class InputTransform<V>
    where V : struct, ILanes<V>
{
    /// <summary>Floats of the patch that tiles at an edge are copied to.</summary>
    public const int PatchLength = TileGrid.Points * Block;

    private const int Block = MapShape.ChannelBlock;
    private const int PatchRow = TileGrid.PatchSize * Block;

    /// <summary>Transforms tiles, which come to lie from row <paramref name="row"/> on; overwrites.</summary>
    /// <param name="grid">Where the tiles lie.</param>
    /// <param name="map">The maps that the grid reads.</param>
    /// <param name="first">First tile.</param>
    /// <param name="count">Tiles.</param>
    /// <param name="v">The matrices.</param>
    /// <param name="matrices">Their layout.</param>
    /// <param name="row">Row of the first tile in them.</param>
    /// <param name="patch">Scratch of <see cref="PatchLength"/> floats.</param>
    public static void Run(in TileGrid grid, float* map, int first, int count, float* v, in PointMatrices matrices, int row, float* patch)
    {
        for (int i = 0; i < count; i++)
        {
            TileArea area = grid.Inputs(first + i);
            float* to = v + ((nint)(row + i) * matrices.SliceChannels);
            if (area.IsWhole)
            {
                Whole(area, map + area.Offset, to, matrices);
            }
            else
            {
                Edge(area, map + area.Offset, to, matrices, patch);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Whole(in TileArea area, float* from, float* to, in PointMatrices matrices)
    {
        for (int channel = 0; channel < matrices.Channels; channel += matrices.SliceChannels, to += matrices.SliceLength)
        {
            int end = Math.Min(matrices.Channels - channel, matrices.SliceChannels);
            for (int c = 0; c < end; c += Block)
            {
                PrefetchNext(from + channel + c, area.RowLength, area.Pitch);
                for (int lane = c; lane < c + Block; lane += V.Width)
                {
                    Patch(from + channel + lane, area.RowLength, area.Pitch, to + lane, matrices.PointStride);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Edge(in TileArea area, float* from, float* to, in PointMatrices matrices, float* patch)
    {
        Lines<V>.Zero(patch, PatchLength);
        for (int channel = 0; channel < matrices.Channels; channel += matrices.SliceChannels, to += matrices.SliceLength)
        {
            int end = Math.Min(matrices.Channels - channel, matrices.SliceChannels);
            for (int c = 0; c < end; c += Block)
            {
                for (int r = area.FirstRow; r < area.EndRow; r++)
                {
                    for (int s = area.FirstColumn; s < area.EndColumn; s++)
                    {
                        Lines<V>.Copy(from + (r * area.RowLength) + (s * area.Pitch) + channel + c, patch + (r * PatchRow) + (s * Block), Block);
                    }
                }

                for (int lane = 0; lane < Block; lane += V.Width)
                {
                    Patch(patch + lane, PatchRow, Block, to + c + lane, matrices.PointStride);
                }
            }
        }
    }

    // The tile at the right shares two columns with this one; the four that are new to it lie in 24 places, which no hardware guesses.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchNext(float* from, nint rowLength, nint pitch)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        from += TileGrid.PatchSize * pitch;
        for (int r = 0; r < TileGrid.PatchSize; r++, from += rowLength)
        {
            Sse.Prefetch1(from);
            Sse.Prefetch1(from + pitch);
            Sse.Prefetch1(from + (2 * pitch));
            Sse.Prefetch1(from + (3 * pitch));
        }
    }

    // First down the columns, for one or two rows of the result at a time: twelve numbers live at once, and nothing is stored in between.
    // Each is a method of its own: the JIT ceases to inline in one that has them all.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Patch(float* d, nint row, nint column, float* v, nint point)
    {
        OuterRow(d, row, column, v, point);
        InnerRows(d, row, column, WinogradPoints.A, WinogradPoints.B2, v + (6 * point), point);
        InnerRows(d, row, column, WinogradPoints.B, WinogradPoints.A2, v + (18 * point), point);
        OuterRow(d + row, row, column, v + (30 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OuterRow(float* d, nint row, nint column, float* v, nint point)
    {
        V t0 = Outer(d, row);
        V t1 = Outer(d + column, row);
        V t2 = Outer(d + (2 * column), row);
        V t3 = Outer(d + (3 * column), row);
        V t4 = Outer(d + (4 * column), row);
        V t5 = Outer(d + (5 * column), row);
        Put(t0, t1, t2, t3, t4, t5, v, point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Outer(float* d, nint row) => Outer(V.Load(d), V.Load(d + (2 * row)), V.Load(d + (4 * row)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Outer(V d0, V d2, V d4) =>
        V.MultiplyAdd(d0, V.Broadcast(WinogradPoints.A2B2), V.MultiplyAdd(d2, V.Broadcast(-WinogradPoints.Sum2), d4));

    // Points ±p, with q² of the other pair.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void InnerRows(float* d, nint row, nint column, float p, float q2, float* v, nint point)
    {
        V e0 = Even(d, row, q2), o0 = Odd(d, row, q2);
        V e1 = Even(d + column, row, q2), o1 = Odd(d + column, row, q2);
        V e2 = Even(d + (2 * column), row, q2), o2 = Odd(d + (2 * column), row, q2);
        V e3 = Even(d + (3 * column), row, q2), o3 = Odd(d + (3 * column), row, q2);
        V e4 = Even(d + (4 * column), row, q2), o4 = Odd(d + (4 * column), row, q2);
        V e5 = Even(d + (5 * column), row, q2), o5 = Odd(d + (5 * column), row, q2);
        V plus = V.Broadcast(p);
        V minus = V.Broadcast(-p);
        Put(
            V.MultiplyAdd(o0, plus, e0), V.MultiplyAdd(o1, plus, e1), V.MultiplyAdd(o2, plus, e2),
            V.MultiplyAdd(o3, plus, e3), V.MultiplyAdd(o4, plus, e4), V.MultiplyAdd(o5, plus, e5), v, point);
        Put(
            V.MultiplyAdd(o0, minus, e0), V.MultiplyAdd(o1, minus, e1), V.MultiplyAdd(o2, minus, e2),
            V.MultiplyAdd(o3, minus, e3), V.MultiplyAdd(o4, minus, e4), V.MultiplyAdd(o5, minus, e5), v + (6 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Even(float* d, nint row, float q2) => V.MultiplyAdd(V.Load(d + (2 * row)), V.Broadcast(-q2), V.Load(d + (4 * row)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Odd(float* d, nint row, float q2) => V.MultiplyAdd(V.Load(d + row), V.Broadcast(-q2), V.Load(d + (3 * row)));

    // Along a row: six numbers to six points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(V t0, V t1, V t2, V t3, V t4, V t5, float* v, nint point)
    {
        V.Store(Outer(t0, t2, t4), v);
        V.Store(Outer(t1, t3, t5), v + (5 * point));
        V even = V.MultiplyAdd(t2, V.Broadcast(-WinogradPoints.B2), t4);
        V odd = V.MultiplyAdd(t1, V.Broadcast(-WinogradPoints.B2), t3);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(WinogradPoints.A), even), v + point);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-WinogradPoints.A), even), v + (2 * point));
        even = V.MultiplyAdd(t2, V.Broadcast(-WinogradPoints.A2), t4);
        odd = V.MultiplyAdd(t1, V.Broadcast(-WinogradPoints.A2), t3);
        V.Store(V.MultiplyAdd(odd, V.Broadcast(WinogradPoints.B), even), v + (3 * point));
        V.Store(V.MultiplyAdd(odd, V.Broadcast(-WinogradPoints.B), even), v + (4 * point));
    }
}
