using Rectify.Kernels.Convolution;
using Rectify.Kernels.Simd;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Execution;

/// <summary>Convolution + bias + rectifier.</summary>
internal sealed class ConvolutionStep(Convolution convolution, Rectifier? rectifier) : RectifiedStep(convolution, convolution.Bias, rectifier)
{
    public override string Kernels(MapShape input, ExecutionMode mode, Isa isa)
    {
        ConvolutionShape shape = convolution.Shape(input);
        string forward = ConvolutionKernels.Forward.Choose(shape, isa).Name;
        return mode == ExecutionMode.Inference
            ? forward
            : $"{forward} / {ConvolutionKernels.BackwardData.Choose(shape, isa).Name} / {ConvolutionKernels.BackwardFilter.Choose(shape, isa).Name}";
    }

    public override void Forward(StepRun run)
    {
        ConvolutionShape shape = convolution.Shape(run.InputShape);
        ConvolutionKernels.Forward.Choose(shape, run.Context.Isa).Run(
            shape,
            new ConvolutionForwardOperands
            {
                X = run.Input,
                W = convolution.Weight.Values,
                Bias = Bias is null ? [] : Bias.Values,
                Y = Responses(run),
                Rectification = Rectification,
                Slopes = Slopes,
                Rectified = run.Output,
                Scratch = run.ForwardScratch,
            },
            run.Context);
    }

    protected override (long Forward, long Backward) WeightScratch(MapShape input, Isa isa, int workers)
    {
        ConvolutionShape shape = convolution.Shape(input);
        return (
            ConvolutionKernels.Forward.Choose(shape, isa).ScratchLength(shape, workers),
            Math.Max(
                ConvolutionKernels.BackwardData.Choose(shape, isa).ScratchLength(shape, workers),
                ConvolutionKernels.BackwardFilter.Choose(shape, isa).ScratchLength(shape, workers)));
    }

    protected override void BackwardWeights(StepRun run)
    {
        ConvolutionShape shape = convolution.Shape(run.InputShape);
        ConvolutionKernels.BackwardFilter.Choose(shape, run.Context.Isa).Run(
            shape, run.Input, run.OutputGradient, run.Gradient(convolution.Weight), run.BackwardScratch, run.Context);
        if (!run.InputGradient.IsEmpty)
        {
            ConvolutionKernels.BackwardData.Choose(shape, run.Context.Isa).Run(
                shape, run.OutputGradient, convolution.Weight.Values, run.InputGradient, run.BackwardScratch, run.Context);
        }
    }
}
