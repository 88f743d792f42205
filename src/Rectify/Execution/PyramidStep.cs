using Rectify.Kernels;
using Rectify.Kernels.Pooling;
using Rectify.Kernels.Simd;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Execution;

/// <summary>Spatial pyramid pooling; the winners are saved for the way back.</summary>
internal sealed class PyramidStep(SpatialPyramidPool pyramid) : Step(pyramid.Name, [pyramid])
{
    public override StepMemory Memory(MapShape input, ExecutionMode mode, KernelContext context) =>
        new() { Saved = mode == ExecutionMode.Training ? pyramid.Shape(input).Output.Length : 0 };

    public override string Kernels(MapShape input, ExecutionMode mode, Isa isa, bool exact) => PyramidKernels.Forward.Choose(pyramid.Shape(input), isa).Name;

    public override void Forward(StepRun run)
    {
        PyramidShape shape = pyramid.Shape(run.InputShape);
        PyramidKernels.Forward.Choose(shape, run.Context.Isa).Run(shape, run.Input, run.Output, run.Saved, run.Context);
    }

    public override void Backward(StepRun run)
    {
        if (!run.InputGradient.IsEmpty)
        {
            PyramidShape shape = pyramid.Shape(run.InputShape);
            PyramidKernels.Backward.Choose(shape, run.Context.Isa).Run(shape, run.OutputGradient, run.Saved, run.InputGradient, run.Context);
        }
    }
}
