using Rectify.Communication;

namespace Rectify.Training;

/// <summary>Watches which rank the others wait for.</summary>
/// <param name="communicator">The ranks.</param>
internal sealed class RankWatch(Communicator communicator)
{
    private const int Every = 50;

    private readonly double[] _sums = new double[communicator.Size];
    private int _steps;

    /// <summary>Counts a step.</summary>
    /// <param name="seconds">What each rank worked for it.</param>
    /// <returns>The means of the last steps, now and then; else null.</returns>
    public RankTimes? Count(ReadOnlySpan<double> seconds)
    {
        if (!communicator.IsShared)
        {
            return null;
        }

        for (int rank = 0; rank < _sums.Length; rank++)
        {
            _sums[rank] += seconds[rank];
        }

        if (++_steps < Every)
        {
            return null;
        }

        double[] means = [.. _sums.Select(sum => sum / _steps)];
        Array.Clear(_sums);
        _steps = 0;
        int slowest = Array.IndexOf(means, means.Max());
        return new RankTimes(means, slowest, communicator.HostOf(slowest));
    }
}
