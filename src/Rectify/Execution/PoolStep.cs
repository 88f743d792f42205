using Rectify.Kernels;
using Rectify.Kernels.Pooling;
using Rectify.Kernels.Simd;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Execution;

/// <summary>Max pooling; the winners are saved for the way back.</summary>
internal sealed class PoolStep(MaxPool pool) : Step(pool.Name, [pool])
{
    public override StepMemory Memory(MapShape input, ExecutionMode mode, KernelContext context) =>
        new() { Saved = mode == ExecutionMode.Training ? pool.Shape(input).Output.Length : 0 };

    public override string Kernels(MapShape input, ExecutionMode mode, Isa isa, bool exact) => PoolKernels.Forward.Choose(pool.Shape(input), isa).Name;

    public override void Forward(StepRun run)
    {
        PoolShape shape = pool.Shape(run.InputShape);
        PoolKernels.Forward.Choose(shape, run.Context.Isa).Run(shape, run.Input, run.Output, run.Saved, run.Context);
    }

    public override void Backward(StepRun run)
    {
        if (!run.InputGradient.IsEmpty)
        {
            PoolShape shape = pool.Shape(run.InputShape);
            PoolKernels.Backward.Choose(shape, run.Context.Isa).Run(shape, run.OutputGradient, run.Saved, run.InputGradient, run.Context);
        }
    }
}
