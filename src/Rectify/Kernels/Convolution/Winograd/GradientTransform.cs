using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>D = A dy Aᵀ of the outputs' gradients of some tiles: the adjoint of the output transform; see <see cref="IWinograd"/>.</summary>
/// <remarks>D lies as [panel of 16 outputs][n² points][tiles][16]. Lanes are output channels. What a tile has beyond the map counts as zero.</remarks>
internal static unsafe class GradientTransform<V, TScheme>
    where V : struct, ILanes<V>
    where TScheme : IWinogradGradients
{
    private const int Block = MapShape.ChannelBlock;

    private static int PatchRow => TScheme.Size * Block;

    /// <summary>Transforms tiles, which come to lie from row <paramref name="row"/> on; overwrites.</summary>
    /// <param name="grid">Where the tiles lie.</param>
    /// <param name="dy">The gradients that the grid covers.</param>
    /// <param name="first">First tile.</param>
    /// <param name="count">Tiles.</param>
    /// <param name="d">The matrices.</param>
    /// <param name="point">Floats from a point to the next in them; n² of them from a panel to the next.</param>
    /// <param name="row">Row of the first tile.</param>
    /// <param name="patch">Scratch of the plan's PatchLength.</param>
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
                Lines<V>.Zero(patch, TScheme.Size * PatchRow);
            }

            for (int channel = 0; channel < channels; channel += Block, from += Block, to += TScheme.PatchSize * TScheme.PatchSize * point)
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

        from += TScheme.Size * pitch;
        for (int r = 0; r < TScheme.Size; r++, from += rowLength)
        {
            for (int s = 0; s < TScheme.Size; s++)
            {
                Sse.Prefetch1(from + (s * pitch));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(float* y, nint row, nint column, float* d, nint point)
    {
        for (int lane = 0; lane < Block; lane += V.Width)
        {
            TScheme.Gradient<V>(y + lane, row, column, d + lane, point);
        }
    }
}
