using Rectify.Communication;
using Rectify.Data;
using Rectify.Execution;
using Rectify.Kernels;
using Rectify.Layers;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Benchmarks;

/// <summary>Whole training steps, the very ones of <see cref="Trainer"/>: the batch into the workspace, forward with dropout, loss and errors, backward, the look
/// for numbers that are not finite, momentum and decay.</summary>
public sealed class TrainingStepBenchmark : NetworkBenchmark
{
    // So little that the weights stay as they were drawn, however many steps are run.
    private const double Rate = 1e-7;

    private readonly MomentumOptimizer _optimizer;
    private readonly TrainingStep _step;
    private readonly Batch _batch;
    private long _steps;

    /// <summary>Takes the memory and draws a batch.</summary>
    /// <param name="network">A network with weights.</param>
    /// <param name="context">Threads, vector width and which kernels.</param>
    /// <param name="batch">Images of a mini-batch.</param>
    /// <param name="microBatch">Images at a time; 0 to have it chosen, as in training.</param>
    /// <param name="communicator">The ranks that share each mini-batch, and all measure together; null for this process alone.</param>
    /// <exception cref="RectifyException">It makes no sense, or does not fit the memory.</exception>
    public TrainingStepBenchmark(Network network, KernelContext context, int batch, int microBatch = 0, Communicator? communicator = null)
        : base(network, context, batch, communicator ?? Alone.Instance)
    {
        TrainerOptions options = new() { BatchSize = batch, MicroBatch = microBatch, LearningRate = Rate };
        options.Validate();
        int crop = network.Input.H;
        Plan = new Plan(network);
        int together = TrainingStep.MicroBatchFor(network, options, crop, Ranks);
        MemoryBytes = TrainingStep.MemoryBytes(Plan, context, options, crop, Ranks);
        MemoryLimit.Require(MemoryBytes, $"Training {network.Name}, {together} images at a time,", "give a smaller --micro-batch, --size or --width");
        _optimizer = new MomentumOptimizer(network, options);
        _step = new TrainingStep(network, Plan, _optimizer, context, options, new RenderedDataset(batch, Math.Max(crop, RenderedDataset.MinSize), 1), crop, Ranks);
        _batch = new Batch(OwnImages, crop);
        FillPixels(_batch.Pixels);
        for (int i = 0; i < OwnImages; i++)
        {
            _batch.Set(i, i, ((7 * i) + 3) % network.Output.C);
        }

        _batch.Complete(0, OwnImages);
    }

    /// <inheritdoc/>
    public override int MicroBatch => _step.MicroBatch;

    /// <inheritdoc/>
    public override double Gigaflop => 3 * 2e-9 * Network.MultiplyAdds(Network.Input) * Batch;

    /// <inheritdoc/>
    public override long MemoryBytes { get; }

    private protected override Plan Plan { get; }

    private protected override ExecutionMode Mode => ExecutionMode.Training;

    private protected override void Run() => _step.Run(_batch, Rate, TrainingPosition.Start with { TotalSteps = _steps++ });

    private protected override void Observe(IStepObserver? observer) => _step.Observer = observer;

    private protected override void Free()
    {
        _step.Dispose();
        _optimizer.Dispose();
    }
}
