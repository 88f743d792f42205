using Rectify.Kernels;
using Rectify.Kernels.Dropout;
using Rectify.Kernels.Simd;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Execution;

/// <summary>Dropout: nothing is saved, the mask is drawn again on the way back. In inference a copy.</summary>
internal sealed class DropoutStep(Dropout dropout, int index) : Step(dropout.Name, [dropout])
{
    public override StepMemory Memory(MapShape input, ExecutionMode mode, KernelContext context) => default;

    public override string Kernels(MapShape input, ExecutionMode mode, Isa isa, bool exact) => mode == ExecutionMode.Training ? "philox" : "copy";

    public override void Forward(StepRun run)
    {
        if (run.Mode == ExecutionMode.Training)
        {
            DropoutKernel.Run(run.InputShape, dropout.Rate, Mask(run), run.Input, run.Output, run.Context);
        }
        else
        {
            run.Input.CopyTo(run.Output);
        }
    }

    public override void Backward(StepRun run)
    {
        if (!run.InputGradient.IsEmpty)
        {
            DropoutKernel.Run(run.InputShape, dropout.Rate, Mask(run), run.OutputGradient, run.InputGradient, run.Context);
        }
    }

    private DropoutMask Mask(StepRun run) => new(run.Moment.Seed, index, run.Moment.Step, run.Moment.FirstSample);
}
