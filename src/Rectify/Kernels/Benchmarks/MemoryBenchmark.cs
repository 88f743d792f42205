using System.Diagnostics;
using Rectify.Tensors;

namespace Rectify.Kernels.Benchmarks;

/// <summary>Times kernels that memory bounds against a plain copy, and those with many multiply-adds against their peak, by turns in one run.</summary>
public static class MemoryBenchmark
{
    private const long LongestCopyBytes = 256L << 20;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.2);

    /// <summary>Measures one kernel.</summary>
    /// <param name="work">What to run, and the bytes and multiply-adds that it takes at least.</param>
    /// <param name="repeats">Runs; the medians count.</param>
    /// <param name="processorTime">Counts the processor time of the process, by its threads, instead of time on the wall: what others take is left out.</param>
    /// <param name="context">Threads and vector width.</param>
    public static MemoryMeasurement Run(MemoryWork work, int repeats, bool processorTime, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(context);
        using CopySpeed copy = new(Math.Min(work.Bytes, LongestCopyBytes), context);
        bool multiplies = work.MultiplyAdds > 0;
        double[] seconds = new double[repeats], copies = new double[repeats], peaks = new double[repeats];
        Warm(work, context);
        for (int i = 0; i < repeats; i++)
        {
            copies[i] = copy.Bytes / Time(copy.Run, processorTime, context);
            peaks[i] = multiplies ? 1e-9 * FmaPeak.Operations(context) / Time(() => FmaPeak.Measure(context), processorTime, context) : 0.0;
            seconds[i] = Time(() => work.Run(context), processorTime, context);
        }

        Array.Sort(seconds);
        Array.Sort(copies);
        Array.Sort(peaks);
        (double median, double speed) = (seconds[repeats / 2], copies[repeats / 2]);
        return new MemoryMeasurement(
            work.Kernel,
            work.Shape,
            work.Bytes,
            median,
            work.Bytes / median / speed,
            median / Floor(work, speed, peaks[repeats / 2]),
            seconds[0] / Floor(work, copies[^1], peaks[^1]),
            speed);
    }

    private static double Time(Action run, bool processorTime, KernelContext context)
    {
        TimeSpan before = processorTime ? Environment.CpuUsage.TotalTime : TimeSpan.Zero;
        long started = Stopwatch.GetTimestamp();
        run();
        return processorTime
            ? (Environment.CpuUsage.TotalTime - before).TotalSeconds / context.Workers.Count
            : Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    // Until the JIT has compiled for good what it first compiled in haste.
    private static void Warm(MemoryWork work, KernelContext context)
    {
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < 2 || Stopwatch.GetElapsedTime(started) < WarmUp; i++)
        {
            work.Run(context);
        }
    }

    private static double Floor(MemoryWork work, double bytesPerSecond, double gigaflops) =>
        Math.Max(work.Bytes / bytesPerSecond, work.MultiplyAdds > 0 ? 2e-9 * work.MultiplyAdds / gigaflops : 0.0);
}

/// <summary>A kernel with its operands.</summary>
public sealed class MemoryWork : IDisposable
{
    private readonly NativeBuffer[] _buffers;
    private readonly Action<NativeBuffer[], KernelContext> _run;

    internal MemoryWork(string kernel, string shape, long bytes, long multiplyAdds, NativeBuffer[] buffers, Action<NativeBuffer[], KernelContext> run) =>
        (Kernel, Shape, Bytes, MultiplyAdds, _buffers, _run) = (kernel, shape, bytes, multiplyAdds, buffers, run);

    /// <summary>What it does.</summary>
    public string Kernel { get; }

    /// <summary>To what.</summary>
    public string Shape { get; }

    /// <summary>Bytes that must be read and written, each operand once.</summary>
    public long Bytes { get; }

    /// <summary>Multiply-adds, where they are many; else 0.</summary>
    public long MultiplyAdds { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (NativeBuffer buffer in _buffers)
        {
            buffer.Dispose();
        }
    }

    internal void Run(KernelContext context) => _run(_buffers, context);
}

/// <summary>What a kernel reached.</summary>
/// <param name="Kernel">What it does.</param>
/// <param name="Shape">To what.</param>
/// <param name="Bytes">Bytes that must move.</param>
/// <param name="Seconds">Median of a run.</param>
/// <param name="CopyShare">Its bytes a second, by those of the copy.</param>
/// <param name="TimesFloor">Seconds by what the copy or the multiply-add peak, whichever is slower, would take for the same work; of medians.</param>
/// <param name="BestTimesFloor">The same of the fastest runs: on a busy machine the others tell more about its other users.</param>
/// <param name="CopyBytesPerSecond">The copy, in the same run.</param>
public sealed record MemoryMeasurement(
    string Kernel, string Shape, long Bytes, double Seconds, double CopyShare, double TimesFloor, double BestTimesFloor, double CopyBytesPerSecond);
