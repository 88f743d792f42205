namespace Rectify.Cli;

/// <summary>Weights of networks whose scores are added.</summary>
internal static class ScoreWeights
{
    /// <summary>Reads them.</summary>
    /// <param name="option">The option's name.</param>
    /// <param name="text">What was written.</param>
    /// <param name="what">What each weighs: "file".</param>
    /// <exception cref="Rectify.Tensors.UsageException">One is no number, or not above 0 and below a million.</exception>
    public static double[] Parse(string option, string text, string what) =>
        NumberList.Parse<double>(option, text, weight => weight is > 0 and < 1e6, $"a number above 0 and below a million for each {what} with commas between them, as in 2,1");
}
