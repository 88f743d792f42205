using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>Which convolutions Winograd's kernels can do, and for which they are the faster ones.</summary>
internal static class WinogradShapes
{
    private const int FewestChannels = 16;

    /// <summary>3×3 filters, stride 1, padding of at most 2 above and at the left, maps in blocks of 16 channels (no packed photos).</summary>
    public static bool Supports(in ConvolutionShape shape) =>
        shape.Window is { R: 3, S: 3, StrideH: 1, StrideW: 1, PadTop: <= 2, PadLeft: <= 2 } && shape.Input.Pitch % MapShape.ChannelBlock == 0;

    /// <summary>At least 16 channels on both sides, and at least half of what the tiles cover inside the map (not so at 1×1, 2×2, 5×5).</summary>
    /// <remarks>
    /// Measured against the blocked kernels from 16 to 512 channels and from 3×3 to 56×56 (5×5: 0.9 to 1.2 times as fast). The batch has no say: the choice of a kernel shows in the bits, and
    /// evaluation has the same bits for any batch. So a few tiny images are slower than they might be.
    /// </remarks>
    public static bool Pays(in ConvolutionShape shape, in TileGrid grid)
    {
        int outputs = grid.Output.H * grid.Output.W;
        int covered = grid.Rows * grid.Columns * TileGrid.Size * TileGrid.Size;
        return shape.Input.C >= FewestChannels && shape.K >= FewestChannels && 2 * outputs >= covered;
    }
}
