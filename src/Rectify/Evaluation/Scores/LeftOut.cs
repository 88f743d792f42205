namespace Rectify.Evaluation;

/// <summary>What a member is worth to an ensemble.</summary>
/// <param name="Name">The member.</param>
/// <param name="Alone">The errors of the member by itself.</param>
/// <param name="Without">The errors of all others together.</param>
public sealed record LeftOut(string Name, ErrorCounts Alone, ErrorCounts Without);
