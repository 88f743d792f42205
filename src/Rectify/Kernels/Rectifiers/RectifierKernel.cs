namespace Rectify.Kernels.Rectifiers;

/// <summary>f(y) = y where y > 0, else a·y (equation 1); NaN stays NaN.</summary>
internal abstract class RectifierForwardKernel : Kernel<RectifierShape>
{
    /// <summary>Overwrites <paramref name="rectified"/>, which may be <paramref name="y"/>.</summary>
    public abstract void Run(in RectifierShape shape, Span<float> y, ReadOnlySpan<float> slopes, Span<float> rectified, KernelContext context);
}

/// <summary>Turns df, the gradient of f(y), into dy = f′(y)·df; da[c] += Σ df·y over y ≤ 0 (equations 2, 3); db[c] += Σ dy.</summary>
/// <remarks>f′(0) = a: x ≤ 0 takes the slope's branch. With <see cref="Rectification.None"/> only db is summed, the bias gradient of a layer without a rectifier.</remarks>
internal abstract class RectifierBackwardKernel : Kernel<RectifierShape>
{
    /// <summary>Rewrites df as dy in place; adds to da and db.</summary>
    /// <param name="shape">The maps and f.</param>
    /// <param name="y">Responses before f; for ReLU those after it do as well. Unused without a rectifier.</param>
    /// <param name="slopes">a: one, or one a channel.</param>
    /// <param name="gradient">df on entry, dy on return.</param>
    /// <param name="da">Gradient of the slopes, like them; empty if they are not learned.</param>
    /// <param name="db">Gradient of the biases before f, one a channel; empty if there are none.</param>
    /// <param name="scratch">At least ScratchLength floats.</param>
    /// <param name="context">Threads.</param>
    public abstract void Run(
        in RectifierShape shape,
        ReadOnlySpan<float> y,
        ReadOnlySpan<float> slopes,
        Span<float> gradient,
        Span<float> da,
        Span<float> db,
        Span<float> scratch,
        KernelContext context);
}
