using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Rectify.Data;

/// <summary>Hands out the work of an epoch to the loader's threads and its batches to the consumer: a ring of buffers under one lock.</summary>
/// <remarks>Batch b lives in buffer b mod the ring's length; it may be claimed once the batch that was there before it has been returned.</remarks>
internal sealed class BatchQueue
{
    private readonly object _gate = new();
    private readonly Batch?[] _ring;
    private readonly int[] _missing;
    private readonly int _capacity, _size, _chunk;
    private LoaderEpoch? _epoch;
    private int _claimBatch, _claimFrom, _returned, _busy;
    private ExceptionDispatchInfo? _error;
    private bool _closed;

    /// <summary>An idle queue.</summary>
    /// <param name="length">Buffers in the ring.</param>
    /// <param name="capacity">Samples in a buffer.</param>
    /// <param name="size">Rows and columns of a crop.</param>
    /// <param name="chunk">Samples that a worker claims at once.</param>
    public BatchQueue(int length, int capacity, int size, int chunk)
    {
        (_capacity, _size, _chunk) = (capacity, size, chunk);
        (_ring, _missing) = (new Batch?[length], new int[length]);
    }

    /// <summary>A part of a batch that one worker fills.</summary>
    internal readonly record struct WorkItem(LoaderEpoch Epoch, Batch Batch, int BatchIndex, int Begin, int End);

    /// <summary>Begins an epoch.</summary>
    public void Start(LoaderEpoch epoch, int firstBatch)
    {
        lock (_gate)
        {
            if (_epoch is not null)
            {
                throw new InvalidOperationException("An epoch of this loader is being enumerated; finish or dispose that one first.");
            }

            // Here and not in a worker: where memory does not suffice, the consumer is to hear it.
            for (int b = firstBatch; b < Math.Min(epoch.Batches, firstBatch + _ring.Length); b++)
            {
                _ring[b % _ring.Length] ??= new Batch(_capacity, _size);
            }

            (_epoch, _error) = (epoch, null);
            (_claimBatch, _claimFrom, _returned) = (firstBatch, 0, firstBatch);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Ends the epoch and waits until no worker writes into a buffer any more.</summary>
    /// <returns>Whether that came to pass; if not, the buffers must not be used again.</returns>
    public bool Stop(TimeSpan grace)
    {
        lock (_gate)
        {
            _epoch = null;
            long start = Stopwatch.GetTimestamp();
            for (TimeSpan left = grace; _busy > 0 && left > TimeSpan.Zero; left = grace - Stopwatch.GetElapsedTime(start))
            {
                _ = Monitor.Wait(_gate, left);
            }

            return _busy == 0;
        }
    }

    /// <summary>Ends the workers.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Makes the consumer look at its cancellation token.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits for work; null when the queue is closed.</summary>
    public WorkItem? Claim()
    {
        lock (_gate)
        {
            while (!_closed)
            {
                if (_epoch is { } epoch && _error is null && _claimBatch < epoch.Batches && _claimBatch < _returned + _ring.Length)
                {
                    int slot = _claimBatch % _ring.Length;
                    int planned = epoch.Planned(_claimBatch);
                    Batch batch = _ring[slot]!;
                    if (_claimFrom == 0)
                    {
                        _missing[slot] = planned;
                    }

                    WorkItem work = new(epoch, batch, _claimBatch, _claimFrom, Math.Min(_claimFrom + _chunk, planned));
                    (_claimBatch, _claimFrom) = work.End == planned ? (_claimBatch + 1, 0) : (_claimBatch, work.End);
                    _busy++;
                    return work;
                }

                _ = Monitor.Wait(_gate);
            }

            return null;
        }
    }

    /// <summary>Reports that a part is filled, or what prevented it.</summary>
    public void Done(WorkItem work, Exception? error)
    {
        lock (_gate)
        {
            _busy--;
            if (error is not null && _epoch == work.Epoch)
            {
                _error ??= ExceptionDispatchInfo.Capture(error);
            }

            _missing[work.BatchIndex % _ring.Length] -= work.End - work.Begin;
            if (error is not null || _busy == 0 || _missing[work.BatchIndex % _ring.Length] == 0)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Waits for a batch: the one after that which was returned last.</summary>
    /// <returns>The batch; null if it has not come after <paramref name="patience"/>.</returns>
    public Batch? Take(int index, TimeSpan patience, CancellationToken cancellation)
    {
        lock (_gate)
        {
            long start = Stopwatch.GetTimestamp();
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                _error?.Throw();
                ObjectDisposedException.ThrowIf(_closed, typeof(BatchLoader));

                // Claimed to its end, and nothing of it still being filled.
                if (_claimBatch > index && _missing[index % _ring.Length] == 0)
                {
                    Batch batch = _ring[index % _ring.Length]!;
                    batch.Complete(index, _epoch!.Planned(index));
                    return batch;
                }

                TimeSpan left = patience - Stopwatch.GetElapsedTime(start);
                if (left <= TimeSpan.Zero)
                {
                    return null;
                }

                _ = Monitor.Wait(_gate, left);
            }
        }
    }

    /// <summary>Gives back the batch that was taken last.</summary>
    public void Return()
    {
        lock (_gate)
        {
            _returned++;
            Monitor.PulseAll(_gate);
        }
    }
}
