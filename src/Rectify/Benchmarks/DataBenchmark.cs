using System.Diagnostics;
using Rectify.Data;
using Rectify.Kernels.Benchmarks;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Benchmarks;

/// <summary>Times the way of pictures into a batch (read, decode, resize, crop, flip, colour, mean), and decoding alone beside it.</summary>
/// <remarks>A run is one epoch of a <see cref="BatchLoader"/> over the same pictures, evenly spread over the set and read once before: what is measured is the
/// processor's work, not a disk's. Decoding alone takes the same files from memory, whole, on as many threads, and drops the pixels.</remarks>
public sealed class DataBenchmark : IDisposable
{
    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(2);

    private readonly BatchLoader _loader;
    private readonly Workers _workers;
    private readonly IImageDecoder _decoder;
    private readonly byte[][] _files;
    private readonly string[] _names;
    private int _epoch;

    /// <summary>A benchmark of a data set.</summary>
    /// <param name="data">Where the pictures come from; without a cache.</param>
    /// <param name="transform">What makes crops of them.</param>
    /// <param name="decoder">Decodes files alone.</param>
    /// <param name="options">How many pictures, threads and crops a batch.</param>
    /// <exception cref="RectifyException">An option is out of range, or a picture cannot be read.</exception>
    public DataBenchmark(IDataset data, SampleTransform transform, IImageDecoder decoder, DataBenchmarkOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Images, nameof(options));
        Images = Math.Min(options.Images, data.Count);
        int[] indices = [.. Enumerable.Range(0, Images).Select(i => (int)((long)i * data.Count / Images))];
        _files = data is IEncodedDataset encoded ? [.. indices.Select(encoded.ReadFile)] : [];
        _names = [.. indices.Select(data.Name)];
        (_decoder, _workers) = (decoder, new Workers(options.Workers));
        LoaderOptions loading = new() { BatchSize = options.Batch, Workers = options.Workers, Shuffle = true, Seed = 1 };
        _loader = new BatchLoader(new SubsetDataset(data, indices), transform, loading);
    }

    /// <summary>Pictures of a run.</summary>
    public int Images { get; }

    /// <summary>Whether the pictures are files, which can be decoded alone.</summary>
    public bool CanDecodeAlone => _files.Length > 0;

    /// <summary>One epoch.</summary>
    /// <returns>Seconds.</returns>
    /// <exception cref="RectifyException">A picture cannot be read.</exception>
    public double Pipeline()
    {
        long started = Stopwatch.GetTimestamp();
        int got = 0;
        foreach (Batch batch in _loader.Epoch(_epoch++))
        {
            got += batch.Count;
        }

        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return got == Images ? seconds : throw new RectifyException($"{_loader.Failures[0].Reason} Find all such pictures with rectify dataset check.");
    }

    /// <summary>The same files decoded, whole, and nothing else.</summary>
    /// <returns>Seconds.</returns>
    public double Decode()
    {
        long started = Stopwatch.GetTimestamp();
        ParallelLoop.Run(_workers, _files.Length, (i, _) => _decoder.Decode(_files[i], _names[i]));
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Warms up, then measures both by turns.</summary>
    /// <param name="duration">About so long, and at least three turns.</param>
    public DataMeasurement Measure(TimeSpan duration)
    {
        Repetition.WarmUp(duration < LongestWarmUp ? duration : LongestWarmUp, 1, () => Turn(out _));
        List<double> pipeline = [], decode = [];
        long started = Stopwatch.GetTimestamp();
        while (pipeline.Count < 3 || Stopwatch.GetElapsedTime(started) < duration)
        {
            pipeline.Add(Turn(out double alone));
            decode.Add(alone);
        }

        IEnumerable<double> shares = pipeline.Zip(decode, (all, alone) => alone / all);
        return new DataMeasurement(
            pipeline.Count,
            Images / Repetition.Median(pipeline),
            CanDecodeAlone ? Images / Repetition.Median(decode) : null,
            CanDecodeAlone ? Repetition.Median(shares) : null);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        _loader.Dispose();
        _workers.Dispose();
    }

    private double Turn(out double alone)
    {
        alone = CanDecodeAlone ? Decode() : 0;
        return Pipeline();
    }
}

/// <summary>What a benchmark of loading does.</summary>
public sealed record DataBenchmarkOptions
{
    /// <summary>At most so many pictures a run.</summary>
    public int Images { get; init; } = 512;

    /// <summary>Crops of a batch.</summary>
    public int Batch { get; init; } = 128;

    /// <summary>Threads that read.</summary>
    public int Workers { get; init; } = 1;
}

/// <summary>What loading reached.</summary>
/// <param name="Runs">Turns measured.</param>
/// <param name="ImagesPerSecond">Pictures a second into batches; median.</param>
/// <param name="DecodedPerSecond">Pictures a second decoded alone, whole; null where the pictures are no files.</param>
/// <param name="Share">The first by the second, of neighbouring runs; median.</param>
public sealed record DataMeasurement(int Runs, double ImagesPerSecond, double? DecodedPerSecond, double? Share);
