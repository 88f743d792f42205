namespace Rectify.Training;

/// <summary>How long the ranks worked for a step, waits for each other left out.</summary>
/// <param name="Seconds">Mean over some steps, by rank.</param>
/// <param name="Slowest">The rank that took longest.</param>
/// <param name="Host">Its machine.</param>
public sealed record RankTimes(IReadOnlyList<double> Seconds, int Slowest, string Host)
{
    private const double Lagging = 1.3;

    /// <summary>Half of the ranks take less than this.</summary>
    public double Median => Seconds.Order().ElementAt((Seconds.Count - 1) / 2);

    /// <summary>Whether all wait for the slowest for a good part of the time: it takes 1.3 times as long as the median.</summary>
    public bool IsLagging => Seconds[Slowest] > Lagging * Median;
}
