using Rectify.Communication;
using Rectify.Data;
using Rectify.Evaluation;
using Rectify.Execution;
using Rectify.Kernels;
using Rectify.Kernels.Loss;
using Rectify.Kernels.Optimization;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>One mini-batch: forward, loss, backward, micro-batch by micro-batch; then one momentum step. Of several ranks each does its part of the mini-batch.</summary>
/// <remarks>
/// Loss and gradients are looked at before any weight is touched: each parameter's gradient as soon as it is complete, while some of it is still in the cache,
/// or not at all where what it was made of proves it finite.
/// A steady step allocates nothing.
/// </remarks>
internal sealed class TrainingStep : IGradientSink, IDisposable
{
    // What the maps of a micro-batch may take if nobody says otherwise: a fixed number, so that the bits do not depend on the machine. Larger micro-batches read the
    // weights less often: model A at 224×224 takes 3.7 s for 16 images 4 at a time, 3.0 s 16 at a time.
    private const long MapBudgetBytes = 1L << 30;

    private const string Remedy = "try a lower --lr, or --init he-out";

    private readonly Network _network;
    private readonly Plan _plan;
    private readonly MomentumOptimizer _optimizer;
    private readonly TrainerOptions _options;
    private readonly IDataset _data;
    private readonly MapShape _image;
    private readonly Workspace _workspace;
    private readonly double[] _losses;
    private readonly GradientExchange _exchange;
    private Parameter? _runaway;

    public TrainingStep(
        Network network, Plan plan, MomentumOptimizer optimizer, KernelContext context, TrainerOptions options, IDataset data, int crop, Communicator communicator)
    {
        (_network, _plan, _optimizer, _options, _data) = (network, plan, optimizer, options, data);
        _image = MapShape.Image(1, crop, crop, 3);
        MicroBatch = MicroBatchFor(network, options, crop, communicator);
        _exchange = new GradientExchange(communicator, this);
        _workspace = plan.CreateWorkspace(context, ExecutionMode.Training, _image.WithBatch(MicroBatch), images: FactoredImages(options, communicator));
        _losses = new double[MicroBatch];
    }

    /// <summary>Images that go through the network at a time.</summary>
    public int MicroBatch { get; }

    /// <summary>Memory of maps and gradients.</summary>
    public long Bytes => _workspace.Bytes;

    /// <summary>Seconds that each rank worked for the mini-batch before.</summary>
    public ReadOnlySpan<double> RankSeconds => _exchange.Seconds;

    /// <summary>Is told when parts of a step are done; null for nobody.</summary>
    public IStepObserver? Observer
    {
        set => _workspace.Observer = value;
    }

    /// <summary>Hears of the gradients too; null for nobody.</summary>
    public IGradientSink? Monitor { get; set; }

    /// <summary>What weights, velocities, gradients and maps of such a step would take; nothing is allocated.</summary>
    public static long MemoryBytes(Plan plan, KernelContext context, TrainerOptions options, int crop, Communicator communicator)
    {
        MapShape images = MapShape.Image(MicroBatchFor(plan.Network, options, crop, communicator), crop, crop, 3);
        return (2L * sizeof(float) * plan.Network.Parameters.Sum(parameter => (long)parameter.StoredLength))
            + plan.GradientBytes(context, FactoredImages(options, communicator))
            + plan.ArenaBytes(context, ExecutionMode.Training, images);
    }

    /// <summary>Images that would go through the network of a rank at a time.</summary>
    public static int MicroBatchFor(Network network, TrainerOptions options, int crop, Communicator communicator)
    {
        int batch = (options.BatchSize + communicator.Size - 1) / communicator.Size;
        return options.MicroBatch > 0 ? Math.Min(options.MicroBatch, batch) : ChooseMicroBatch(network, MapShape.Image(1, crop, crop, 3), batch);
    }

    /// <summary>Learns a batch: this rank's part of it, and from the others' gradients theirs.</summary>
    /// <returns>Images of the mini-batch, sum of their losses and number of top-1 errors, on the training crops.</returns>
    /// <exception cref="TrainingDivergedException">A loss or a gradient is not finite; weights and velocities are as before the step.</exception>
    public (int Images, double LossSum, int Errors) Run(Batch batch, double rate, TrainingPosition position)
    {
        double lossSum = 0.0;
        int errors = 0;
        _runaway = null;
        (int First, double[] Losses)? broken = null;
        _exchange.Begin(batch.Count);
        DoneExchanging();
        _workspace.ClearGradients(_exchange.First);
        Done(StepPass.Clear);
        for (int first = 0; first < batch.Count; first += MicroBatch)
        {
            int count = Math.Min(MicroBatch, batch.Count - first);
            TrainingMoment moment = new(_options.Seed, (uint)position.TotalSteps, _exchange.First + first);
            Load(batch, first, count);
            Done(StepPass.Load);
            _plan.Forward(_workspace, moment);
            ReadOnlySpan<int> labels = batch.Labels.AsSpan(first, count);
            SoftmaxCrossEntropy.Run(
                _workspace.OutputShape, _workspace.Output, labels, 1.0 / _exchange.Images, _losses, _workspace.OutputGradient, _workspace.Context);
            for (int i = 0; i < count; i++)
            {
                lossSum += _losses[i];
                errors += TopK.Rank(_workspace.Output.Slice(i * _workspace.OutputShape.Pitch, _workspace.OutputShape.C), labels[i]) > 0 ? 1 : 0;
            }

            // The others need this rank's part to come to an end too.
            broken ??= double.IsFinite(lossSum) ? null : (first, _losses[..count]);
            Done(StepPass.Loss);
            _plan.Backward(_workspace, first + count == batch.Count ? _exchange : null);
        }

        _exchange.Finish(_workspace);
        (lossSum, errors) = _exchange.Sum(lossSum, errors);
        DoneExchanging();
        if (!double.IsFinite(lossSum))
        {
            throw LossNotFinite(batch, broken, rate, position);
        }

        if (_runaway is not null)
        {
            throw Diverged(
                $"The gradient of {_runaway.Name} has {NotFinite(_workspace.CountNotFinite(_runaway))}, the first such on the way back,",
                LayerOf(_runaway),
                position,
                rate,
                Names(batch, 0, batch.Count),
                $"the weights of {_network.Name} are as before the step: {Remedy}");
        }

        _optimizer.Update(_workspace, rate);
        Done(StepPass.Update);
        return (_exchange.Images, lossSum, errors);
    }

