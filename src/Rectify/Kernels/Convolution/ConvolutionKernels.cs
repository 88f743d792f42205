using Rectify.Kernels.Convolution.Photo;
using Rectify.Kernels.Convolution.Winograd;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Convolution;

/// <summary>The kernels of a convolution's three passes, fastest first. Winograd's and those for photos stand above the blocked ones.</summary>
internal static class ConvolutionKernels
{
    /// <summary>y from x.</summary>
    public static KernelTable<ConvolutionForwardKernel, ConvolutionShape> Forward { get; } = new(
        new WinogradForward<Lanes512, Winograd53>(),
        new WinogradForward<Lanes256, Winograd53>(),
        new WinogradForward<Lanes128, Winograd53>(),
        new WinogradForward<Lanes512, Winograd43>(),
        new WinogradForward<Lanes256, Winograd43>(),
        new WinogradForward<Lanes128, Winograd43>(),
        new WinogradForward<Lanes512, Winograd32>(),
        new WinogradForward<Lanes256, Winograd32>(),
        new WinogradForward<Lanes128, Winograd32>(),
        new WinogradForward<Lanes512, Winograd42>(),
        new WinogradForward<Lanes256, Winograd42>(),
        new WinogradForward<Lanes128, Winograd42>(),
        new WinogradForward<Lanes512, Winograd27>(),
        new WinogradForward<Lanes256, Winograd27>(),
        new WinogradForward<Lanes128, Winograd27>(),
        new PhotoForward<Lanes512>(),
        new PhotoForward<Lanes256>(),
        new PhotoForward<Lanes128>(),
        new BlockedForward<Lanes512>(),
        new BlockedForward<Lanes256>(),
        new BlockedForward<Lanes128>(),
        new BlockedForward<Lanes1>(),
        new ReferenceForward());

    /// <summary>dx from dy.</summary>
    public static KernelTable<ConvolutionBackwardDataKernel, ConvolutionShape> BackwardData { get; } = new(
        new WinogradBackwardData<Lanes512, Winograd53>(),
        new WinogradBackwardData<Lanes256, Winograd53>(),
        new WinogradBackwardData<Lanes128, Winograd53>(),
        new WinogradBackwardData<Lanes512, Winograd43>(),
        new WinogradBackwardData<Lanes256, Winograd43>(),
        new WinogradBackwardData<Lanes128, Winograd43>(),
        new WinogradBackwardData<Lanes512, Winograd32>(),
        new WinogradBackwardData<Lanes256, Winograd32>(),
        new WinogradBackwardData<Lanes128, Winograd32>(),
        new WinogradBackwardData<Lanes512, Winograd42>(),
        new WinogradBackwardData<Lanes256, Winograd42>(),
        new WinogradBackwardData<Lanes128, Winograd42>(),
        new BlockedBackwardData<Lanes512>(),
        new BlockedBackwardData<Lanes256>(),
        new BlockedBackwardData<Lanes128>(),
        new BlockedBackwardData<Lanes1>(),
        new ReferenceBackwardData());

    /// <summary>dw from x and dy.</summary>
    public static KernelTable<ConvolutionBackwardFilterKernel, ConvolutionShape> BackwardFilter { get; } = new(
        new WinogradBackwardFilter<Lanes512, Winograd53>(),
        new WinogradBackwardFilter<Lanes256, Winograd53>(),
        new WinogradBackwardFilter<Lanes128, Winograd53>(),
        new WinogradBackwardFilter<Lanes512, Winograd43>(),
        new WinogradBackwardFilter<Lanes256, Winograd43>(),
        new WinogradBackwardFilter<Lanes128, Winograd43>(),
        new WinogradBackwardFilter<Lanes512, Winograd32>(),
        new WinogradBackwardFilter<Lanes256, Winograd32>(),
        new WinogradBackwardFilter<Lanes128, Winograd32>(),
        new WinogradBackwardFilter<Lanes512, Winograd42>(),
        new WinogradBackwardFilter<Lanes256, Winograd42>(),
        new WinogradBackwardFilter<Lanes128, Winograd42>(),
        new PhotoBackwardFilter<Lanes512>(),
        new PhotoBackwardFilter<Lanes256>(),
        new PhotoBackwardFilter<Lanes128>(),
        new BlockedBackwardFilter<Lanes512>(),
        new BlockedBackwardFilter<Lanes256>(),
        new BlockedBackwardFilter<Lanes128>(),
        new BlockedBackwardFilter<Lanes1>(),
        new ReferenceBackwardFilter());
}
