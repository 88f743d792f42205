namespace Rectify.Reports;

/// <summary>A class and its score.</summary>
/// <param name="Class">The class.</param>
/// <param name="Score">Its score, mostly a probability.</param>
/// <param name="IsRight">Whether it is the picture's class.</param>
public sealed record ClassScore(string Class, double Score, bool IsRight);