    /// <summary>Looks at the parameters after the last update: the loss of a next step, which would tell, may never come.</summary>
    /// <param name="position">Where training stands after that update.</param>
    /// <param name="rate">Its learning rate.</param>
    /// <exception cref="TrainingDivergedException">A parameter is not finite.</exception>
    public void CheckWeights(TrainingPosition position, double rate)
    {
        if (RunawayWeights() is { } parameter)
        {
            throw Diverged(
                $"{parameter.Name} has {NotFinite(parameter.Values)} after the update",
                LayerOf(parameter),
                position with { TotalSteps = position.TotalSteps - 1 },
                rate,
                [],
                $"nothing of this is saved: {Remedy}");
        }
    }

    /// <inheritdoc/>
    public void Complete(Parameter parameter, Workspace workspace)
    {
        Monitor?.Complete(parameter, workspace);
        if (_runaway is null && workspace.CountNotFinite(parameter) > 0)
        {
            _runaway = parameter;
        }
    }

    public void Dispose()
    {
        _exchange.Dispose();
        _workspace.Dispose();
    }

    // Maps, their gradients and what is saved: three times the maps is close enough for a choice.
    private static int ChooseMicroBatch(Network network, MapShape image, int batch)
    {
        // All maps are kept for the way back; their gradients share a few places.
        long bytes = network.Shapes(image).Sum(shape => (long)sizeof(float) * shape.Length);
        long fit = Math.Clamp(MapBudgetBytes / bytes, 1, batch);
        long parts = (batch + fit - 1) / fit;
        return (int)((batch + parts - 1) / parts);
    }

    // Images whose factors are kept; 0 to keep none.
    private static int FactoredImages(TrainerOptions options, Communicator communicator) =>
        communicator.IsShared && communicator.Scheme == ParallelScheme.Data ? 0 : options.BatchSize;

    private static string NotFinite(ReadOnlySpan<float> values) => NotFinite(FiniteCheck.CountNotFinite(values));

    private static string NotFinite(long count) => count == 1 ? "1 number that is NaN or infinite" : $"{count} numbers that are NaN or infinite";

    private void Done(StepPass pass) => _workspace.Observer?.Done(IStepObserver.NoStep, pass);

    private void DoneExchanging()
    {
        if (_exchange.IsShared)
        {
            Done(StepPass.Exchange);
        }
    }

    private void Load(Batch batch, int first, int count)
    {
        _workspace.Bind(_image.WithBatch(count));
        int image = _image.ImageLength;
        batch.Pixels.AsSpan(first * image, count * image).CopyTo(_workspace.Input);
    }

    // Where it begins: in the weights, or in the first map on the way forward that is not finite; the pass is run again to see.
    private TrainingDivergedException LossNotFinite(Batch batch, (int First, double[] Losses)? broken, double rate, TrainingPosition position)
    {
        if (broken is not (int first, double[] losses))
        {
            return Diverged("The loss of another rank's images is not finite", _network.Layers[^1].Name, position, rate, [], $"the weights are as before the step: {Remedy}");
        }

        TrainingMoment moment = new(_options.Seed, (uint)position.TotalSteps, _exchange.First + first);
        double loss = losses.First(value => !double.IsFinite(value));
        List<string> files = [.. Enumerable.Range(0, losses.Length).Where(i => !double.IsFinite(losses[i])).Select(i => _data.Name(batch.Indices[first + i]))];
        if (RunawayWeights() is { } parameter)
        {
            return Diverged(
                $"The loss is {loss}, for {parameter.Name} has {NotFinite(parameter.Values)},",
                LayerOf(parameter),
                position,
                rate,
                files,
                $"the weights of {_network.Name} were so before the step: go on from an earlier checkpoint with a lower --lr");
        }

        Load(batch, first, losses.Length);
        (string layer, long found) = _plan.FirstNotFinite(_workspace, moment);
        string where = found > 0
            ? $"the output of {layer} has {NotFinite(found)}, the first such on the way forward"
            : "a pass that a second time gives finite numbers: this machine or its memory errs";
        return Diverged(
            $"The loss is {loss}, for {where},", layer, position, rate, files, $"the weights of {_network.Name} are finite and as before the step: {Remedy}");
    }

    private Parameter? RunawayWeights() =>
        _network.Parameters.FirstOrDefault(parameter => !FiniteCheck.AllFinite(parameter.Values, _workspace.Context));

    private string LayerOf(Parameter parameter) => _network.Nodes.First(node => node.Parameters.Contains(parameter)).Layer.Name;

    private List<string> Names(Batch batch, int first, int count) => [.. batch.Indices.Skip(first).Take(count).Select(_data.Name)];

    private TrainingDivergedException Diverged(
        string what, string layer, TrainingPosition position, double rate, IReadOnlyList<string> files, string outcome) =>
        TrainingDivergedException.Create(what, layer, position.TotalSteps + 1, position.Epoch + 1, _options.Seed, rate, files, outcome);
}
