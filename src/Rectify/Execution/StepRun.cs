using Rectify.Kernels;
using Rectify.Kernels.Joining;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Execution;

/// <summary>One step's view of a workspace: its shapes and its memory.</summary>
internal sealed class StepRun(Workspace workspace, Step step, int index)
{
    private NativeBuffer? _arena;
    private StepPlace _place = StepPlace.None;

    public Step Step { get; } = step;

    public KernelContext Context => workspace.Context;

    public ExecutionMode Mode => workspace.Mode;

    public TrainingMoment Moment => workspace.Moment;

    public MapShape InputShape => _place.Inputs[0].Shape;

    public MapShape OutputShape => _place.OutputShape;

    public Span<float> Input => InputOf(0);

    public Span<float> Output => Slice(_place.Output);

    /// <summary>Where the gradient of the input goes; empty if nobody wants it.</summary>
    public Span<float> InputGradient => InputGradientOf(0);

    public Span<float> OutputGradient => Slice(_place.OutputGradient);

    public Span<float> Saved => Slice(_place.Saved);

    public Span<float> ForwardScratch => Slice(_place.ForwardScratch);

    public Span<float> BackwardScratch => Slice(_place.BackwardScratch);

    /// <summary>Shape of one of the maps that it reads.</summary>
    public MapShape InputShapeOf(int source) => _place.Inputs[source].Shape;

    /// <summary>One of the maps that it reads.</summary>
    public Span<float> InputOf(int source) => Slice(_place.Inputs[source].Map);

    /// <summary>Where the step's part of that map's gradient goes; empty if nobody wants it.</summary>
    public Span<float> InputGradientOf(int source) => Slice(_place.Inputs[source].Gradient);

    /// <summary>Where that map's gradient is gathered from all that read it.</summary>
    public Span<float> GatheredGradientOf(int source) => Slice(_place.Inputs[source].Gathered);

    /// <summary>Whether the gradient of a parameter is wanted.</summary>
    public bool Wants(Parameter parameter) => workspace.Plan.Wants(parameter);

    /// <summary>The gradient of a parameter, to be added to; empty for null.</summary>
    public Span<float> Gradient(Parameter? parameter) => parameter is null ? [] : workspace.Gradient(parameter);

    /// <summary>The gradient of a parameter, to be overwritten or added to.</summary>
    public Span<float> TakeGradient(Parameter parameter, out bool overwrite) => workspace.TakeGradient(parameter, out overwrite);

    /// <summary>The factors of which a parameter's gradient is the product, if it is kept so and there is room for the run's images.</summary>
    public GradientFactors? Factors(Parameter parameter) => workspace.Factors(parameter) is { } factors && factors.HaveRoom(InputShape.N) ? factors : null;

    /// <summary>Says of what a gradient was made.</summary>
    public void NoteGradient(Parameter parameter, bool first, bool modest) => workspace.NoteGradient(parameter, first, modest);

    /// <summary>A part of the step's work is done.</summary>
    public void Done(StepPass pass) => workspace.Observer?.Done(index, pass);

    /// <summary>After the step's way back: adds its part to the gradient of each map that others have given a part to before.</summary>
    public void GatherGradients()
    {
        foreach (InputPlace input in _place.Inputs)
        {
            if (input.Gradient != input.Gathered)
            {
                Span<float> gathered = Slice(input.Gathered);
                SumKernel.Run(gathered, Slice(input.Gradient), gathered, Context);
            }
        }
    }

    public void Bind(NativeBuffer arena, StepPlace place) => (_arena, _place) = (arena, place);

    /// <summary>Forgets shapes and memory: the workspace has none to give.</summary>
    public void Unbind() => (_arena, _place) = (null, StepPlace.None);

    private Span<float> Slice(BufferSlice slice) => slice.Length == 0 ? [] : _arena!.Slice(slice.Offset, slice.Length);
}
