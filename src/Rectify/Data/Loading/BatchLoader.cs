using System.Diagnostics;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Reads, augments and gathers samples into batches on threads of its own, ahead of the one who consumes them.</summary>
/// <remarks>
/// <para>Batches come in order. Their content depends on (data, transform, seed, epoch, batch size) alone, never on the number of workers or on
/// timing: the order is a
/// permutation drawn from (seed, epoch), and each sample's augmentation from (seed, epoch, index of the sample).</para>
/// <para>A sample that the data set cannot read (a <see cref="RectifyException"/>) is left out of its batch, named in <see cref="Batch.Failed"/>
/// and, once, in
/// <see cref="Failures"/>. A batch in which all of several samples fail ends the epoch with an exception, for then it is the data that fails, unless
/// <see cref="LoaderOptions.KeepFailedBatches"/> says otherwise. Any other exception in a worker reaches the consumer.</para>
/// <para>One epoch runs at a time, consumed by one thread. Buffers are reused: a steady epoch allocates what the decoder does.</para>
/// </remarks>
public sealed class BatchLoader : IDisposable
{
    private readonly IDataset _data;
    private readonly SampleTransform _transform;
    private readonly LoaderOptions _options;
    private readonly Thread[] _workers;
    private readonly (int Sample, long Since)[] _reading;
    private readonly Lock _failureGate = new();
    private readonly List<SampleFailure> _failures = [];
    private readonly HashSet<int> _failed = [];
    private readonly BatchQueue _queue;
    private long _waited;
    private bool _disposed;
    private bool _abandoned;

    /// <summary>Starts the workers; they sleep until an epoch is asked for.</summary>
    /// <param name="data">Where samples come from; must be thread-safe.</param>
    /// <param name="transform">What makes crops of them.</param>
    /// <param name="options">Batch size, order, threads.</param>
    /// <exception cref="RectifyException">An option is out of range, or the data set is empty.</exception>
    public BatchLoader(IDataset data, SampleTransform transform, LoaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(transform);
        ArgumentNullException.ThrowIfNull(options);
        AtLeastOne(options.BatchSize, nameof(options.BatchSize));
        AtLeastOne(options.Workers, nameof(options.Workers));
        AtLeastOne(options.Ahead, nameof(options.Ahead));
        if (data.Count == 0)
        {
            throw new RectifyException("The loader: the data set has no samples; name one that has.");
        }

        (_data, _transform, _options) = (data, transform, options);
        BatchesPerEpoch = options.DropLast ? data.Count / options.BatchSize : (int)(((long)data.Count + options.BatchSize - 1) / options.BatchSize);
        if (BatchesPerEpoch == 0)
        {
            throw new RectifyException(
                $"The loader: {data.Count} samples do not fill one batch of {options.BatchSize}, and batches that are not full are left out; "
                    + "choose a smaller batch.");
        }

        // A batch never has more samples than there are; small sets would waste memory otherwise.
        int most = (Math.Min(options.BatchSize, data.Count) + options.Ranks - 1) / options.Ranks;
        int chunk = Math.Clamp(most / (4 * options.Workers), 1, 16);
        _queue = new BatchQueue(options.Ahead + 1, most, transform.Size, chunk);
        _workers = new Thread[options.Workers];
        _reading = new (int, long)[options.Workers];
        for (int i = 0; i < _workers.Length; i++)
        {
            int worker = i;
            _workers[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"rectify loader {i}" };
            _workers[i].Start();
        }
    }

    /// <summary>Batches in an epoch.</summary>
    public int BatchesPerEpoch { get; }

