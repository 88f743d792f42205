namespace Rectify.Training;

/// <summary>What a run's log says of an epoch; null where it says nothing, as without validation.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Step">Mini-batches since the beginning of training.</param>
/// <param name="TrainingLoss">Mean cross-entropy of its mini-batches, of those that were left where the run went on in its midst.</param>
/// <param name="TrainingTop1Error">Top-1 error on the training crops, in percent.</param>
/// <param name="Loss">Mean cross-entropy on the validation images.</param>
/// <param name="Top1Error">Top-1 error on the validation images, in percent.</param>
/// <param name="Top5Error">Top-5 error on the validation images, in percent.</param>
/// <param name="Images">Validation images.</param>
/// <param name="ImagesPerSecond">Training images a second.</param>
/// <param name="WaitShare">Share of the time that was spent waiting for data, 0..1.</param>
/// <param name="Seconds">Time that training took until then, validation counted; where it was interrupted, that of its parts, each up to its last epoch.</param>
public sealed record EpochPoint(
    int Epoch,
    long Step,
    double? TrainingLoss,
    double? TrainingTop1Error,
    double? Loss,
    double? Top1Error,
    double? Top5Error,
    int? Images,
    double? ImagesPerSecond,
    double? WaitShare,
    double? Seconds)
{
    /// <summary>Validation images whose label is not the best score.</summary>
    public int? Top1Errors => Errors(Top1Error);

    /// <summary>Validation images whose label is not among the five best.</summary>
    public int? Top5Errors => Errors(Top5Error);

    private int? Errors(double? percent) => percent is { } error && Images is { } images ? (int)Math.Round(Math.Clamp(error, 0, 100) * images / 100) : null;
}
