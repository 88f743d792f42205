using Rectify.Kernels;
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
    private readonly StepRun[] _runs;
    private readonly Dictionary<Parameter, BufferSlice> _gradientSlices = [];
    private readonly bool _inputGradient;
    private readonly NativeBuffer? _gradients;
    private NativeBuffer _arena = new(0);

    internal Workspace(Plan plan, KernelContext context, ExecutionMode mode, MapShape input, bool inputGradient)
    {
        ArgumentNullException.ThrowIfNull(context);
        (Plan, Context, Mode, _inputGradient) = (plan, context, mode, inputGradient);
        _runs = new StepRun[plan.StepList.Length];
        for (int i = 0; i < _runs.Length; i++)
        {
            _runs[i] = new StepRun(this, plan.StepList[i]);
        }

        // First, for it throws if the input does not fit: nothing is taken then.
        Bind(input);
        if (mode == ExecutionMode.Training)
        {
            _gradients = new NativeBuffer(PlaceGradients());
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
    public Span<float> InputGradient => _runs[0].InputGradient;

    /// <summary>Bytes held: arena and gradients.</summary>
    public long Bytes => (_arena.Length + (_gradients?.Length ?? 0)) * sizeof(float);

    internal TrainingMoment Moment { get; set; }

    internal StepRun[] Runs => _runs;

    /// <summary>Lays the memory out for another input; the arena grows only if it must. Contents are lost.</summary>
    /// <exception cref="RectifyException">The input does not fit the network.</exception>
    public void Bind(MapShape input)
    {
        if (input == _runs[0].InputShape)
        {
            return;
        }

        WorkspaceLayout layout = new(Plan, Context, Mode, input, _inputGradient);
        if (layout.Length > _arena.Length)
        {
            // The old one goes first: both need not fit the memory together. An empty one stands in, should there be no room.
            _arena.Dispose();
            _arena = new NativeBuffer(0);
            _arena = new NativeBuffer(layout.Length);
        }

        for (int i = 0; i < _runs.Length; i++)
        {
            layout.Bind(_runs[i], i, _arena);
        }
    }

    /// <summary>The gradient of a parameter, laid out like its values.</summary>
    /// <exception cref="KeyNotFoundException">The plan does not run that parameter's layer, or the workspace is for inference.</exception>
    public Span<float> Gradient(Parameter parameter)
    {
        BufferSlice slice = _gradientSlices[parameter];
        return _gradients!.Slice(slice.Offset, slice.Length);
    }

    /// <summary>Sets all gradients to zero: before the first micro-batch of a step.</summary>
    public void ClearGradients() => _gradients?.Clear();

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        _arena.Dispose();
        _gradients?.Dispose();
    }

    private long PlaceGradients()
    {
        long offset = 0;
        foreach (Step step in Plan.StepList)
        {
            foreach (Parameter parameter in step.Parameters)
            {
                _gradientSlices[parameter] = new BufferSlice(offset, parameter.StoredLength);
                offset += (parameter.StoredLength + MapShape.ChannelBlock - 1) / MapShape.ChannelBlock * MapShape.ChannelBlock;
            }
        }

        return offset;
    }
}
