namespace Rectify.Kernels.Pooling;

/// <summary>y[n,p,q,c] = max of x over the window at (p,q); a NaN wins. The first of equal values is the one that counts.</summary>
internal abstract class PoolForwardKernel : Kernel<PoolShape>
{
    /// <summary>Overwrites y, and winners unless it is empty.</summary>
    /// <param name="shape">The work.</param>
    /// <param name="x">The maps.</param>
    /// <param name="y">The pooled maps.</param>
    /// <param name="winners">For each output the pixel of its image, h·W + w, that gave the maximum, as a float; empty when there will be no backward pass.</param>
    /// <param name="context">Threads.</param>
    public abstract void Run(in PoolShape shape, ReadOnlySpan<float> x, Span<float> y, Span<float> winners, KernelContext context);
}

/// <summary>dx[winner of (p,q)] = Σ dy[p,q].</summary>
internal abstract class PoolBackwardKernel : Kernel<PoolShape>
{
    /// <summary>Overwrites dx.</summary>
    public abstract void Run(in PoolShape shape, ReadOnlySpan<float> dy, ReadOnlySpan<float> winners, Span<float> dx, KernelContext context);
}
