using System.Diagnostics;

namespace Rectify.Kernels.Benchmarks;

/// <summary>What all benchmarks do alike.</summary>
public static class Repetition
{
    /// <summary>Repeats something until the JIT has compiled for good what it first compiled in haste, and pages and caches have their content.</summary>
    /// <param name="duration">At least so long.</param>
    /// <param name="runs">And at least so many times.</param>
    /// <param name="run">What.</param>
    public static void WarmUp(TimeSpan duration, int runs, Action run)
    {
        ArgumentNullException.ThrowIfNull(run);
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < runs || Stopwatch.GetElapsedTime(started) < duration; i++)
        {
            run();
        }
    }

    /// <summary>The middle one; the upper of the two middle ones.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }
}
