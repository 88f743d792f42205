namespace Rectify.Kernels.Convolution;

/// <summary>y[n,p,q,k] = b[k] + Σ w[k,r,s,c]·x[n, p·stride−pad+r, q·stride−pad+s, c] (equation 5), then f(y).</summary>
internal abstract class ConvolutionForwardKernel : Kernel<ConvolutionShape>
{
    /// <summary>Overwrites y, and f(y) where there is a rectifier. The order of each sum depends on the filter's shape alone.</summary>
    public abstract void Run(in ConvolutionShape shape, in ConvolutionForwardOperands operands, KernelContext context);
}

/// <summary>dx[n,h,w,c] = Σ w[k,r,s,c]·dy[n,p,q,k] over all (p,q,r,s) that touch (h,w) (equation 11).</summary>
internal abstract class ConvolutionBackwardDataKernel : Kernel<ConvolutionShape>
{
    /// <summary>Overwrites dx.</summary>
    /// <param name="shape">The forward convolution.</param>
    /// <param name="dy">Gradient of the output, [N,P,Q,pitch].</param>
    /// <param name="w">Filters as in the forward pass.</param>
    /// <param name="dx">Gradient of the input, [N,H,W,pitch].</param>
    /// <param name="scratch">At least ScratchLength floats.</param>
    /// <param name="context">Threads.</param>
    public abstract void Run(in ConvolutionShape shape, ReadOnlySpan<float> dy, ReadOnlySpan<float> w, Span<float> dx, Span<float> scratch, KernelContext context);
}

/// <summary>dw[k,r,s,c] += Σ dy[n,p,q,k]·x[n, p·stride−pad+r, q·stride−pad+s, c] over n, p, q.</summary>
internal abstract class ConvolutionBackwardFilterKernel : Kernel<ConvolutionShape>
{
    /// <summary>Adds to dw. The order of each sum depends on the whole shape, the batch included, never on threads.</summary>
    /// <param name="shape">The forward convolution.</param>
    /// <param name="x">Input of the forward pass.</param>
    /// <param name="dy">Gradient of the output.</param>
    /// <param name="dw">Gradient of the filters, laid out like them; added to.</param>
    /// <param name="scratch">At least ScratchLength floats.</param>
    /// <param name="context">Threads.</param>
    public abstract void Run(in ConvolutionShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dw, Span<float> scratch, KernelContext context);
}
