using System.Diagnostics;
using Rectify.Communication;
using Rectify.Execution;
using Rectify.Kernels;
using Rectify.Kernels.Benchmarks;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Benchmarks;

/// <summary>A whole network at work on images that are in memory already: what is measured is the engine, not the loader.</summary>
public abstract class NetworkBenchmark : IDisposable
{
    // More than caches hold.
    private const long CopyBytes = 128L << 20;

    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(1);

    private protected NetworkBenchmark(Network network, KernelContext context, int batch, Communicator ranks)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(context);
        if (batch is < 1 or > 1 << 16)
        {
            throw new UsageException($"--batch {batch}: choose between 1 and {1 << 16} images.");
        }

        (Network, Context, Batch, Ranks) = (network, context, batch, ranks);
        OwnImages = Share.Of(batch, ranks.Rank, ranks.Size).Count;
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>Threads, vector width and which kernels.</summary>
    public KernelContext Context { get; }

    /// <summary>Images of a run, of all ranks.</summary>
    public int Batch { get; }

    /// <summary>Images that go through the network at a time.</summary>
    public abstract int MicroBatch { get; }

    /// <summary>10⁹ operations of a run by the definitions, whatever is computed: a multiply-add counts as two, a training step as three forward passes.</summary>
    public abstract double Gigaflop { get; }

    /// <summary>Bytes of weights, velocities, gradients and workspace.</summary>
    public abstract long MemoryBytes { get; }

    /// <summary>Who runs together.</summary>
    private protected Communicator Ranks { get; }

    /// <summary>This rank's images of a run.</summary>
    private protected int OwnImages { get; }

    private protected abstract Plan Plan { get; }

    private protected abstract ExecutionMode Mode { get; }

    /// <summary>One run: a training step, or a forward pass.</summary>
    /// <returns>Seconds.</returns>
    public double RunOnce()
    {
        long started = Stopwatch.GetTimestamp();
        Run();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Runs until nothing is compiled or touched for the first time any more: at least twice.</summary>
    public void WarmUp(TimeSpan duration) =>
        Repetition.WarmUp(Ranks.IsShared ? TimeSpan.Zero : duration < LongestWarmUp ? duration : LongestWarmUp, 2, Run);

    /// <summary>Warms up, then measures runs and now and then what the machine can do at that moment.</summary>
    /// <param name="duration">About so long, and at least three runs.</param>
    /// <param name="layers">Whether the parts of a run are timed too.</param>
    public NetworkMeasurement Measure(TimeSpan duration, bool layers)
    {
        WarmUp(duration);
        long peakMemory = PeakMemory();
        StepProfile? profile = layers ? new StepProfile(Plan.StepList.Length) : null;
        List<double> seconds = [];
        List<double> peaks = [];
        List<double> copies = [];
        using CopySpeed copy = new(CopyBytes, Context);
        _ = copy.Measure();
        long started = Stopwatch.GetTimestamp();
        TimeSpan lookAtMachine = TimeSpan.Zero;
        Observe(profile);
        while (Ranks.Any(seconds.Count < 3 || Stopwatch.GetElapsedTime(started) < duration))
        {
            if (Stopwatch.GetElapsedTime(started) >= lookAtMachine)
            {
                peaks.Add(FmaPeak.Measure(Context));
                copies.Add(1e-9 * copy.Measure());
                lookAtMachine += duration / 10;
            }

            profile?.Begin();
            seconds.Add(RunOnce());
            profile?.End();
        }

        Observe(null);
        return new NetworkMeasurement(
            seconds.Count,
            Repetition.Median(seconds),
            seconds.Min(),
            seconds.Max(),
            Repetition.Median(peaks),
            Repetition.Median(copies),
            peakMemory,
            profile is null ? [] : new ProfileWork(Plan, Mode, Context, Network.Input, OwnImages, MicroBatch).Lines(profile));
    }

    /// <summary>Runs once to warm up, then so many times, and keeps the jobs of each part.</summary>
    internal IEnumerable<(string Name, StepPass Pass, LoggedPart Part, double Gigabytes)> LogJobs(int runs)
    {
        Run();
        JobLog log = new();
        Observe(log);
        Context.Workers.Observer = log;
        for (int i = 0; i < runs; i++)
        {
            log.Begin();
            Run();
            log.End();
        }

        Context.Workers.Observer = null;
        Observe(null);
        ProfileWork work = new(Plan, Mode, Context, Network.Input, OwnImages, MicroBatch);
        foreach (((int step, StepPass pass), LoggedPart part) in log.Parts)
        {
            (string name, double gigabytes) = work.Moved(step, pass);
            yield return (name, pass, part, gigabytes);
        }
    }

    /// <summary>Frees its memory; the network stays.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private protected abstract void Run();

    private protected abstract void Observe(IStepObserver? observer);

    private protected abstract void Free();

    private protected static void FillPixels(Span<float> pixels)
    {
        RandomStream random = new(1, RandomPurpose.Testing, 0, 0);
        foreach (ref float pixel in pixels)
        {
            pixel = random.NextSingle(-128f, 128f);
        }
    }

    private protected static long ParameterBytes(Network network) => sizeof(float) * network.Parameters.Sum(parameter => (long)parameter.StoredLength);

    private static long PeakMemory()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}

/// <summary>What a network reached.</summary>
/// <param name="Runs">Runs measured.</param>
/// <param name="Seconds">Median of a run.</param>
/// <param name="LeastSeconds">The fastest run.</param>
/// <param name="MostSeconds">The slowest run.</param>
/// <param name="PeakGigaflops">What multiply-adds that wait for nothing reached meanwhile.</param>
/// <param name="CopyGigabytes">10⁹ bytes a second, read and written, that copying reached meanwhile.</param>
/// <param name="PeakMemoryBytes">Most memory that the process held up to the end of the warm-up; later runs take no more.</param>
/// <param name="Profile">The parts of a run in the plan's order; empty unless asked for.</param>
public sealed record NetworkMeasurement(
    int Runs,
    double Seconds,
    double LeastSeconds,
    double MostSeconds,
    double PeakGigaflops,
    double CopyGigabytes,
    long PeakMemoryBytes,
    IReadOnlyList<ProfileLine> Profile);

/// <summary>A part of a run.</summary>
/// <param name="Step">The plan's step; "network" for what is done to all of it at once.</param>
/// <param name="Pass">Which part.</param>
/// <param name="Kernel">The kernel, where several could do it.</param>
/// <param name="Seconds">Median over the runs; of a run with several micro-batches, all of them together.</param>
/// <param name="Gigaflop">10⁹ operations by the definition; 0 where moving memory is all there is to it.</param>
/// <param name="Gigabytes">10⁹ bytes of maps and parameters that must at least be read and written once.</param>
public sealed record ProfileLine(string Step, StepPass Pass, string Kernel, double Seconds, double Gigaflop, double Gigabytes);
