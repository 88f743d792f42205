using Rectify.Benchmarks;

namespace Rectify.Reproduction;

/// <summary>Training steps of two kinds timed by turns, so that what else the machine does meets both alike.</summary>
internal static class StepTurns
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    /// <summary>Seconds of a step of each, a pair a turn. Each turn begins with a step that does not count: memory grows cold while the other one works.</summary>
    public static (double[] First, double[] Second) Measure(NetworkBenchmark first, NetworkBenchmark second, int turns)
    {
        first.WarmUp(WarmUp);
        second.WarmUp(WarmUp);
        (double[] ours, double[] others) = (new double[turns], new double[turns]);
        for (int i = 0; i < turns; i++)
        {
            _ = first.RunOnce();
            ours[i] = first.RunOnce();
            _ = second.RunOnce();
            others[i] = second.RunOnce();
        }

        return (ours, others);
    }
}
