namespace Rectify.Evaluation;

/// <summary>A network's errors.</summary>
/// <param name="Name">What the network is called.</param>
/// <param name="Scales">At each scale.</param>
/// <param name="Errors">With the scores of all scales averaged.</param>
/// <param name="Scores">Those scores; null where they were not to be kept.</param>
public sealed record MemberErrors(string Name, IReadOnlyList<ScaleErrors> Scales, ErrorCounts Errors, ScoreTable? Scores);
