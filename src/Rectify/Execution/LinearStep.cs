using Rectify.Kernels.Convolution;
using Rectify.Kernels.Linear;
using Rectify.Kernels.Simd;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Execution;

/// <summary>Fully connected layer + bias + rectifier.</summary>
internal sealed class LinearStep(Linear linear, Rectifier? rectifier) : RectifiedStep(linear, linear.Bias, rectifier)
{
    public override string Kernels(MapShape input, ExecutionMode mode, Isa isa)
    {
        LinearShape shape = linear.Shape(input);
        string forward = LinearKernels.Forward.Choose(shape, isa).Name;
        return mode == ExecutionMode.Inference
            ? forward
            : $"{forward} / {LinearKernels.BackwardData.Choose(shape, isa).Name} / {LinearKernels.BackwardFilter.Choose(shape, isa).Name}";
    }

    public override void Forward(StepRun run)
    {
        LinearShape shape = linear.Shape(run.InputShape);
        LinearKernels.Forward.Choose(shape, run.Context.Isa).Run(
            shape,
            new ConvolutionForwardOperands
            {
                X = run.Input,
                W = linear.Weight.Values,
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
        LinearShape shape = linear.Shape(input);
        return (
            LinearKernels.Forward.Choose(shape, isa).ScratchLength(shape, workers),
            Math.Max(
                LinearKernels.BackwardData.Choose(shape, isa).ScratchLength(shape, workers),
                LinearKernels.BackwardFilter.Choose(shape, isa).ScratchLength(shape, workers)));
    }

    protected override void BackwardWeights(StepRun run)
    {
        LinearShape shape = linear.Shape(run.InputShape);
        LinearKernels.BackwardFilter.Choose(shape, run.Context.Isa).Run(
            shape, run.Input, run.OutputGradient, run.Gradient(linear.Weight), run.BackwardScratch, run.Context);
        if (!run.InputGradient.IsEmpty)
        {
            LinearKernels.BackwardData.Choose(shape, run.Context.Isa).Run(
                shape, run.OutputGradient, linear.Weight.Values, run.InputGradient, run.BackwardScratch, run.Context);
        }
    }
}
