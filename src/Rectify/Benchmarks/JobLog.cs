using System.Diagnostics;
using Rectify.Execution;
using Rectify.Kernels.Threading;

namespace Rectify.Benchmarks;

/// <summary>Keeps the jobs of each part of a run, all micro-batches together, with the least time that each took over the runs.</summary>
/// <remarks>The jobs of a run are the same ones each time, so the n-th of a part in one run is the n-th in the next.</remarks>
internal sealed class JobLog : IStepObserver, IJobObserver
{
    private readonly Dictionary<(int Step, StepPass Pass), LoggedPart> _least = [];
    private readonly Dictionary<(int Step, StepPass Pass), LoggedPart> _run = [];
    private List<LoggedJob> _jobs = [];
    private long _last;

    /// <summary>The parts of a run.</summary>
    public IReadOnlyDictionary<(int Step, StepPass Pass), LoggedPart> Parts => _least;

    public void Begin()
    {
        _run.Clear();
        _jobs = [];
        _last = Stopwatch.GetTimestamp();
    }

    public void Done(int chunks, long ticks) => _jobs.Add(new LoggedJob(chunks, Seconds(ticks)));

    public void Done(int step, StepPass pass)
    {
        double seconds = Seconds(Stopwatch.GetTimestamp() - _last);
        LoggedPart part = new(_jobs, Math.Max(0.0, seconds - _jobs.Sum(job => job.Seconds)));
        _run[(step, pass)] = _run.TryGetValue((step, pass), out LoggedPart? before) ? before.Then(part) : part;
        _jobs = [];
        _last = Stopwatch.GetTimestamp();
    }

    public void End()
    {
        foreach ((var key, LoggedPart part) in _run)
        {
            _least[key] = _least.TryGetValue(key, out LoggedPart? before) ? before.Least(part) : part;
        }
    }

    private static double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;
}
