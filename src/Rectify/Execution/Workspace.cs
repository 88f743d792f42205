using Rectify.Kernels;
using Rectify.Kernels.Optimization;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Execution;

/// <summary>The memory of one execution of a plan: one arena in which buffers whose lifetimes do not meet share their place, and the parameters' gradients.</summary>
/// <remarks>
/// One execution at a time, and so for its context's Workers: threads that execute at once need a workspace, a <see cref="KernelContext"/> and Workers each.
/// Once bound, running allocates nothing.
/// </remarks>
public sealed class Workspace : IDisposable
{
    // A whole micro-batch, the rest of a mini-batch, and the same of an evaluation or of another crop.
    private const int RememberedLayouts = 4;

    private const string Remedy = "give fewer at a time (a smaller --micro-batch)";

    private readonly StepRun[] _runs;
    private readonly Dictionary<Parameter, GradientSlot> _gradientSlots = [];
    private readonly WorkspaceLayout?[] _layouts = new WorkspaceLayout?[RememberedLayouts];
    private readonly bool _inputGradient;
    private readonly Func<long, NativeBuffer> _allocate;
    private readonly NativeBuffer? _gradients;
    private NativeBuffer _arena;
    private int _oldestLayout;

    internal Workspace(
        Plan plan, KernelContext context, ExecutionMode mode, MapShape input, bool inputGradient, Func<long, NativeBuffer>? allocate = null, int images = 0)
    {
        ArgumentNullException.ThrowIfNull(context);
        (Plan, Context, Mode, _inputGradient) = (plan, context, mode, inputGradient);
        _allocate = allocate ?? (length => new NativeBuffer(length));
        _arena = new NativeBuffer(0);
        _runs = new StepRun[plan.StepList.Length];
        for (int i = 0; i < _runs.Length; i++)
        {
            _runs[i] = new StepRun(this, plan.StepList[i], i);
        }

        try
        {
            // First, for it throws if the input does not fit: nothing is taken then.
            Bind(input);
            if (mode == ExecutionMode.Training)
            {
                GradientLayout layout = new(plan, context, images);
                _gradients = AllocateGradients(layout.Length);
                foreach (GradientPlace place in layout.Places)
                {
                    _gradientSlots[place.Parameter] = new GradientSlot(_gradients, place, layout.Scratch, context, AllocateGradients);
                }
            }
        }
        catch
        {
            _arena.Dispose();
            throw;
        }
    }

    /// <summary>The plan it serves.</summary>
    public Plan Plan { get; }

    /// <summary>Threads and vector width.</summary>
    public KernelContext Context { get; }

    /// <summary>Training or inference.</summary>
    public ExecutionMode Mode { get; }

    /// <summary>Shape of the input it is bound to.</summary>
    public MapShape InputShape => _runs[0].InputShape;

    /// <summary>Shape of the output for that input.</summary>
    public MapShape OutputShape => _runs[^1].OutputShape;

    /// <summary>The input, to be filled before a forward pass.</summary>
    public Span<float> Input => _runs[0].Input;

    /// <summary>The output of the last forward pass; a backward pass may use its memory.</summary>
    public Span<float> Output => _runs[^1].Output;

    /// <summary>The gradient of the output, to be filled before a backward pass, its surplus lanes with zero.</summary>
    public Span<float> OutputGradient => _runs[^1].OutputGradient;

    /// <summary>The gradient of the input after a backward pass, if it was asked for.</summary>
    public Span<float> InputGradient => _runs[0].GatheredGradientOf(0);

    /// <summary>Bytes held: arena and gradients.</summary>
    public long Bytes => (_arena.Length + (_gradients?.Length ?? 0) + _gradientSlots.Values.Sum(slot => slot.ProductLength)) * sizeof(float);

    /// <summary>Whether a step runs on the way back: for what is learned there or before it, or for the input's gradient.</summary>
    internal bool HasWayBack(int step) => _inputGradient || Plan.HasWayBack(step);

    internal TrainingMoment Moment { get; set; }

    /// <summary>Is told when parts of an execution are done; null for nobody.</summary>
    internal IStepObserver? Observer { get; set; }

    internal StepRun[] Runs => _runs;

    /// <summary>Lays the memory out for another input; the arena grows only if it must. Contents are lost.</summary>
    /// <remarks>The last few layouts are remembered: to go back to one of them costs next to nothing and allocates nothing.</remarks>
    /// <exception cref="RectifyException">The input does not fit the network, or its layout the machine's memory: the binding stays as it was. Or the system
    /// refuses the memory: then the workspace is bound to no input, and may be bound again.</exception>
    public void Bind(MapShape input)
    {
        if (input == _runs[0].InputShape)
        {
            return;
        }

        WorkspaceLayout layout = LayoutFor(input);
        if (layout.Length > _arena.Length)
        {
            string what = $"{Plan.Network.Name} with {input.N} images of {input.H}×{input.W} at a time";
            MemoryLimit.Require(layout.Length * sizeof(float), what, Remedy);

            // The old one goes first: both need not fit the memory together. Should there be no room, an empty one stands in and no step keeps a place in
            // what was freed.
            _arena.Dispose();
            _arena = new NativeBuffer(0);
            foreach (StepRun run in _runs)
            {
                run.Unbind();
            }

            _arena = Allocate(layout.Length, what, Remedy);
        }

        for (int i = 0; i < _runs.Length; i++)
        {
            layout.Bind(_runs[i], i, _arena);
        }
    }

