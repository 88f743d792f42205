using Rectify.Data;
using Rectify.Evaluation;

namespace Rectify.Training;

/// <summary>How training ended.</summary>
/// <param name="Position">How far it came.</param>
/// <param name="Interrupted">Whether it was stopped before the last epoch's end.</param>
/// <param name="FinalLoss">Mean cross-entropy of the last epoch, of its part since training was resumed if that was in its midst.</param>
/// <param name="Validation">The last epoch's errors on the validation set; null without one.</param>
/// <param name="ImagesPerSecond">Training images a second, validation not counted.</param>
/// <param name="Elapsed">Time, validation counted.</param>
/// <param name="Failures">Pictures that could not be read and were skipped.</param>
public sealed record TrainingResult(
    TrainingPosition Position,
    bool Interrupted,
    double FinalLoss,
    EvaluationResult? Validation,
    double ImagesPerSecond,
    TimeSpan Elapsed,
    IReadOnlyList<SampleFailure> Failures);
