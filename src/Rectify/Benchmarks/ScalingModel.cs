using Rectify.Execution;
using Rectify.Kernels;
using Rectify.Kernels.Benchmarks;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;

namespace Rectify.Benchmarks;

/// <summary>Reckons what a run would take on many cores from what one core takes for it.</summary>
/// <remarks>
/// The work is cut as for the cores in question and done by one, job by job, by the clock: so what finer cuts do twice is measured. A job of n chunks that takes t on
/// one core takes p of them t·⌈n/p⌉/n and the cost of handing it out; a part of a run takes at least its bytes over the memory's speed; what lies between jobs is
/// serial. Caches that cores share, clocks that fall when all work, and the distance between memories are not in it.
/// </remarks>
/// <param name="GigabytesPerSecond">10⁹ bytes a second, read and written, that the whole machine's memory moves.</param>
/// <param name="CoreGigabytesPerSecond">The same of one core.</param>
/// <param name="JobSeconds">What it costs to wake threads for a job, hand it out and wait for its end, whatever its size.</param>
public sealed record ScalingModel(double GigabytesPerSecond, double CoreGigabytesPerSecond, double JobSeconds)
{
    /// <summary>What memory is taken to move: 12 channels of DDR5-4800 at 85 %.</summary>
    public const double DefaultGigabytesPerSecond = 390.0;

    /// <summary>What it is taken to cost to hand a job out, in microseconds.</summary>
    public const double DefaultJobMicroseconds = 10.0;

    // More than caches hold.
    private const long CopyBytes = 128L << 20;
    private const int Copies = 5;

    /// <summary>Measures <see cref="CoreGigabytesPerSecond"/> of this machine.</summary>
    public static double MeasureCore(Isa isa)
    {
        using Workers one = new(1);
        using CopySpeed copy = new(CopyBytes, new KernelContext(one, isa));
        _ = copy.Measure();
        return 1e-9 * Repetition.Median(Enumerable.Range(0, Copies).Select(_ => copy.Measure()));
    }

    /// <summary>Workers that cut for a number of cores and work on one.</summary>
    public static Workers Alone(int cores) => Workers.Alone(cores);

    /// <summary>Reckons one number of cores.</summary>
    /// <param name="benchmark">A run on workers that <see cref="Alone"/> made for that number.</param>
    /// <param name="runs">Runs to measure; the least time of each job counts.</param>
    public ScalingPoint Reckon(NetworkBenchmark benchmark, int runs)
    {
        ArgumentNullException.ThrowIfNull(benchmark);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(runs);
        int cores = benchmark.Context.Workers.Count;
        double bytes = 1e9 * Math.Min(GigabytesPerSecond, cores * CoreGigabytesPerSecond);
        return new ScalingPoint(cores, [.. benchmark.LogJobs(runs).Select(logged => Reckon(logged.Name, logged.Pass, logged.Part, 1e9 * logged.Gigabytes / bytes, cores))]);
    }

    /// <summary>Reckons a part that takes so many seconds to move its bytes.</summary>
    internal ScalingPart Reckon(string name, StepPass pass, LoggedPart part, double movingSeconds, int cores)
    {
        double work = part.Jobs.Sum(job => job.Seconds);
        double uneven = part.Jobs.Sum(job => job.Seconds * UnevenShare(job.Chunks, cores));
        double handing = cores == 1 ? 0.0 : JobSeconds * part.Jobs.Count(job => job.Chunks > 1);
        double memory = cores == 1 ? 0.0 : Math.Max(0.0, movingSeconds - (work / cores) - uneven);
        return new ScalingPart(name, pass, work, part.SerialSeconds, uneven, handing, memory);
    }

    // ⌈n/p⌉/n − 1/p
    private static double UnevenShare(int chunks, int cores) => chunks == 0 ? 0.0 : ((double)((chunks + cores - 1) / cores) / chunks) - (1.0 / cores);
}
