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

    /// <summary>The value that a share of all values stays at or below: the ⌈share·n⌉-th.</summary>
    /// <param name="values">At least one.</param>
    /// <param name="share">Above 0 and up to 1.</param>
    public static double Quantile(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        return sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }

    /// <summary>The middle one; the upper of the two middle ones.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }
}
