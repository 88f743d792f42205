namespace Rectify.Evaluation;

/// <summary>A step of a greedy selection.</summary>
/// <param name="Member">The place of the member that is added.</param>
/// <param name="Errors">The errors of all that are chosen up to this step, on the images by which they are chosen.</param>
public sealed record SelectionStep(int Member, ErrorCounts Errors);
