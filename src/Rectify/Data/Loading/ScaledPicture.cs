namespace Rectify.Data;

/// <summary>A sample at several sizes, or why it could not be read.</summary>
/// <param name="Index">The sample.</param>
/// <param name="Pictures">The picture at each of the sizes asked for; none where it could not be read.</param>
/// <param name="Failure">Why it could not be read; null where it could.</param>
internal sealed record ScaledPicture(int Index, IReadOnlyList<RgbImage> Pictures, SampleFailure? Failure);
