using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>Which convolutions Winograd's kernels can do, and for which they are the faster ones.</summary>
internal static class WinogradShapes
{
    private const int FewestChannels = 16;
    private const int ManyChannels = 128;

    /// <summary>r×r filters, stride 1, padding of at most r − 1 above and at the left, maps in blocks of 16 channels (no packed photos).</summary>
    public static bool Supports<TScheme>(in ConvolutionShape shape)
        where TScheme : IWinograd
    {
        Window window = shape.Window;
        return window.R == TScheme.Taps && window.S == TScheme.Taps && window is { StrideH: 1, StrideW: 1 } && window.PadTop < TScheme.Taps && window.PadLeft < TScheme.Taps
            && shape.Input.Pitch % MapShape.ChannelBlock == 0;
    }

    /// <summary>
    /// At least 16 channels on both sides; at most half of the definition's products for 3×3 filters (not so at 1×1 and 2×2), four sevenths for 2×2 (not so at 1×1, 2×2, 5×5).
    /// Of the forms for 2×2 filters the one with fewer products; with as many, both pay, and F(3×3, 2×2), which errs less, comes first. F(5×5, 3×3), whose transforms take
    /// longer and which errs more, where it has at most seven eighths of the products of F(4×4, 3×3), or five eighths if there are fewer than 128 channels.
    /// </summary>
    /// <remarks>
    /// Measured against the blocked kernels and each other from 16 to 512 channels: 3×3 filters from 3×3 to 56×56, 2×2 from 3×3 to 36×36, where the form with fewer products
    /// was always the faster. The batch has no say: the choice of a kernel shows in the bits, and evaluation has the same bits for any batch. So a few tiny images are
    /// slower than they might be.
    /// </remarks>
    public static bool Pays<TScheme>(in ConvolutionShape shape, in TileGrid grid)
        where TScheme : IWinograd
    {
        MapShape output = grid.Output;
        long products = Products<TScheme>(output);
        long definition = (long)output.H * output.W * TScheme.Taps * TScheme.Taps;
        int channels = Math.Min(shape.Input.C, shape.K);
        bool fewest = (TScheme.Size, TScheme.Taps) switch
        {
            (_, 2) => 7 * products <= 4 * definition && products == Math.Min(Products<Winograd42>(output), Products<Winograd32>(output)),
            (5, 3) => 8 * products <= (channels >= ManyChannels ? 7 : 5) * Products<Winograd43>(output),
            _ => 2 * products <= definition,
        };
        return fewest && channels >= FewestChannels;
    }

    // Of an image and a pair of channels.
    private static long Products<TScheme>(in MapShape output)
        where TScheme : IWinograd
    {
        long tiles = (long)((output.H + TScheme.Size - 1) / TScheme.Size) * ((output.W + TScheme.Size - 1) / TScheme.Size);
        return tiles * TScheme.PatchSize * TScheme.PatchSize;
    }
}
