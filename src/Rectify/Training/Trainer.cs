using System.Diagnostics;
using Rectify.Communication;
using Rectify.Data;
using Rectify.Diagnostics;
using Rectify.Evaluation;
using Rectify.Execution;
using Rectify.Kernels;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>Trains a network: batches in, momentum steps, an evaluation after each epoch.</summary>
/// <remarks>
/// The same network, data, options and vector width give the same bits for any number of compute and loader threads. A last mini-batch that is not full is left
/// out of an epoch; the order changes from epoch to epoch, so no image is left out for good.
/// </remarks>
public sealed class Trainer : IDisposable
{
    private readonly KernelContext _context;
    private readonly Communicator _communicator;
    private readonly Plan _plan;
    private readonly FadingWatch _watch;
    private readonly RankWatch _ranks;
    private TrainingStep? _step;
    private Evaluator? _evaluator;

    /// <summary>A trainer at the start.</summary>
    /// <param name="network">The network, initialized or loaded.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <param name="options">How to train.</param>
    /// <param name="communicator">The processes that train together; null for this one alone. All give the same network, data and options; not disposed.</param>
    /// <exception cref="RectifyException">An option is out of range, or there are more processes than images in a mini-batch.</exception>
    public Trainer(Network network, KernelContext context, TrainerOptions options, Communicator? communicator = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (Network, _context, Options, _communicator) = (network, context, options, communicator ?? Alone.Instance);
        UsageException.Require(
            _communicator.Size <= options.BatchSize, $"--batch {options.BatchSize}: {_communicator.Size} processes need an image each; choose at least {_communicator.Size}.");
        Optimizer = new MomentumOptimizer(network, options);
        _plan = new Plan(network, Range.All, fuse: true, Optimizer.Frozen);
        DecayMonitor = new DecayMonitor(network, options.WeightDecay > 0 ? options.WeightDecay : DecayMonitor.Yardstick, frozen: Optimizer.Frozen);
        _ranks = new RankWatch(_communicator);
        _watch = new FadingWatch(DecayMonitor, network.Output.C);
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>How it is trained.</summary>
    public TrainerOptions Options { get; }

    /// <summary>The optimizer and its velocities.</summary>
    public MomentumOptimizer Optimizer { get; }

    /// <summary>Which layers the loss still moves, and which weight decay alone (the paper's where there is none); it begins anew where training is resumed.</summary>
    public DecayMonitor DecayMonitor { get; }

    /// <summary>How far training has come; set it, the parameters and the velocities to resume.</summary>
    public TrainingPosition Position { get; set; } = TrainingPosition.Start;

    /// <summary>Trains from <see cref="Position"/> to the last epoch, or until it is cancelled: then the step at hand is finished first.</summary>
    /// <param name="data">Training images.</param>
    /// <param name="validation">Validation images, or null.</param>
    /// <param name="crops">What training sees of an image.</param>
    /// <param name="view">What evaluation sees of an image.</param>
    /// <param name="observer">Hears how it goes.</param>
    /// <param name="cancellation">Stops training.</param>
    /// <exception cref="RectifyException">The mini-batch is larger than the data, the images do not fit the network, or training the machine's memory; or the rate
    /// is to fall at a plateau and there are no validation images.</exception>
    /// <exception cref="TrainingDivergedException">A loss or a gradient is not finite: the weights are as before the step. Or a weight is not finite after the
    /// last step of an epoch, or before an interrupted run would be saved, or a score in validation: nothing of the epoch is to be saved.</exception>
    public TrainingResult Run(
        IDataset data,
        IDataset? validation,
        SampleTransform crops,
        SampleTransform view,
        ITrainingObserver? observer = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(crops);
        Options.RequireValidation(validation is not null);
        Check(data, crops.Size);
        LoaderOptions loading = new()
        {
            BatchSize = Options.BatchSize,
            Seed = Options.Seed,
            Workers = Options.LoaderWorkers,
            Rank = _communicator.Rank,
            Ranks = _communicator.Size,
            Shuffle = true,
            DropLast = true,
            Stalled = (name, waited) => observer?.Stalled(name, waited),
        };
        using BatchLoader loader = new(data, crops, loading);
        using TrainingStep step = new(Network, _plan, Optimizer, _context, Options, data, crops.Size, _communicator);
        step.Monitor = DecayMonitor;
        _step = step;
        observer?.Started(new TrainingStart(data.Count, validation?.Count ?? 0, loader.BatchesPerEpoch, step.MicroBatch, step.Bytes, MemoryBytes(crops.Size)));
        _evaluator ??= new Evaluator(
            Network, _context, new EvaluatorOptions { BatchSize = EvaluationBatch(step.MicroBatch), LoaderWorkers = Options.LoaderWorkers }, _communicator);
        TrainingClock clock = new(Options.Epochs, loader.BatchesPerEpoch, Position);
        EvaluationResult? evaluation = null;
        while (Position.Epoch < Options.Epochs && !_communicator.Any(cancellation.IsCancellationRequested))
        {
            StepReport? last = Epoch(loader, step, clock, observer, cancellation);
            if (last is null)
            {
                break;
            }

            evaluation = Validate(validation, view, observer, clock, cancellation);
            if (validation is not null && evaluation is null)
            {
                break;
            }

            bool best = evaluation is not null && evaluation.Top1Errors < Position.BestTop1Errors;
            TrainingPosition before = Position;
            Position = before with
            {
                Epoch = before.Epoch + 1,
                Step = 0,
                BestTop1Errors = Math.Min(before.BestTop1Errors, evaluation?.Top1Errors ?? int.MaxValue),
                Plateau = Options.Plateau is { } plateau ? before.Plateau.Next(plateau, evaluation!.Top1Errors, evaluation.Images) : default,
            };
            observer?.EpochDone(new EpochReport(Position.Epoch, last, evaluation, best) { RateDrop = Drop(before, evaluation) });
        }

        return new TrainingResult(
            Position, Position.Epoch < Options.Epochs, clock.EpochLoss, evaluation, clock.ImagesPerSecondOverall, clock.Elapsed, loader.Failures);
    }

    /// <summary>Throws what <see cref="Run"/> would throw of data that does not fit, before anything is done.</summary>
    /// <param name="data">Training images.</param>
    /// <param name="crop">Rows and columns of the crops.</param>
    /// <exception cref="RectifyException">The mini-batch is larger than the data, the images do not fit the network, or training the machine's memory.</exception>
    public void Check(IDataset data, int crop)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Count < Options.BatchSize)
        {
            throw new UsageException(
                $"--batch {Options.BatchSize}: there are only {data.Count} training images; choose a mini-batch of at most {data.Count} or give more data.");
        }

