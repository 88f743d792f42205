using Rectify.Kernels;
using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Execution;

/// <summary>A rectifier that follows no layer with weights.</summary>
internal sealed class RectifierStep(Rectifier rectifier) : Step(rectifier.Name, [rectifier])
{
    public override StepMemory Memory(MapShape input, ExecutionMode mode, KernelContext context)
    {
        RectifierShape shape = new(input, rectifier.Rectification);
        return new StepMemory { BackwardScratch = RectifierKernels.Backward.Choose(shape, context).ScratchLength(shape, context.Workers.Count), NeedsInput = true };
    }

    public override string Kernels(MapShape input, ExecutionMode mode, Isa isa, bool exact) =>
        RectifierKernels.Forward.Choose(new RectifierShape(input, rectifier.Rectification), isa).Name;

    public override void Forward(StepRun run)
    {
        RectifierShape shape = new(run.InputShape, rectifier.Rectification);
        RectifierKernels.Forward.Choose(shape, run.Context).Run(shape, run.Input, rectifier.Slopes, run.Output, run.Context);
    }

    public override void Backward(StepRun run)
    {
        RectifierShape shape = new(run.InputShape, rectifier.Rectification);
        Span<float> slopeGradient = rectifier is PReLU prelu ? run.Gradient(prelu.Slope) : [];
        RectifierKernels.Backward.Choose(shape, run.Context).Run(
            shape, run.Input, rectifier.Slopes, run.OutputGradient, slopeGradient, [], run.BackwardScratch, run.Context);
        if (!run.InputGradient.IsEmpty)
        {
            run.OutputGradient.CopyTo(run.InputGradient);
        }
    }
}
