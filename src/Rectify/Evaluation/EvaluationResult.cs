namespace Rectify.Evaluation;

/// <summary>What an evaluation counted. Every image listed counts once; one that cannot be read counts as an error.</summary>
/// <param name="Images">Images listed.</param>
/// <param name="Top1Errors">Images whose label is not the best score.</param>
/// <param name="Top5Errors">Images whose label is not among the five best.</param>
/// <param name="MeanLoss">Cross-entropy averaged over the images that could be read.</param>
/// <param name="Unreadable">Images that could not be read.</param>
/// <param name="Seconds">Time it took.</param>
public sealed record EvaluationResult(int Images, int Top1Errors, int Top5Errors, double MeanLoss, int Unreadable, double Seconds)
{
    /// <summary>Top-1 error in percent.</summary>
    public double Top1ErrorPercent => 100.0 * Top1Errors / Images;

    /// <summary>Top-5 error in percent.</summary>
    public double Top5ErrorPercent => 100.0 * Top5Errors / Images;

    /// <summary>Images a second.</summary>
    public double ImagesPerSecond => Seconds > 0 ? Images / Seconds : 0;
}
