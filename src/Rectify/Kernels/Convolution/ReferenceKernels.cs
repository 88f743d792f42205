using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Convolution;

/// <summary>Forward convolution by its definition.</summary>
internal sealed class ReferenceForward : ConvolutionForwardKernel
{
    public override string Name => "reference";

    public override bool Supports(in ConvolutionShape shape, Isa isa) => true;

    public override void Run(in ConvolutionShape shape, in ConvolutionForwardOperands operands, KernelContext context)
    {
        ConvolutionReference<float>.Forward(shape, operands.X, operands.W, operands.Bias, operands.Y);
        if (operands.Rectification != Rectification.None)
        {
            RectifierReference<float>.Forward(shape.Output, operands.Rectification, operands.Y, operands.Slopes, operands.Rectified);
        }
    }
}

/// <summary>Backward-data by its definition.</summary>
internal sealed class ReferenceBackwardData : ConvolutionBackwardDataKernel
{
    public override string Name => "reference";

    public override bool Supports(in ConvolutionShape shape, Isa isa) => true;

    public override void Run(in ConvolutionShape shape, ReadOnlySpan<float> dy, ReadOnlySpan<float> w, Span<float> dx, Span<float> scratch, KernelContext context) =>
        ConvolutionReference<float>.BackwardData(shape, dy, w, dx);
}

/// <summary>Backward-filter by its definition.</summary>
internal sealed class ReferenceBackwardFilter : ConvolutionBackwardFilterKernel
{
    public override string Name => "reference";

    public override bool Supports(in ConvolutionShape shape, Isa isa) => true;

    public override void Run(in ConvolutionShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dw, Span<float> scratch, KernelContext context) =>
        ConvolutionReference<float>.BackwardFilter(shape, x, dy, dw);
}
