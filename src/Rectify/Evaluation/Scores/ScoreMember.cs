namespace Rectify.Evaluation;

/// <summary>A table of scores with what messages call it.</summary>
/// <param name="Name">A file's path, or a run's name.</param>
/// <param name="Table">The scores.</param>
public sealed record ScoreMember(string Name, ScoreTable Table);
