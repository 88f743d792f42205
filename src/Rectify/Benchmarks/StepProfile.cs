using System.Diagnostics;
using Rectify.Execution;
using Rectify.Kernels.Benchmarks;

namespace Rectify.Benchmarks;

/// <summary>Sums the time of each part of a run, and keeps the sums of all runs.</summary>
internal sealed class StepProfile(int steps) : IStepObserver
{
    private static readonly int Passes = Enum.GetValues<StepPass>().Length;

    private readonly long[] _ticks = new long[(steps + 1) * Passes];
    private readonly bool[] _seen = new bool[(steps + 1) * Passes];
    private readonly List<long[]> _runs = [];
    private long _last;

    public void Begin()
    {
        Array.Clear(_ticks);
        _last = Stopwatch.GetTimestamp();
    }

    public void Done(int step, StepPass pass)
    {
        long now = Stopwatch.GetTimestamp();
        int cell = Cell(step, pass);
        _ticks[cell] += now - _last;
        _seen[cell] = true;
        _last = now;
    }

    public void End() => _runs.Add([.. _ticks]);

    /// <summary>Median of a part's time, in seconds; null if it never came.</summary>
    public double? Seconds(int step, StepPass pass)
    {
        int cell = Cell(step, pass);
        return _seen[cell] ? Repetition.Median(_runs.Select(run => (double)run[cell])) / Stopwatch.Frequency : null;
    }

    private static int Cell(int step, StepPass pass) => ((step - IStepObserver.NoStep) * Passes) + (int)pass;
}