    /// <summary>How long the consumer has waited for batches so far: near zero where the loader keeps up.</summary>
    public TimeSpan WaitTime => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _waited));

    /// <summary>The samples that could not be read so far, each once, by index.</summary>
    public IReadOnlyList<SampleFailure> Failures
    {
        get
        {
            lock (_failureGate)
            {
                return [.. _failures.OrderBy(f => f.Index)];
            }
        }
    }

    /// <summary>The batches of an epoch, in order.</summary>
    /// <param name="epoch">Which epoch, from 0: decides order and augmentation.</param>
    /// <param name="skip">Batches at its start that are passed over without reading them: to resume in the middle.</param>
    /// <param name="cancellation">Ends a wait with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>A sequence to be enumerated once at a time; each batch is valid until the next is asked for.</returns>
    /// <exception cref="InvalidOperationException">While enumerating: another epoch of this loader is being enumerated.</exception>
    /// <exception cref="RectifyException">While enumerating: none of a batch's samples could be read, and such batches are not kept.</exception>
    public IEnumerable<Batch> Epoch(int epoch, int skip = 0, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        return Enumerate(epoch, skip, cancellation);
    }

    /// <summary>Ends the threads, and waits until they have. A sample that is being read is finished first; one that hangs is left behind
    /// with its thread.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _queue.Close();
        foreach (Thread worker in _workers)
        {
            if (!_abandoned)
            {
                worker.Join();
            }
        }
    }

    private static void AtLeastOne(int value, string name)
    {
        if (value < 1)
        {
            throw new RectifyException($"The loader: {name} is {value}; choose 1 or more.");
        }
    }

    private IEnumerable<Batch> Enumerate(int epoch, int skip, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_abandoned)
        {
            throw new RectifyException("The loader: a sample of the epoch before is still being read; the disk or network that holds it does not answer.");
        }

        if (skip >= BatchesPerEpoch)
        {
            yield break;
        }

        int[]? order = _options.Shuffle ? new RandomStream(_options.Seed, RandomPurpose.Shuffle, (uint)epoch, 0).NextPermutation(_data.Count) : null;
        int samples = _options.DropLast ? BatchesPerEpoch * _options.BatchSize : _data.Count;
        _queue.Start(new LoaderEpoch(epoch, order, samples, _options.BatchSize, _options.Rank, _options.Ranks), skip);
        try
        {
            using CancellationTokenRegistration wake = cancellation.Register(static queue => ((BatchQueue)queue!).Wake(), _queue);
            for (int b = skip; b < BatchesPerEpoch; b++)
            {
                long start = Stopwatch.GetTimestamp();
                Batch? taken;
                while ((taken = _queue.Take(b, _options.Patience, cancellation)) is null)
                {
                    _options.Stalled?.Invoke(LongestRead(), Stopwatch.GetElapsedTime(start));
                }

                Batch batch = taken;
                _ = Interlocked.Add(ref _waited, Stopwatch.GetTimestamp() - start);
                if (!_options.KeepFailedBatches && batch.Count == 0 && batch.Failed.Length > 1)
                {
                    int first = batch.Failed[0];
                    string reason = Failures.First(f => f.Index == first).Reason;
                    throw new RectifyException($"None of the {batch.Failed.Length} samples of batch {b} could be read; check the data set. The "
                        + $"first: {reason}");
                }

                yield return batch;
                _queue.Return();
            }
        }
        finally
        {
            _abandoned = !_queue.Stop(_options.Grace);
        }
    }

    private string LongestRead()
    {
        (int sample, long since) = _reading.Where(read => read.Since != 0).DefaultIfEmpty().MinBy(read => read.Since);
        return since == 0 ? "the data" : _data.Name(sample);
    }

    private void Work(int worker)
    {
        while (_queue.Claim() is { } work)
        {
            try
            {
                for (int i = work.Begin; i < work.End; i++)
                {
                    int sample = work.Epoch.SampleAt(work.BatchIndex, i);
                    _reading[worker] = (sample, Stopwatch.GetTimestamp());
                    Fill(work.Epoch, work.Batch, sample, i);
                    _reading[worker] = default;
                }

                _queue.Done(work, null);
            }
#pragma warning disable CA1031 // Whatever a data set or a transform throws is the consumer's to see; a thread that dies would leave him waiting.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _queue.Done(work, e);
            }
        }
    }

    private void Fill(LoaderEpoch epoch, Batch batch, int sample, int position)
    {
        int length = _transform.Length;
        RandomStream random = new(_options.Seed, RandomPurpose.Augmentation, (uint)epoch.Number, (ulong)sample);
        try
        {
            _transform.Apply(_data.Read(sample, _transform.ShorterSide), ref random, batch.Pixels.AsSpan(position * length, length));
            batch.Set(position, sample, _data.Label(sample));
        }
        catch (RectifyException e)
        {
            batch.Fail(position, sample);
            lock (_failureGate)
            {
                if (_failed.Add(sample))
                {
                    string name = _data.Name(sample);
                    _failures.Add(new SampleFailure(sample, name, e.Message.Contains(name, StringComparison.Ordinal) ? e.Message : $"{name}: {e.Message}"));
                }
            }
        }
    }
}
