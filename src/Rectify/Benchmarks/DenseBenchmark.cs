using System.Diagnostics;
using Rectify.Data;
using Rectify.Evaluation;
using Rectify.Kernels;
using Rectify.Kernels.Benchmarks;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Benchmarks;

/// <summary>Dense testing of a photo at several scales, with its mirror image; the resized photos are in memory already.</summary>
public sealed class DenseBenchmark : IDisposable
{
    private static readonly int[] CropBatches = [8, 16, 32];

    private readonly Network _network;
    private readonly KernelContext _context;
    private readonly RgbImage[] _photos;
    private readonly DenseScorer _scorer;
    private readonly int _classes;

    /// <summary>Takes the memory and draws a photo.</summary>
    /// <param name="network">A network with weights.</param>
    /// <param name="context">Threads, vector width and which kernels.</param>
    /// <param name="width">Columns of the photo.</param>
    /// <param name="height">Rows of the photo.</param>
    /// <param name="scales">The shorter sides to which it is resized.</param>
    /// <exception cref="UsageException">The network has no windows, or cannot run at a scale.</exception>
    public DenseBenchmark(Network network, KernelContext context, int width, int height, IReadOnlyList<int> scales)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(scales);
        (_network, _context, _classes) = (network, context, network.Output.C);
        string[] classes = [.. Enumerable.Range(0, _classes).Select(k => $"{k}")];
        ViewMember member = new(network.Name, network, MeanImage.Zero(network.Input.H), classes);
        _scorer = new DenseScorer(member, context, new ViewOptions { Kind = ViewKind.Dense, Scales = scales });
        _scorer.Check(scales);
        RgbImage photo = Draw(width, height);
        _photos = [.. scales.Select(scale => Resize.ShorterSide(photo, scale))];
    }

    /// <summary>One photo at all scales.</summary>
    /// <returns>Where the time went.</returns>
    public DenseTimes RunOnce()
    {
        DenseTimes before = _scorer.Times;
        foreach (RgbImage photo in _photos)
        {
            _scorer.Add(photo, new ScoreSum("photo", _classes));
        }

        _scorer.Flush();
        return _scorer.Times.Since(before);
    }

    /// <summary>Finds how many crops at a time go fastest, then measures photos and crops by turns.</summary>
    /// <param name="duration">About so long, and at least three turns.</param>
    public DenseMeasurement Measure(TimeSpan duration)
    {
        int best = CropBatches.MinBy(batch =>
        {
            using InferenceBenchmark crops = new(_network, _context, batch);
            crops.WarmUp(TimeSpan.Zero);
            return crops.RunOnce() / batch;
        });
        using InferenceBenchmark crops = new(_network, _context, best);
        crops.WarmUp(TimeSpan.Zero);
        _ = RunOnce();
        List<DenseTimes> runs = [];
        List<double> cropSeconds = [];
        long started = Stopwatch.GetTimestamp();
        while (runs.Count < 3 || Stopwatch.GetElapsedTime(started) < duration)
        {
            runs.Add(RunOnce());
            cropSeconds.Add(crops.RunOnce() / best);
        }

        return new DenseMeasurement(
            runs.Count,
            new DenseTimes(
                Repetition.Median(runs.Select(run => run.Input)),
                Repetition.Median(runs.Select(run => run.Convolution)),
                Repetition.Median(runs.Select(run => run.Pooling)),
                Repetition.Median(runs.Select(run => run.Scoring)),
                runs[0].Windows),
            Repetition.Median(runs.Select(run => run.Seconds)),
            Repetition.Median(cropSeconds),
            best);
    }

    /// <summary>Frees the memory; the network stays.</summary>
    public void Dispose() => _scorer.Dispose();

    private static RgbImage Draw(int width, int height)
    {
        RandomStream random = new(1, RandomPurpose.Testing, 0, 0);
        byte[] pixels = new byte[checked(3 * width * height)];
        foreach (ref byte value in pixels.AsSpan())
        {
            value = (byte)random.NextInt(256);
        }

        return new RgbImage(width, height, pixels);
    }
}

/// <summary>What dense testing took.</summary>
/// <param name="Runs">Photos measured.</param>
/// <param name="Times">Medians of the parts, and the windows of a photo.</param>
/// <param name="Seconds">Median of a photo.</param>
/// <param name="CropSeconds">Median of one crop among as many as go fastest.</param>
/// <param name="CropBatch">How many those are.</param>
public sealed record DenseMeasurement(int Runs, DenseTimes Times, double Seconds, double CropSeconds, int CropBatch)
{
    /// <summary>How many times longer the same windows would take as crops, one by one.</summary>
    public double Ratio => Times.Windows * CropSeconds / Seconds;
}