    /// <summary>The gradient of a parameter, laid out like its values. What is written to it counts until the gradients are cleared.</summary>
    /// <remarks>If it is kept as factors, it is multiplied out, into memory that is taken the first time.</remarks>
    /// <exception cref="KeyNotFoundException">The plan does not run that parameter's layer, or the workspace is for inference.</exception>
    /// <exception cref="RectifyException">It was kept as factors, and the system has no memory for all of it.</exception>
    public Span<float> Gradient(Parameter parameter)
    {
        Span<float> gradient = TakeGradient(parameter, out bool overwrite);
        if (overwrite)
        {
            gradient.Clear();
        }

        return gradient;
    }

    /// <summary>Sets all gradients to zero: before the first micro-batch of a step.</summary>
    /// <remarks>Each when it is first asked for: a kernel that can overwrite one need not wait for memory to be cleared and read again.</remarks>
    /// <param name="first">Images of the mini-batch that other ranks have before this one's.</param>
    public void ClearGradients(int first = 0)
    {
        foreach (GradientSlot slot in _gradientSlots.Values)
        {
            slot.Clear(first);
        }
    }

    /// <summary>‖dw‖ of a parameter; factors are not multiplied out for it.</summary>
    /// <exception cref="KeyNotFoundException">The plan does not run that parameter's layer, or the workspace is for inference.</exception>
    public double GradientNorm(Parameter parameter)
    {
        if (Factors(parameter) is { } factors)
        {
            return Math.Sqrt(factors.SquaredNorm());
        }

        ReadOnlySpan<float> gradient = Gradient(parameter);
        return Math.Sqrt(InnerProduct.Of(gradient, gradient));
    }

    /// <summary>The factors of which a gradient is the product; null if it is there in full.</summary>
    internal GradientFactors? Factors(Parameter parameter) => _gradientSlots[parameter].Factors;

    /// <summary>How many numbers of a gradient are NaN or infinite.</summary>
    internal long CountNotFinite(Parameter parameter)
    {
        if (_gradientSlots[parameter].IsBounded)
        {
            return 0;
        }

        return Factors(parameter) is { } factors ? factors.CountNotFinite()
            : FiniteCheck.AllFinite(Gradient(parameter), Context) ? 0 : FiniteCheck.CountNotFinite(Gradient(parameter));
    }

    /// <summary>Whether a gradient is known to be finite without a look at it.</summary>
    internal bool IsKnownFinite(Parameter parameter) => _gradientSlots[parameter].IsBounded;

    /// <summary>The gradient of a parameter for a kernel that may overwrite it.</summary>
    /// <param name="parameter">Whose.</param>
    /// <param name="overwrite">Whether it counts as zero, whatever it holds: then the caller must overwrite all of it.</param>
    internal Span<float> TakeGradient(Parameter parameter, out bool overwrite) => _gradientSlots[parameter].Take(out overwrite);

    /// <summary>Remembers of what a gradient was made or what was added to it: sums of few enough products of modest numbers are finite.</summary>
    internal void NoteGradient(Parameter parameter, bool first, bool modest) => _gradientSlots[parameter].Note(first, modest);

    /// <summary>Remembers that a gradient is that of all ranks now.</summary>
    internal void NoteOthers(Parameter parameter) => _gradientSlots[parameter].NoteOthers();

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        _arena.Dispose();
        _gradients?.Dispose();
        foreach (GradientSlot slot in _gradientSlots.Values)
        {
            slot.Dispose();
        }
    }

    private WorkspaceLayout LayoutFor(MapShape input)
    {
        foreach (WorkspaceLayout? known in _layouts)
        {
            if (known is not null && known.Input == input)
            {
                return known;
            }
        }

        WorkspaceLayout layout = Plan.Layout(Context, Mode, input, _inputGradient);
        _layouts[_oldestLayout] = layout;
        _oldestLayout = (_oldestLayout + 1) % RememberedLayouts;
        return layout;
    }

    private NativeBuffer Allocate(long length, string what, string remedy)
    {
        try
        {
            return _allocate(length);
        }
        catch (OutOfMemoryException e)
        {
            throw new RectifyException($"{what} needs {length * sizeof(float)} bytes of memory and the system refuses them; {remedy}.", e);
        }
    }

    private NativeBuffer AllocateGradients(long length) => Allocate(length, $"{Plan.Network.Name}'s gradients", "take a smaller model or a smaller --width");
}
