using Rectify.Kernels;
using Rectify.Kernels.Convolution;
using Rectify.Kernels.Simd;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Execution;

/// <summary>Convolution + bias + rectifier.</summary>
internal sealed class ConvolutionStep(Convolution convolution, Rectifier? rectifier) : RectifiedStep(convolution, convolution.Weight, convolution.Bias, rectifier)
{
    public override string Kernels(MapShape input, ExecutionMode mode, Isa isa, bool exact)
    {
        ConvolutionShape shape = convolution.Shape(input);
        string forward = ConvolutionKernels.Forward.Choose(shape, isa, exact).Name;
        return mode == ExecutionMode.Inference
            ? forward
            : $"{forward} / {ConvolutionKernels.BackwardData.Choose(shape, isa, exact).Name} / {ConvolutionKernels.BackwardFilter.Choose(shape, isa, exact).Name}";
    }

    protected override (long Forward, long Backward) WeightScratch(MapShape input, KernelContext context)
    {
        ConvolutionShape shape = convolution.Shape(input);
        return (
            ConvolutionKernels.Forward.Choose(shape, context).ScratchLength(shape, context.Workers.Count),
            Math.Max(
                ConvolutionKernels.BackwardData.Choose(shape, context).ScratchLength(shape, context.Workers.Count),
                ConvolutionKernels.BackwardFilter.Choose(shape, context).ScratchLength(shape, context.Workers.Count)));
    }

    protected override void ForwardWeights(StepRun run, in ConvolutionForwardOperands operands)
    {
        ConvolutionShape shape = convolution.Shape(run.InputShape);
        ConvolutionKernels.Forward.Choose(shape, run.Context).Run(shape, operands, run.Context);
    }

    protected override void BackwardFilter(StepRun run)
    {
        ConvolutionShape shape = convolution.Shape(run.InputShape);
        ConvolutionKernels.BackwardFilter.Choose(shape, run.Context).Run(
            shape, run.Input, run.OutputGradient, run.Gradient(convolution.Weight), run.BackwardScratch, run.Context);
    }

    protected override void BackwardData(StepRun run, ReadOnlySpan<float> weights)
    {
        ConvolutionShape shape = convolution.Shape(run.InputShape);
        ConvolutionKernels.BackwardData.Choose(shape, run.Context).Run(
            shape, run.OutputGradient, weights, run.InputGradient, run.BackwardScratch, run.Context);
    }
}
