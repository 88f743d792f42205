using Rectify.Data;

namespace Rectify.Reproduction;

/// <summary>What is reached without looking at the pictures.</summary>
/// <param name="Loss">The entropy of the labels, −Σ p ln p: the least cross-entropy of an answer that is the same for all; ln K where K classes are as frequent.</param>
/// <param name="ErrorPercent">The error of the commonest class, in percent.</param>
internal sealed record Guessing(double Loss, double ErrorPercent)
{
    /// <summary>Of a data set.</summary>
    public static Guessing Of(IDataset data)
    {
        double[] shares = [.. Enumerable.Range(0, data.Count).CountBy(data.Label).Select(pair => (double)pair.Value / data.Count)];
        return new Guessing(-shares.Sum(share => share * Math.Log(share)), 100.0 * (1.0 - shares.Max()));
    }
}
