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
    private readonly bool[] _learns;
    private readonly IReadOnlySet<Parameter> _frozen;

    /// <summary>Plans all layers.</summary>
    public Plan(Network network)
        : this(network, Range.All)
    {
    }

    /// <summary>Plans a range of layers: dense testing and hybrid parallelism cut a net at its first fully connected layer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the network, or empty.</exception>
    public Plan(Network network, Range layers)
        : this(network, layers, fuse: true)
    {
    }

    /// <summary>Plans a range of layers.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layers">Which.</param>
    /// <param name="fuse">Rectifiers fused; otherwise each is a step of its own, so that the responses before it can be looked at.</param>
    /// <param name="frozen">Parameters whose gradients nobody wants. Steps of frozen layers with nothing learned before them have no way back.</param>
    internal Plan(Network network, Range layers, bool fuse, IReadOnlySet<Parameter>? frozen = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        (int first, int count) = layers.GetOffsetAndLength(network.Layers.Count);
        ArgumentOutOfRangeException.ThrowIfZero(count, nameof(layers));
        Network = network;
        _steps = Steps(network, first, first + count, fuse);
        _frozen = frozen ?? new HashSet<Parameter>();
        _learns = new bool[_steps.Length];
        for (int i = 0; i < _steps.Length; i++)
        {
            _learns[i] = _frozen.Count == 0 || _steps[i].Parameters.Any(Wants) || _steps[i].Sources.Any(map => map > 0 && _learns[map - 1]);
        }
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    internal ReadOnlySpan<Step> StepList => _steps;

    /// <summary>Whether the gradient of a parameter is wanted.</summary>
    internal bool Wants(Parameter parameter) => !_frozen.Contains(parameter);

    /// <summary>Whether a step or one before it learns: otherwise it has no way back.</summary>
    internal bool HasWayBack(int step) => _learns[step];

    /// <summary>The shapes of the plan's maps: its input, and what each step makes.</summary>
    internal MapShape[] Shapes(MapShape input)
    {
        MapShape[] maps = new MapShape[_steps.Length + 1];
        maps[0] = input;
        for (int i = 0; i < _steps.Length; i++)
        {
            maps[i + 1] = _steps[i].Output(_steps[i].Sources.Select(map => maps[map]).ToArray());
        }

        return maps;
    }

    /// <summary>Memory for one execution.</summary>
    /// <param name="context">Threads and vector width.</param>
    /// <param name="mode">Training or inference.</param>
    /// <param name="input">The batch of maps that it is laid out for at first.</param>
    /// <param name="inputGradient">Whether the gradient of the plan's input is wanted too.</param>
    /// <param name="images">Images whose gradients are added up before they are cleared, if that is known: the gradients of large fully connected layers are
    /// then kept as the far smaller factors that they are the product of.</param>
    /// <exception cref="RectifyException">The input does not fit the network, or the workspace the machine's memory.</exception>
    public Workspace CreateWorkspace(KernelContext context, ExecutionMode mode, MapShape input, bool inputGradient = false, int images = 0) =>
        new(this, context, mode, input, inputGradient, images: images);

    /// <summary>Bytes that a workspace's maps and scratch would take, gradients of parameters not counted; nothing is allocated.</summary>
    /// <param name="context">Threads and vector width.</param>
    /// <param name="mode">Training or inference.</param>
    /// <param name="input">The batch of maps that it would be laid out for.</param>
    /// <exception cref="RectifyException">The input does not fit the network.</exception>
    public long ArenaBytes(KernelContext context, ExecutionMode mode, MapShape input) =>
        Layout(context, mode, input, inputGradient: false).Length * sizeof(float);

    /// <summary>Bytes that a training workspace's gradients would take; nothing is allocated.</summary>
    /// <param name="context">Threads and vector width.</param>
    /// <param name="images">Images whose gradients are added up before they are cleared; 0 if that is not known.</param>
    public long GradientBytes(KernelContext context, int images) => new GradientLayout(this, context, images).Length * sizeof(float);

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
    /// <param name="sink">Hears of complete gradients, not of frozen parameters'; null for none, as in all micro-batches but the last.</param>
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
            if (!workspace.HasWayBack(i))
            {
                continue;
            }

            _steps[i].Backward(workspace.Runs[i]);
            workspace.Runs[i].GatherGradients();
            workspace.Runs[i].Done(StepPass.Backward);
            if (sink is not null)
            {
                // By index: an enumerator behind the interface would be allocated.
                IReadOnlyList<Parameter> parameters = _steps[i].Parameters;
                for (int p = 0; p < parameters.Count; p++)
                {
                    if (Wants(parameters[p]))
                    {
                        sink.Complete(parameters[p], workspace);
                    }
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
        MapShape[] maps = Shapes(input);
        for (int i = 0; i < _steps.Length; i++)
        {
            Step step = _steps[i];
            MapShape read = maps[step.Sources[0]];
            long numbers = step.Sources.Sum(map => (long)maps[map].Length) + maps[i + 1].Length + step.Parameters.Sum(parameter => (long)parameter.StoredLength);
            string layers = string.Join(" + ", step.Layers.Select(layer => layer.Description));
            entries.Add(new PlanEntry(
                step.Name, layers, step.Kernels(read, mode, isa, exact), maps[i + 1], step.MultiplyAdds(read), sizeof(float) * numbers));
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

    private static Step[] Steps(Network network, int first, int end, bool fuse)
    {
        List<Step> steps = [];
        (int start, int stop) = (network.NodesBefore(first), network.NodesBefore(end));
        Dictionary<int, int> maps = new() { [start] = 0 };
        for (int i = start; i < stop; i++)
        {
            Node node = network.Nodes[i];
            int[] sources = [.. node.Sources.Select(map => maps[map])];
            Rectifier? next = fuse && node.Weight is not null && i + 1 < stop ? RectifierAfter(network, i) : null;
            steps.Add(node.Layer switch
            {
                Convolution convolution => new ConvolutionStep(convolution, next) { Sources = sources },
                Linear linear => new LinearStep(linear, next) { Sources = sources },
                Rectifier rectifier => new RectifierStep(rectifier) { Sources = sources },
                MaxPool pool => new PoolStep(pool) { Sources = sources },
                AveragePool pool => new AverageStep(pool) { Sources = sources },
                SpatialPyramidPool pyramid => new PyramidStep(pyramid) { Sources = sources },
                Dropout dropout => new DropoutStep(dropout, i) { Sources = sources },
                Residual residual => new SumStep(residual) { Sources = sources },
                Concatenation concatenation => new ConcatenationStep(concatenation) { Sources = sources },
                _ => throw new NotSupportedException($"{node.Layer.Name}: the plan has no step for a {node.Layer.GetType().Name}."),
            });
            i += next is null ? 0 : 1;
            maps[i + 1] = steps.Count;
        }

        return [.. steps];
    }

    // The rectifier that reads a node's map and is the only one to do so.
    private static Rectifier? RectifierAfter(Network network, int node)
    {
        Node next = network.Nodes[node + 1];
        return next.Sources[0] == node + 1 && network.Nodes.Count(reader => reader.Sources.Contains(node + 1)) == 1 ? next.Layer as Rectifier : null;
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
