using System.Diagnostics;
using Rectify.Kernels.Benchmarks;

namespace Rectify.Benchmarks;

/// <summary>A classifier as a server has it: several callers, each of whom asks again as soon as he is answered.</summary>
public static class ClassifierBenchmark
{
    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(1);

    /// <summary>Lets callers ask for a while, after a while in which nothing is counted.</summary>
    /// <param name="ask">Asks once and waits for the answer; called by all callers at once, with a number that counts the questions.</param>
    /// <param name="callers">How many callers, each on a thread of his own.</param>
    /// <param name="duration">About so long, and at least one question of each caller.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no caller.</exception>
    public static ClassifierMeasurement Measure(Action<int> ask, int callers, TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(ask);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(callers);
        _ = Ask(ask, callers, duration < LongestWarmUp ? duration : LongestWarmUp);
        long started = Stopwatch.GetTimestamp();
        double[] latencies = Ask(ask, callers, duration);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new ClassifierMeasurement(
            callers, latencies.Length, latencies.Length / seconds, Repetition.Quantile(latencies, 0.5), Repetition.Quantile(latencies, 0.99));
    }

    // Seconds of each question. What a caller throws ends all and is thrown here.
    private static double[] Ask(Action<int> ask, int callers, TimeSpan duration)
    {
        List<double>[] latencies = [.. Enumerable.Range(0, callers).Select(_ => new List<double>())];
        Exception? failure = null;
        int asked = 0;
        long started = Stopwatch.GetTimestamp();
        Thread[] threads = [.. latencies.Select(own => new Thread(() =>
        {
            try
            {
                do
                {
                    long begun = Stopwatch.GetTimestamp();
                    ask(Interlocked.Increment(ref asked) & int.MaxValue);
                    own.Add(Stopwatch.GetElapsedTime(begun).TotalSeconds);
                }
                while (Stopwatch.GetElapsedTime(started) < duration && Volatile.Read(ref failure) is null);
            }
#pragma warning disable CA1031 // It is thrown again by whoever measures.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Volatile.Write(ref failure, e);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }

        return [.. latencies.SelectMany(own => own)];
    }
}

/// <summary>What some callers got.</summary>
/// <param name="Callers">How many asked at once.</param>
/// <param name="Pictures">Pictures that were answered.</param>
/// <param name="PicturesPerSecond">Of all callers together.</param>
/// <param name="MedianSeconds">From a question to its answer: half of them took less.</param>
/// <param name="SlowSeconds">99 of 100 took less.</param>
public sealed record ClassifierMeasurement(int Callers, int Pictures, double PicturesPerSecond, double MedianSeconds, double SlowSeconds);
