using Rectify.Kernels;
using Rectify.Kernels.Joining;
using Rectify.Kernels.Simd;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Execution;

/// <summary>The end of a block: one map of its branches' maps. Its parameters and multiply-adds are those of its branches' steps.</summary>
internal abstract class JoinStep(Block block) : Step(block.Name, [block], [])
{
    public sealed override StepMemory Memory(MapShape input, ExecutionMode mode, KernelContext context) => default;

    public sealed override MapShape Output(ReadOnlySpan<MapShape> inputs) => block.Join(inputs);

    public sealed override long MultiplyAdds(MapShape input) => 0;
}

/// <summary>y = the sum of two maps.</summary>
internal sealed class SumStep(Residual block) : JoinStep(block)
{
    public override string Kernels(MapShape input, ExecutionMode mode, Isa isa, bool exact) => "sum";

    public override void Forward(StepRun run) => SumKernel.Run(run.Input, run.InputOf(1), run.Output, run.Context);

    public override void Backward(StepRun run)
    {
        MapShape shape = run.OutputShape;
        for (int i = 0; i < Sources.Count; i++)
        {
            Span<float> dx = run.InputGradientOf(i);
            if (!dx.IsEmpty)
            {
                ChannelCopyKernel.Run(shape, 0, run.OutputGradient, shape, 0, dx, shape.C, run.Context);
            }
        }
    }
}

/// <summary>y = the channels of some maps one after another.</summary>
internal sealed class ConcatenationStep(Concatenation block) : JoinStep(block)
{
    public override string Kernels(MapShape input, ExecutionMode mode, Isa isa, bool exact) => "copy";

    public override void Forward(StepRun run)
    {
        int channel = 0;
        for (int i = 0; i < Sources.Count; i++)
        {
            MapShape shape = run.InputShapeOf(i);
            ChannelCopyKernel.Run(shape, 0, run.InputOf(i), run.OutputShape, channel, run.Output, shape.C, run.Context);
            channel += shape.C;
        }
    }

    public override void Backward(StepRun run)
    {
        int channel = 0;
        for (int i = 0; i < Sources.Count; i++)
        {
            MapShape shape = run.InputShapeOf(i);
            Span<float> dx = run.InputGradientOf(i);
            if (!dx.IsEmpty)
            {
                ChannelCopyKernel.Run(run.OutputShape, channel, run.OutputGradient, shape, 0, dx, shape.C, run.Context);
            }

            channel += shape.C;
        }
    }
}
