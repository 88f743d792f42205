namespace Rectify.Kernels.Pooling;

/// <summary>y[window,bin,c] = max of x over the bin's pixels in the window; a NaN wins: what a <see cref="PyramidForwardKernel"/> gives for each window alone.</summary>
/// <remarks>Two parts, so that any number of windows may be asked for at a time: what windows share is made once for a map. A maximum is one of its inputs: nothing is
/// rounded.</remarks>
internal abstract class WindowPyramidKernel : Kernel<WindowPyramidShape>
{
    /// <summary>Makes what windows share.</summary>
    /// <param name="shape">The work.</param>
    /// <param name="x">The maps.</param>
    /// <param name="scratch">At least ScratchLength; overwritten.</param>
    /// <param name="context">Threads.</param>
    public abstract void Prepare(in WindowPyramidShape shape, ReadOnlySpan<float> x, Span<float> scratch, KernelContext context);

    /// <summary>Pools some of the windows.</summary>
    /// <param name="shape">The work.</param>
    /// <param name="x">The maps, as they were prepared.</param>
    /// <param name="scratch">What Prepare wrote.</param>
    /// <param name="first">The first window.</param>
    /// <param name="count">How many.</param>
    /// <param name="y">[count,bins,pitch]; overwritten.</param>
    /// <param name="context">Threads.</param>
    public abstract void Pool(in WindowPyramidShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> scratch, int first, int count, Span<float> y, KernelContext context);
}
