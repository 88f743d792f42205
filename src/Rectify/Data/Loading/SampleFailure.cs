namespace Rectify.Data;

/// <summary>A sample that could not be read.</summary>
/// <param name="Index">The sample's index in the data set.</param>
/// <param name="Name">What the data set calls it.</param>
/// <param name="Reason">The sentence that says why.</param>
public sealed record SampleFailure(int Index, string Name, string Reason);
