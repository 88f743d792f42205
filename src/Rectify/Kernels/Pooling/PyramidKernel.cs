namespace Rectify.Kernels.Pooling;

/// <summary>y[n,bin,c] = max of x over the bin's pixels; a NaN wins. The first of equal values is the one that counts.</summary>
internal abstract class PyramidForwardKernel : Kernel<PyramidShape>
{
    /// <summary>Overwrites y, and winners unless it is empty.</summary>
    /// <param name="shape">The work.</param>
    /// <param name="x">The maps.</param>
    /// <param name="y">[N,bins,1,pitch].</param>
    /// <param name="winners">For each output the pixel of its image, h·W + w, that gave the maximum, as a float; empty when there will be no backward pass.</param>
    /// <param name="context">Threads.</param>
    public abstract void Run(in PyramidShape shape, ReadOnlySpan<float> x, Span<float> y, Span<float> winners, KernelContext context);
}

/// <summary>dx[winner of bin] = Σ dy[bin].</summary>
internal abstract class PyramidBackwardKernel : Kernel<PyramidShape>
{
    /// <summary>Overwrites dx.</summary>
    public abstract void Run(in PyramidShape shape, ReadOnlySpan<float> dy, ReadOnlySpan<float> winners, Span<float> dx, KernelContext context);
}
