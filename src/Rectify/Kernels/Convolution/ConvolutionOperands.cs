using Rectify.Kernels.Rectifiers;

namespace Rectify.Kernels.Convolution;

/// <summary>What a forward convolution reads and writes; see <see cref="ConvolutionForwardKernel"/>.</summary>
internal readonly ref struct ConvolutionForwardOperands
{
    /// <summary>x: the input, [N,H,W,pitch].</summary>
    public required ReadOnlySpan<float> X { get; init; }

    /// <summary>w: the filters, [⌈K/16⌉][R][S][pitch of C][16].</summary>
    public required ReadOnlySpan<float> W { get; init; }

    /// <summary>b: the biases, K rounded up to 16; empty for none.</summary>
    public ReadOnlySpan<float> Bias { get; init; }

    /// <summary>y: the responses before the rectifier, [N,P,Q,pitch]; overwritten.</summary>
    public required Span<float> Y { get; init; }

    /// <summary>f: the rectifier that follows.</summary>
    public Rectification Rectification { get; init; }

    /// <summary>f's slopes: one, or K rounded up to 16.</summary>
    public ReadOnlySpan<float> Slopes { get; init; }

    /// <summary>f(y), like <see cref="Y"/>, which it may be; unused without a rectifier.</summary>
    public Span<float> Rectified { get; init; }

    /// <summary>Scratch of at least the kernel's ScratchLength.</summary>
    public required Span<float> Scratch { get; init; }
}
