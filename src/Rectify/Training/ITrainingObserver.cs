using Rectify.Diagnostics;

namespace Rectify.Training;

/// <summary>Hears how training goes, on the trainer's thread. All members may be left out.</summary>
public interface ITrainingObserver
{
    /// <summary>Training begins; nothing has been learned.</summary>
    void Started(TrainingStart start)
    {
    }

    /// <summary>A mini-batch was learned.</summary>
    void StepDone(StepReport report)
    {
    }

    /// <summary>Now and then, where several ranks train: how long each works for a step.</summary>
    void RanksTimed(StepReport report, RankTimes times)
    {
    }

    /// <summary>The next mini-batch does not come: a disk or a network does not answer.</summary>
    /// <param name="name">The picture that has been read for the longest.</param>
    /// <param name="waited">How long the mini-batch has been waited for.</param>
    void Stalled(string name, TimeSpan waited)
    {
    }

    /// <summary>No gradient arrives, and the loss stays that of guessing: told once, while there is time to stop.</summary>
    /// <param name="report">The step after which it was seen.</param>
    /// <param name="signal">What was seen.</param>
    void SignalFades(StepReport report, FadingSignal signal)
    {
    }

    /// <summary>The validation pictures of an epoch are being evaluated.</summary>
    void Validating(int done, int total)
    {
    }

    /// <summary>An epoch is over and validated; the parameters may be saved.</summary>
    void EpochDone(EpochReport report)
    {
    }
}

/// <summary>What is about to happen.</summary>
/// <param name="Images">Training images.</param>
/// <param name="ValidationImages">Validation images; 0 for none.</param>
/// <param name="StepsPerEpoch">Mini-batches of an epoch.</param>
/// <param name="MicroBatch">Images that go through the network at a time.</param>
/// <param name="WorkspaceBytes">Memory of activations and gradients.</param>
/// <param name="MemoryBytes">All that the network will take: weights, velocities, gradients and the workspaces of training and evaluation. The runtime and
/// the data come to that.</param>
public sealed record TrainingStart(int Images, int ValidationImages, int StepsPerEpoch, int MicroBatch, long WorkspaceBytes, long MemoryBytes);

/// <summary>A mini-batch that was learned.</summary>
/// <param name="Epoch">Its epoch, counted from 1.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Step">Its place in the epoch, counted from 1.</param>
/// <param name="Steps">Steps of an epoch.</param>
/// <param name="TotalSteps">Steps since the beginning of training.</param>
/// <param name="Loss">Its mean cross-entropy.</param>
/// <param name="EpochLoss">Mean over the <see cref="EpochImages"/>.</param>
/// <param name="EpochErrorPercent">Top-1 error on the training crops of the epoch so far, in percent.</param>
/// <param name="Rate">ε.</param>
/// <param name="ImagesPerSecond">Over the epoch so far.</param>
/// <param name="WaitShare">Share of the epoch's time that was spent waiting for data.</param>
/// <param name="PeakMemoryBytes">Most memory that the process held.</param>
/// <param name="Elapsed">Time since the beginning.</param>
/// <param name="Remaining">Estimate of the time that is left.</param>
public sealed record StepReport(
    int Epoch,
    int Epochs,
    int Step,
    int Steps,
    long TotalSteps,
    double Loss,
    double EpochLoss,
    double EpochErrorPercent,
    double Rate,
    double ImagesPerSecond,
    double WaitShare,
    long PeakMemoryBytes,
    TimeSpan Elapsed,
    TimeSpan Remaining)
{
    /// <summary>Images that <see cref="EpochLoss"/>, <see cref="EpochErrorPercent"/> and <see cref="ImagesPerSecond"/> are taken over: those learned since the
    /// epoch began or, where training was resumed in the midst of it, since then; a checkpoint does not hold the sums.</summary>
    public int EpochImages { get; init; }
}

/// <summary>An epoch that is over.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Last">Its last step, with the epoch's loss and error.</param>
/// <param name="Validation">Errors on the validation set; null without one.</param>
/// <param name="IsBest">Whether its validation error is the least so far; false without validation.</param>
public sealed record EpochReport(int Epoch, StepReport Last, Evaluation.EvaluationResult? Validation, bool IsBest)
{
    /// <summary>Images that the epoch's loss and error are taken over: fewer than it had where training was resumed in its midst, and 0 where it was resumed
    /// after its last step; then there is no loss to speak of.</summary>
    public int ImagesCounted => Last.EpochImages;

    /// <summary>The plateau detector's decision that the rate falls; null for none.</summary>
    public RateDrop? RateDrop { get; init; }
}
