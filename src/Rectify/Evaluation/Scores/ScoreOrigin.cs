namespace Rectify.Evaluation;

/// <summary>Where scores come from. Tables may be added up where their <see cref="ImagesFingerprint"/> agree.</summary>
/// <param name="Model">What to call the network: a run's name; of several, the names with " + " between.</param>
/// <param name="ModelFingerprint">SHA-256 of its weights and of the mean that it subtracts, lower-case hexadecimal; of several, of their fingerprints in order.</param>
/// <param name="Images">What to call the images: the path that was given.</param>
/// <param name="ImagesFingerprint">By <see cref="Data.DatasetFingerprint"/>.</param>
/// <param name="View">"center", "10-view" or "dense"; "combined" where scores of several views were added.</param>
/// <param name="Scales">The shorter sides of the resized pictures, in pixels.</param>
/// <param name="Kernels">Vector width and kernel options, on which the last bits depend: "V512" or "V512 exact".</param>
public sealed record ScoreOrigin(
    string Model, string ModelFingerprint, string Images, string ImagesFingerprint, string View, IReadOnlyList<int> Scales, string Kernels);
