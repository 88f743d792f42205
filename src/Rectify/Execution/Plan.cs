using Rectify.Kernels;
using Rectify.Kernels.Optimization;
using Rectify.Kernels.Simd;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Execution;

/// <summary>How a range of a network's layers is executed: steps in order, rectifiers fused into the layers with weights before them.</summary>
/// <remarks>
/// Immutable: one plan serves any number of threads that execute it at once, each with a workspace, a <see cref="KernelContext"/> and
/// <see cref="Kernels.Threading.Workers"/> of its own: Workers run one job at a time. Kernels are chosen by shape when a step runs.
/// </remarks>
public sealed class Plan
{
    private readonly Step[] _steps;

    /// <summary>Plans all layers.</summary>
    public Plan(Network network)
        : this(network, Range.All)
    {
    }

    /// <summary>Plans a range of layers: dense testing and hybrid parallelism cut a net at its first fully connected layer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the network, or empty.</exception>
    public Plan(Network network, Range layers)
    {
        ArgumentNullException.ThrowIfNull(network);
        (int first, int count) = layers.GetOffsetAndLength(network.Layers.Count);
        ArgumentOutOfRangeException.ThrowIfZero(count, nameof(layers));
        Network = network;
        _steps = Steps(network, first, first + count);
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    internal ReadOnlySpan<Step> StepList => _steps;

    /// <summary>Memory for one execution.</summary>
    /// <param name="context">Threads and vector width.</param>
    /// <param name="mode">Training or inference.</param>
    /// <param name="input">The batch of maps that it is laid out for at first.</param>
    /// <param name="inputGradient">Whether the gradient of the plan's input is wanted too.</param>
    /// <exception cref="RectifyException">The input does not fit the network, or the workspace the machine's memory.</exception>
    public Workspace CreateWorkspace(KernelContext context, ExecutionMode mode, MapShape input, bool inputGradient = false) =>
        new(this, context, mode, input, inputGradient);

    /// <summary>Bytes that a workspace's maps and scratch would take, gradients of parameters not counted; nothing is allocated.</summary>
    /// <param name="context">Threads and vector width.</param>
    /// <param name="mode">Training or inference.</param>
    /// <param name="input">The batch of maps that it would be laid out for.</param>
    /// <exception cref="RectifyException">The input does not fit the network.</exception>
    public long ArenaBytes(KernelContext context, ExecutionMode mode, MapShape input) =>
        Layout(context, mode, input, inputGradient: false).Length * sizeof(float);

    /// <summary>From the workspace's Input to its Output.</summary>
    /// <param name="workspace">A workspace of this plan.</param>
    /// <param name="moment">What dropout's masks are drawn from in training.</param>
    public void Forward(Workspace workspace, TrainingMoment moment = default)
    {
        Check(workspace);
        workspace.Moment = moment;
        foreach (StepRun run in workspace.Runs)
        {
            run.Step.Forward(run);
            run.Done(StepPass.Forward);
        }
    }

    /// <summary>From the workspace's OutputGradient to the gradients of the parameters, which are added to. Follows a forward pass with the same workspace.</summary>
    /// <param name="workspace">A training workspace of this plan; the maps' gradients in it are used up.</param>
    /// <param name="sink">Hears of complete gradients; null for none, as in all micro-batches but the last.</param>
    /// <exception cref="InvalidOperationException">The workspace is for inference.</exception>
    public void Backward(Workspace workspace, IGradientSink? sink = null)
    {
        Check(workspace);
        if (workspace.Mode != ExecutionMode.Training)
        {
            throw new InvalidOperationException("The workspace was made for inference; make one with ExecutionMode.Training.");
        }

        for (int i = _steps.Length - 1; i >= 0; i--)
        {
            _steps[i].Backward(workspace.Runs[i]);
            workspace.Runs[i].Done(StepPass.Backward);
            if (sink is not null)
            {
                // By index: an enumerator behind the interface would be allocated.
                IReadOnlyList<Parameter> parameters = _steps[i].Parameters;
                for (int p = 0; p < parameters.Count; p++)
                {
                    sink.Complete(parameters[p], workspace.Gradient(parameters[p]));
                }

                workspace.Runs[i].Done(StepPass.Sink);
            }
        }
    }

    /// <summary>What each step will do to an input: for people to read.</summary>
    /// <param name="input">The batch.</param>
    /// <param name="mode">Training or inference.</param>
    /// <param name="isa">The widest vectors allowed.</param>
    /// <param name="exact">Whether approximate kernels are left out.</param>
    public IReadOnlyList<PlanEntry> Describe(MapShape input, ExecutionMode mode, Isa isa, bool exact = false)
    {
        List<PlanEntry> entries = [];
        foreach (Step step in _steps)
        {
            MapShape output = step.Output(input);
            long multiplyAdds = step.Layers[0].MultiplyAdds(input);
            long bytes = sizeof(float) * ((long)input.Length + output.Length + step.Parameters.Sum(parameter => (long)parameter.StoredLength));
            entries.Add(new PlanEntry(step.Name, string.Join(" + ", step.Layers.Select(l => l.Description)), step.Kernels(input, mode, isa, exact), output, multiplyAdds, bytes));
            input = output;
        }

        return entries;
    }

    /// <summary>Runs forward again and looks at each step's output: where NaN or infinity begins.</summary>
    /// <param name="workspace">A workspace of this plan whose Input is filled.</param>
    /// <param name="moment">That of the pass in question, so that dropout draws the same masks.</param>
    /// <returns>The step and how many of its outputs are not finite; no name and 0 if all are.</returns>
    internal (string Step, long Count) FirstNotFinite(Workspace workspace, TrainingMoment moment)
    {
        Check(workspace);
        workspace.Moment = moment;
        foreach (StepRun run in workspace.Runs)
        {
            run.Step.Forward(run);
            if (!FiniteCheck.AllFinite(run.Output, workspace.Context))
            {
                return (run.Step.Name, FiniteCheck.CountNotFinite(run.Output));
            }
        }

        return ("", 0);
    }

    internal WorkspaceLayout Layout(KernelContext context, ExecutionMode mode, MapShape input, bool inputGradient)
    {
        try
        {
            return new WorkspaceLayout(this, context, mode, input, inputGradient);
        }
        catch (OverflowException e)
        {
            throw new RectifyException(
                $"{Network.Name} with {input.N} images of {input.H}×{input.W} at a time has a map of more than {int.MaxValue} numbers; "
                + "give fewer at a time (a smaller --micro-batch).",
                e);
        }
    }

    private static Step[] Steps(Network network, int first, int end)
    {
        List<Step> steps = [];
        for (int i = first; i < end; i++)
        {
            Rectifier? next = i + 1 < end ? network.Layers[i + 1] as Rectifier : null;
            switch (network.Layers[i])
            {
                case Convolution convolution:
                    steps.Add(new ConvolutionStep(convolution, next));
                    i += next is null ? 0 : 1;
                    break;
                case Linear linear:
                    steps.Add(new LinearStep(linear, next));
                    i += next is null ? 0 : 1;
                    break;
                case Rectifier rectifier:
                    steps.Add(new RectifierStep(rectifier));
                    break;
                case MaxPool pool:
                    steps.Add(new PoolStep(pool));
                    break;
                case SpatialPyramidPool pyramid:
                    steps.Add(new PyramidStep(pyramid));
                    break;
                case Dropout dropout:
                    steps.Add(new DropoutStep(dropout, i));
                    break;
                default:
                    throw new NotSupportedException($"{network.Layers[i].Name}: the plan has no step for a {network.Layers[i].GetType().Name}.");
            }
        }

        return [.. steps];
    }

    private void Check(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        if (workspace.Plan != this)
        {
            throw new ArgumentException("The workspace belongs to another plan.", nameof(workspace));
        }

        if (workspace.InputShape == default)
        {
            throw new InvalidOperationException("The workspace is bound to no input since memory ran out; bind it to a smaller one.");
        }
    }
}

/// <summary>A line of a plan's listing.</summary>
/// <param name="Name">The step.</param>
/// <param name="Layers">What its layers are.</param>
/// <param name="Kernels">Which kernels run: forward / backward-data / backward-filter.</param>
/// <param name="Output">Its output.</param>
/// <param name="MultiplyAdds">Of the forward pass.</param>
/// <param name="Bytes">Input, output and parameters.</param>
public sealed record PlanEntry(string Name, string Layers, string Kernels, MapShape Output, long MultiplyAdds, long Bytes);
