namespace Rectify.Kernels.Pooling;

/// <summary>y[n,p,q,c] = the mean of x over the window at (p,q): Σ x / count, summed row by row in float32.</summary>
internal abstract class AverageForwardKernel : Kernel<AverageShape>
{
    /// <summary>Overwrites y.</summary>
    public abstract void Run(in AverageShape shape, ReadOnlySpan<float> x, Span<float> y, KernelContext context);
}

/// <summary>dx[n,h,w,c] = Σ dy[p,q] / count(p,q) over the windows that hold (h,w), in their order.</summary>
internal abstract class AverageBackwardKernel : Kernel<AverageShape>
{
    /// <summary>Overwrites dx.</summary>
    public abstract void Run(in AverageShape shape, ReadOnlySpan<float> dy, Span<float> dx, KernelContext context);
}
