using Rectify.Kernels;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Execution;

/// <summary>One step's view of a workspace: its shapes and its memory.</summary>
internal sealed class StepRun(Workspace workspace, Step step, int index)
{
    private NativeBuffer? _arena;
    private BufferSlice _input;
    private BufferSlice _output;
    private BufferSlice _inputGradient;
    private BufferSlice _outputGradient;
    private BufferSlice _saved;
    private BufferSlice _forwardScratch;
    private BufferSlice _backwardScratch;

    public Step Step { get; } = step;

    public KernelContext Context => workspace.Context;

    public ExecutionMode Mode => workspace.Mode;

    public TrainingMoment Moment => workspace.Moment;

    public MapShape InputShape { get; private set; }

    public MapShape OutputShape { get; private set; }

    public Span<float> Input => Slice(_input);

    public Span<float> Output => Slice(_output);

    /// <summary>Where the gradient of the input goes; empty if nobody wants it.</summary>
    public Span<float> InputGradient => Slice(_inputGradient);

    public Span<float> OutputGradient => Slice(_outputGradient);

    public Span<float> Saved => Slice(_saved);

    public Span<float> ForwardScratch => Slice(_forwardScratch);

    public Span<float> BackwardScratch => Slice(_backwardScratch);

    /// <summary>The gradient of a parameter, to be added to; empty for null.</summary>
    public Span<float> Gradient(Parameter? parameter) => parameter is null ? [] : workspace.Gradient(parameter);

    /// <summary>The gradient of a parameter, to be overwritten or added to.</summary>
    public Span<float> TakeGradient(Parameter parameter, out bool overwrite) => workspace.TakeGradient(parameter, out overwrite);

    /// <summary>Says of what a gradient was made.</summary>
    public void NoteGradient(Parameter parameter, bool overwritten, bool modest) => workspace.NoteGradient(parameter, overwritten, modest);

    /// <summary>A part of the step's work is done.</summary>
    public void Done(StepPass pass) => workspace.Observer?.Done(index, pass);

    public void Bind(
        NativeBuffer? arena,
        MapShape inputShape,
        MapShape outputShape,
        (BufferSlice Input, BufferSlice Output, BufferSlice InputGradient, BufferSlice OutputGradient) maps,
        (BufferSlice Saved, BufferSlice ForwardScratch, BufferSlice BackwardScratch) own)
    {
        _arena = arena;
        (InputShape, OutputShape) = (inputShape, outputShape);
        (_input, _output, _inputGradient, _outputGradient) = maps;
        (_saved, _forwardScratch, _backwardScratch) = own;
    }

    /// <summary>Forgets shapes and memory: the workspace has none to give.</summary>
    public void Unbind() => Bind(null, default, default, default, default);

    private Span<float> Slice(BufferSlice slice) => slice.Length == 0 ? [] : _arena!.Slice(slice.Offset, slice.Length);
}
