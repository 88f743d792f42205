using Rectify.Kernels;
using Rectify.Kernels.Convolution;
using Rectify.Kernels.Rectifiers;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Execution;

/// <summary>A layer with weights and the rectifier that follows it, if any, run as one: bias and rectifier are applied while a block of responses is in the cache.</summary>
/// <remarks>A learned or leaky slope needs the responses before the rectifier in the backward pass: they are saved. For ReLU those after it do as well.</remarks>
internal abstract class RectifiedStep(Layer weighted, Weight weight, Bias? bias, Rectifier? rectifier)
    : Step(weighted.Name, rectifier is null ? [weighted] : [weighted, rectifier])
{
    private Rectification Rectification { get; } = rectifier?.Rectification ?? Rectification.None;

    private ReadOnlySpan<float> Slopes => rectifier is null ? [] : rectifier.Slopes;

    private bool SavesResponses => Rectification is Rectification.SharedSlope or Rectification.ChannelSlopes;

    public sealed override StepMemory Memory(MapShape input, ExecutionMode mode, KernelContext context)
    {
        (long forward, long backward) = WeightScratch(input, context);
        RectifierShape shape = new(Output([input]), Rectification);
        return new StepMemory
        {
            Saved = mode == ExecutionMode.Training && SavesResponses ? shape.Map.Length : 0,
            ForwardScratch = forward,
            BackwardScratch = Math.Max(backward, RectifierKernels.Backward.Choose(shape, context).ScratchLength(shape, context.Workers.Count)),
            NeedsInput = true,
            NeedsOutput = Rectification == Rectification.Relu,
        };
    }

    public sealed override void Forward(StepRun run) => ForwardWeights(run, new ConvolutionForwardOperands
    {
        X = run.Input,
        W = weight.Values,
        Bias = bias is null ? [] : bias.Values,
        Y = run.Mode == ExecutionMode.Training && SavesResponses ? run.Saved : run.Output,
        Rectification = Rectification,
        Slopes = Slopes,
        Rectified = run.Output,
        Scratch = run.ForwardScratch,
    });

    public sealed override void Backward(StepRun run)
    {
        RectifierShape shape = new(run.OutputShape, Rectification);
        ReadOnlySpan<float> responses = SavesResponses ? run.Saved : run.Output;
        Span<float> slopeGradient = rectifier is PReLU prelu ? run.Gradient(prelu.Slope) : [];
        Span<float> biasGradient = run.Gradient(bias);
        if (Rectification != Rectification.None || !biasGradient.IsEmpty)
        {
            RectifierKernels.Backward.Choose(shape, run.Context).Run(
                shape, responses, Slopes, run.OutputGradient, slopeGradient, biasGradient, run.BackwardScratch, run.Context);
            run.Done(StepPass.BackwardRectifier);
        }

        if (run.Wants(weight))
        {
            BackwardFilter(run);
            run.Done(StepPass.BackwardFilter);
        }

        if (!run.InputGradient.IsEmpty)
        {
            BackwardData(run, weight.Values);
            run.Done(StepPass.BackwardData);
        }
    }

    /// <summary>Scratch of the weighted layer's kernels, forward and backward.</summary>
    protected abstract (long Forward, long Backward) WeightScratch(MapShape input, KernelContext context);

    /// <summary>From input to output.</summary>
    protected abstract void ForwardWeights(StepRun run, in ConvolutionForwardOperands operands);

    /// <summary>Adds to the gradient of the weights, or makes it.</summary>
    protected abstract void BackwardFilter(StepRun run);

    /// <summary>From the gradient of the responses to that of the input.</summary>
    protected abstract void BackwardData(StepRun run, ReadOnlySpan<float> weights);
}
