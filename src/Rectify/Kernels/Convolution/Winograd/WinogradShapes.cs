using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>Which convolutions Winograd's kernels can do, and for which they are the faster ones.</summary>
internal static class WinogradShapes
{
    /// <summary>3×3 filters, stride 1, padding of at most 2 above and at the left, maps in blocks of 16 channels (no packed photos).</summary>
    public static bool Supports(in ConvolutionShape shape) =>
        shape.Window is { R: 3, S: 3, StrideH: 1, StrideW: 1, PadTop: <= 2, PadLeft: <= 2 } && shape.Input.Pitch % MapShape.ChannelBlock == 0;

    /// <summary>At least 16 channels on both sides.</summary>
    public static bool Pays(in ConvolutionShape shape) => shape.Input.C >= 16 && shape.K >= 16;
}
