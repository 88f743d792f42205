using System.Diagnostics;
using Rectify.Kernels.Benchmarks;
using Rectify.Tensors;

namespace Rectify.Mpi;

/// <summary>Times sums over all ranks: as training does them, and by Open MPI's own call beside it.</summary>
/// <param name="communicator">The ranks; all measure together.</param>
public sealed class AllreduceBenchmark(MpiCommunicator communicator)
{
    private const int LeastRuns = 5;
    private const int MostRuns = 2_000;
    private const int Untimed = 2;

    // Sums of small whole numbers are exact, and neighbours differ.
    private const int Pattern = 7;

    /// <summary>Measures one size, in turns of both.</summary>
    /// <param name="bytes">Bytes of floats that each rank has.</param>
    /// <param name="time">About how long.</param>
    /// <returns>Medians of this rank's times.</returns>
    /// <exception cref="RectifyException">A sum is wrong.</exception>
    public AllreduceMeasurement Measure(long bytes, TimeSpan time)
    {
        float[] values = GC.AllocateArray<float>(checked((int)(bytes / sizeof(float))), pinned: true);
        List<double> ours = [];
        List<double> theirs = [];
        long started = Stopwatch.GetTimestamp();
        for (int run = -Untimed; run < MostRuns; run++)
        {
            double own = Run(values, communicator.BeginSum);
            double library = Run(values, communicator.BeginSumAtOnce);
            if (run >= 0)
            {
                ours.Add(own);
                theirs.Add(library);
            }

            // All stop after the same run: when any has had enough.
            if (communicator.Any(run >= LeastRuns - 1 && Stopwatch.GetElapsedTime(started) >= time))
            {
                break;
            }
        }

        return new AllreduceMeasurement(values.LongLength * sizeof(float), ours.Count, Repetition.Median(ours), Repetition.Median(theirs));
    }

    private delegate void SumKind(Span<float> values);

    private double Run(float[] values, SumKind sum)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = communicator.Rank + 1 + (i % Pattern);
        }

        _ = communicator.Any(false);
        long started = Stopwatch.GetTimestamp();
        sum(values);
        communicator.Finish();
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Check(values);
        return seconds;
    }

    private void Check(float[] values)
    {
        float ranks = 0.5f * communicator.Size * (communicator.Size + 1);
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] != ranks + (communicator.Size * (i % Pattern)))
            {
                throw new RectifyException(FormattableString.Invariant($"A sum over {communicator.Size} ranks is wrong: number {i} of {values.Length} is {values[i]}."));
            }
        }
    }
}
