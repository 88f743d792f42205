using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>Which convolutions Winograd's kernels can do, and for which they are the faster ones.</summary>
internal static class WinogradShapes
{
    private const int FewestChannels = 16;

    /// <summary>r×r filters, stride 1, padding of at most r − 1 above and at the left, maps in blocks of 16 channels (no packed photos).</summary>
    public static bool Supports<TScheme>(in ConvolutionShape shape)
        where TScheme : IWinograd
    {
        Window window = shape.Window;
        return window.R == TScheme.Taps && window.S == TScheme.Taps && window is { StrideH: 1, StrideW: 1 } && window.PadTop < TScheme.Taps && window.PadLeft < TScheme.Taps
            && shape.Input.Pitch % MapShape.ChannelBlock == 0;
    }

    /// <summary>At least 16 channels on both sides, half as many products as the definition has, and of the forms for these filters the one with the fewest.</summary>
    /// <remarks>
    /// Measured against the blocked kernels from 16 to 512 channels and, for 3×3 filters, from 3×3 to 56×56 (5×5: 0.9 to 1.2 times as fast). The batch has no say:
    /// the choice of a kernel shows in the bits, and evaluation has the same bits for any batch. So a few tiny images are slower than they might be.
    /// </remarks>
    public static bool Pays<TScheme>(in ConvolutionShape shape, in TileGrid grid)
        where TScheme : IWinograd
    {
        long products = Products<TScheme>(grid.Output);
        long definition = (long)grid.Output.H * grid.Output.W * TScheme.Taps * TScheme.Taps;
        bool best = TScheme.Taps != 2 || (Beats<TScheme, Winograd32>(grid.Output) && Beats<TScheme, Winograd42>(grid.Output) && Beats<TScheme, Winograd52>(grid.Output));
        return shape.Input.C >= FewestChannels && shape.K >= FewestChannels && 2 * products <= definition && best;
    }

    // Fewer products, or as many with a smaller tile, whose points err less.
    private static bool Beats<TScheme, TOther>(in MapShape output)
        where TScheme : IWinograd
        where TOther : IWinograd =>
        Products<TScheme>(output) < Products<TOther>(output) + (TScheme.Size <= TOther.Size ? 1 : 0);

    // Of an image and a pair of channels.
    private static long Products<TScheme>(in MapShape output)
        where TScheme : IWinograd
    {
        long tiles = (long)((output.H + TScheme.Size - 1) / TScheme.Size) * ((output.W + TScheme.Size - 1) / TScheme.Size);
        return tiles * TScheme.PatchSize * TScheme.PatchSize;
    }
}
