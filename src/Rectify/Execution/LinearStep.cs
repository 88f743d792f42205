using Rectify.Kernels;
using Rectify.Kernels.Convolution;
using Rectify.Kernels.Linear;
using Rectify.Kernels.Simd;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Execution;

/// <summary>Fully connected layer + bias + rectifier.</summary>
internal sealed class LinearStep(Linear linear, Rectifier? rectifier) : RectifiedStep(linear, linear.Weight, linear.Bias, rectifier)
{
    public override LinearShape? FactoredShape(Parameter parameter, int images)
    {
        LinearShape shape = linear.Shape(linear.Features.WithBatch(images));
        return parameter == linear.Weight && images > 0 && GradientFactors.Pay(shape) ? shape : null;
    }

    public override string Kernels(MapShape input, ExecutionMode mode, Isa isa, bool exact)
    {
        LinearShape shape = linear.Shape(input);
        string forward = LinearKernels.Forward.Choose(shape, isa, exact).Name;
        return mode == ExecutionMode.Inference
            ? forward
            : $"{forward} / {LinearKernels.BackwardData.Choose(shape, isa, exact).Name} / {LinearKernels.BackwardFilter.Choose(shape, isa, exact).Name}";
    }

    protected override (long Forward, long Backward) WeightScratch(MapShape input, KernelContext context)
    {
        LinearShape shape = linear.Shape(input);
        return (
            LinearKernels.Forward.Choose(shape, context).ScratchLength(shape, context.Workers.Count),
            Math.Max(
                LinearKernels.BackwardData.Choose(shape, context).ScratchLength(shape, context.Workers.Count),
                LinearKernels.BackwardFilter.Choose(shape, context).ScratchLength(shape, context.Workers.Count)));
    }

    protected override void ForwardWeights(StepRun run, in ConvolutionForwardOperands operands)
    {
        LinearShape shape = linear.Shape(run.InputShape);
        LinearKernels.Forward.Choose(shape, run.Context).Run(shape, operands, run.Context);
    }

    // Modest inputs and gradients, far fewer than the weights, spare whoever wants the weights' gradient finite a look at all of it.
    protected override void BackwardFilter(StepRun run)
    {
        LinearShape shape = linear.Shape(run.InputShape);
        bool modest = GradientFactors.AreModest(shape.Input.N, run.Input, run.OutputGradient, run.Context);
        bool first;
        if (run.Factors(linear.Weight) is { } factors)
        {
            first = factors.Images == 0;
            factors.Add(run.Input, run.OutputGradient);
        }
        else
        {
            Span<float> gradient = run.TakeGradient(linear.Weight, out first);
            LinearKernels.BackwardFilter.Choose(shape, run.Context).Run(
                shape, run.Input, run.OutputGradient, !first, gradient, run.BackwardScratch, run.Context);
        }

        run.NoteGradient(linear.Weight, first, modest);
    }

    protected override void BackwardData(StepRun run, ReadOnlySpan<float> weights)
    {
        LinearShape shape = linear.Shape(run.InputShape);
        LinearKernels.BackwardData.Choose(shape, run.Context).Run(
            shape, run.OutputGradient, weights, run.InputGradient, run.BackwardScratch, run.Context);
    }
}
