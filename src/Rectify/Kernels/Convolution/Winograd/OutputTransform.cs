using System.Runtime.CompilerServices;
using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>y = Aᵀ m A of some tiles, for some panels of 16 outputs, with bias and rectifier; see <see cref="IWinograd"/>.</summary>
/// <remarks>Lanes are output channels. Of a tile that reaches beyond the map, what lies inside is stored.</remarks>
internal static unsafe class OutputTransform<V, TScheme>
    where V : struct, ILanes<V>
    where TScheme : IWinograd
{
    private const int Block = MapShape.ChannelBlock;

    private static int Row => TScheme.Size * Block;

    /// <summary>Transforms tiles and overwrites their outputs.</summary>
    /// <param name="grid">Where the tiles lie.</param>
    /// <param name="first">First tile.</param>
    /// <param name="count">Tiles.</param>
    /// <param name="panels">Panels.</param>
    /// <param name="m">The products: point 0 of the first tile, a panel's 16 after another's.</param>
    /// <param name="row">Floats from a tile to the next.</param>
    /// <param name="point">Floats from a point to the next.</param>
    /// <param name="channel">First output channel.</param>
    /// <param name="epilogue">What is done to the responses, and where they go.</param>
    /// <param name="y">Scratch of the plan's PatchLength.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in TileGrid grid, int first, int count, int panels, float* m, nint row, nint point, int channel, in Epilogue<V> epilogue, float* y)
    {
        for (int i = 0; i < count; i++, m += row)
        {
            TileArea area = grid.Outputs(first + i);
            for (int panel = 0; panel < panels; panel++)
            {
                for (int lane = 0; lane < Block; lane += V.Width)
                {
                    TScheme.Output<V>(m + (panel * Block) + lane, point, y + lane);
                }

                int k = channel + (panel * Block);
                epilogue.Put(y, Row, area.EndRow, area.EndColumn, k, area.Offset + k, area.RowLength, area.Pitch);
            }
        }
    }
}
