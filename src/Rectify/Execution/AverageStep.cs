using Rectify.Kernels;
using Rectify.Kernels.Pooling;
using Rectify.Kernels.Simd;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Execution;

/// <summary>Average pooling.</summary>
internal sealed class AverageStep(AveragePool pool) : Step(pool.Name, [pool])
{
    public override StepMemory Memory(MapShape input, ExecutionMode mode, KernelContext context) => default;

    public override string Kernels(MapShape input, ExecutionMode mode, Isa isa, bool exact) => AverageKernels.Forward.Choose(pool.Shape(input), isa).Name;

    public override void Forward(StepRun run)
    {
        AverageShape shape = pool.Shape(run.InputShape);
        AverageKernels.Forward.Choose(shape, run.Context.Isa).Run(shape, run.Input, run.Output, run.Context);
    }

    public override void Backward(StepRun run)
    {
        if (!run.InputGradient.IsEmpty)
        {
            AverageShape shape = pool.Shape(run.InputShape);
            AverageKernels.Backward.Choose(shape, run.Context.Isa).Run(shape, run.OutputGradient, run.InputGradient, run.Context);
        }
    }
}
