namespace Rectify.Evaluation;

/// <summary>A network's errors at one scale.</summary>
/// <param name="Scale">The shorter side in pixels.</param>
/// <param name="Errors">The errors.</param>
/// <param name="Scores">The scores; null where they were not to be kept.</param>
public sealed record ScaleErrors(int Scale, ErrorCounts Errors, ScoreTable? Scores);
