using Rectify.Kernels.Convolution;
using Rectify.Kernels.Optimization;

namespace Rectify.Kernels.Linear;

/// <summary>y[n,k] = b[k] + Σ w[k,h,w,c]·x[n,h,w,c], then f(y).</summary>
internal abstract class LinearForwardKernel : Kernel<LinearShape>
{
    /// <summary>Overwrites y, and f(y) where there is a rectifier; the operands are a convolution's whose filter is the whole map.</summary>
    public abstract void Run(in LinearShape shape, in ConvolutionForwardOperands operands, KernelContext context);
}

/// <summary>dx[n,h,w,c] = Σ w[k,h,w,c]·dy[n,k].</summary>
internal abstract class LinearBackwardDataKernel : Kernel<LinearShape>
{
    /// <summary>Overwrites dx.</summary>
    public abstract void Run(in LinearShape shape, ReadOnlySpan<float> dy, ReadOnlySpan<float> w, Span<float> dx, Span<float> scratch, KernelContext context);
}

/// <summary>dw[k,h,w,c] = Σ dy[n,k]·x[n,h,w,c]: stored, or used where it arises and never stored. It has the same bits either way.</summary>
internal abstract class LinearBackwardFilterKernel : Kernel<LinearShape>
{
    /// <summary>Adds to dw, or overwrites it: that reads nothing of it, and the weights of fully connected layers are most of some networks.</summary>
    public abstract void Run(
        in LinearShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, bool accumulate, Span<float> dw, Span<float> scratch, KernelContext context);

    /// <summary>A momentum step of the weights w and their velocities v with dw: one pass over both.</summary>
    public abstract void Update(
        in LinearShape shape,
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> dy,
        Span<float> w,
        Span<float> v,
        MomentumRule rule,
        Span<float> scratch,
        KernelContext context);

    /// <summary>How many numbers of dw are NaN or infinite.</summary>
    public abstract long CountNotFinite(in LinearShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> scratch, KernelContext context);
}