        if (data.Classes.Count != Network.Output.C)
        {
            throw new RectifyException($"The network has {Network.Output.C} outputs and the data {data.Classes.Count} classes; build it with Classes = {data.Classes.Count}.");
        }

        MapShape image = MapShape.Image(1, crop, crop, 3);
        _ = Network.Shapes(image);

        int microBatch = TrainingStep.MicroBatchFor(Network, Options, crop, _communicator);
        MemoryLimit.Require(
            MemoryBytes(crop),
            $"Training {Network.Name} on {crop}×{crop} crops, {microBatch} images at a time,",
            microBatch > 1 ? "give a smaller --micro-batch" : "give a smaller --size or --width");
    }

    /// <summary>Throws if the weights have run away: for whoever saves them between the steps of an epoch. At an epoch's end that has been seen to.</summary>
    /// <exception cref="TrainingDivergedException">A parameter is not finite.</exception>
    public void CheckWeights() => _step?.CheckWeights(Position, Options.RateAt(Position));

    /// <summary>Frees velocities and workspaces; the network stays.</summary>
    public void Dispose()
    {
        Optimizer.Dispose();
        _evaluator?.Dispose();
    }

    // What training takes, and the maps of evaluation.
    private long MemoryBytes(int crop)
    {
        int batch = EvaluationBatch(TrainingStep.MicroBatchFor(Network, Options, crop, _communicator));
        return TrainingStep.MemoryBytes(_plan, _context, Options, crop, _communicator)
            + _plan.ArenaBytes(_context, ExecutionMode.Inference, MapShape.Image(batch, crop, crop, 3));
    }

    // No more at a time than training takes, so that what fits in training fits here; the numbers do not depend on it.
    private static int EvaluationBatch(int microBatch) => Math.Min(new EvaluatorOptions().BatchSize, microBatch);

    // What the plateau detector has just decided; null for nothing, and after the last epoch, whose next rate nobody will use.
    private RateDrop? Drop(TrainingPosition before, EvaluationResult? evaluation) =>
        Options.Plateau is { } plateau && Position.Plateau.Drops > before.Plateau.Drops && Position.Epoch < Options.Epochs
            ? new RateDrop(
                Options.RateAt(before), Options.RateAt(Position), 100.0 * before.Plateau.BestErrors!.Value / evaluation!.Images, plateau.LeastGain, plateau.Patience)
            : null;

    // Trains to the end of the epoch at hand and returns its last step's report, or null if it was interrupted.
    private StepReport? Epoch(BatchLoader loader, TrainingStep step, TrainingClock clock, ITrainingObserver? observer, CancellationToken cancellation)
    {
        double rate = Options.RateAt(Position);
        TimeSpan waited = loader.WaitTime;
        clock.StartEpoch();
        StepReport? last = null;
        try
        {
            foreach (Batch batch in loader.Epoch(Position.Epoch, Position.Step, _communicator.IsShared ? CancellationToken.None : cancellation))
            {
                // Several stop after the same step, whichever was asked to.
                if (_communicator.IsShared && _communicator.Any(cancellation.IsCancellationRequested))
                {
                    throw new OperationCanceledException(cancellation);
                }

                _communicator.NoteStep(Position.TotalSteps);
                if (batch.Count > 0)
                {
                    (int images, double loss, int errors) = step.Run(batch, rate, Position);
                    clock.Count(images, loss, errors);
                }
                else if (_communicator.IsShared)
                {
                    throw new RectifyException("None of this rank's images of a mini-batch could be read; check the data set.");
                }

                Position = Position with { Step = Position.Step + 1, TotalSteps = Position.TotalSteps + 1 };
                last = clock.Report(Position, rate, loader.WaitTime - waited);
                observer?.StepDone(last);
                if (_ranks.Count(step.RankSeconds) is { } times)
                {
                    observer?.RanksTimed(last, times);
                }

                if (_watch.Check(last.EpochLoss) is { } fading)
                {
                    observer?.SignalFades(last, fading);
                }
            }
        }
        catch (RectifyException e) when (e is not TrainingDivergedException)
        {
            // The data fails; the caller will want to save what was learned.
            step.CheckWeights(Position, rate);
            throw;
        }
        catch (OperationCanceledException)
        {
            // Between two steps, or while waiting for a batch that does not come.
            step.CheckWeights(Position, rate);
            return null;
        }

        step.CheckWeights(Position, rate);
        clock.EndEpoch();

        // Pictures that were in use when young ones were collected count as old, and would pile up, to 1.2 GB beside a cache of 1.3 GB in 28 epochs: none is in use now.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
        return last ?? clock.Report(Position, rate, TimeSpan.Zero);
    }

    private EvaluationResult? Validate(
        IDataset? validation, SampleTransform view, ITrainingObserver? observer, TrainingClock clock, CancellationToken cancellation)
    {
        if (validation is null)
        {
            return null;
        }

        try
        {
            long started = Stopwatch.GetTimestamp();
            EvaluationResult result = _evaluator!.Run(
                validation, view, done => observer?.Validating(done, validation.Count), _communicator.IsShared ? CancellationToken.None : cancellation);
            clock.CountValidation(Stopwatch.GetElapsedTime(started));
            return result;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (ScoresNotFiniteException e)
        {
            throw TrainingDivergedException.Create(
                "A score is NaN or infinite in the validation after training",
                Network.Layers[^1].Name,
                Position.TotalSteps,
                Position.Epoch + 1,
                Options.Seed,
                Options.RateAt(Position),
                [e.File],
                "nothing of this epoch is saved: try a lower --lr, or --init he-out");
        }
    }
}
