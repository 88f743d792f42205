using Rectify.Data;

namespace Rectify.Evaluation;

/// <summary>What an evaluation by views counted. Every image listed counts once.</summary>
/// <param name="Members">Each network's errors.</param>
/// <param name="Errors">Those of all networks together.</param>
/// <param name="Scores">The scores of all networks together; null where they were not to be kept.</param>
/// <param name="Failures">Images that could not be read: errors among the others, or left out where that was asked for.</param>
/// <param name="Seconds">Time it took.</param>
public sealed record ViewEvaluation(
    IReadOnlyList<MemberErrors> Members, ErrorCounts Errors, ScoreTable? Scores, IReadOnlyList<SampleFailure> Failures, double Seconds)
{
    /// <summary>Images a second.</summary>
    public double ImagesPerSecond => Seconds > 0 ? Errors.Images / Seconds : 0;
}
