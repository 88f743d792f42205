using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>V = Bᵀ d B of the patches d of some tiles; see <see cref="IWinograd"/>.</summary>
/// <remarks>
/// V lies as [slice][n² points][tiles][channels of a slice], points a <see cref="PointMatrices"/> stride apart: for each point, what a matrix product reads as
/// rows of tiles. Lanes are channels, so nothing is transposed. Pixels outside the map count as zero. NaN and infinity spread over their tile's numbers.
/// </remarks>
internal static unsafe class InputTransform<V, TScheme>
    where V : struct, ILanes<V>
    where TScheme : IWinograd
{
    private const int Block = MapShape.ChannelBlock;

    private static int PatchRow => TScheme.PatchSize * Block;

    private static int PatchLength => TScheme.PatchSize * PatchRow;

    /// <summary>Transforms tiles, which come to lie from row <paramref name="row"/> on; overwrites.</summary>
    /// <param name="grid">Where the tiles lie.</param>
    /// <param name="map">The maps that the grid reads.</param>
    /// <param name="first">First tile.</param>
    /// <param name="count">Tiles.</param>
    /// <param name="v">The matrices.</param>
    /// <param name="matrices">Their layout.</param>
    /// <param name="row">Row of the first tile in them.</param>
    /// <param name="patch">Scratch of the plan's PatchLength.</param>
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
                    TScheme.Patch<V>(from + channel + lane, area.RowLength, area.Pitch, to + lane, matrices.PointStride);
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
                    TScheme.Patch<V>(patch + lane, PatchRow, Block, to + c + lane, matrices.PointStride);
                }
            }
        }
    }

    // The tile at the right shares r − 1 columns with this one; those that are new to it lie in m·n places, which no hardware guesses.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchNext(float* from, nint rowLength, nint pitch)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        from += TScheme.PatchSize * pitch;
        for (int r = 0; r < TScheme.PatchSize; r++, from += rowLength)
        {
            for (int s = 0; s < TScheme.Size; s++)
            {
                Sse.Prefetch1(from + (s * pitch));
            }
        }
    }
}
