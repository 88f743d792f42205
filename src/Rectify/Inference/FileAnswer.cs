namespace Rectify.Inference;

/// <summary>What became of one file.</summary>
/// <param name="File">The path, as it was given.</param>
/// <param name="Labels">The most probable classes, best first; empty where the file could not be answered.</param>
/// <param name="Error">Why it could not be answered, in one sentence that names it; null where it was.</param>
public sealed record FileAnswer(string File, IReadOnlyList<Prediction> Labels, string? Error);
