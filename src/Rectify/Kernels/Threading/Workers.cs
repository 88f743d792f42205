using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Rectify.Kernels.Threading;

/// <summary>The one parallel primitive: persistent threads that claim fixed chunks of a job.</summary>
/// <remarks>
/// Chunks are claimed in order by whoever is free (the loader shares the cores, so a static split would straggle). What a chunk computes depends on the chunk
/// alone, so results have the same bits for any number of threads. The calling thread works too; with one worker nothing else runs. One job at a time: not to
/// be called from two threads at once, nor from inside a job.
/// </remarks>
public sealed unsafe class Workers : IDisposable
{
    private const int SpinsBeforeSleep = 2000;

    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _wake = new(0);
    private volatile bool _stopping;

    // Generation of the job in the upper half, chunks not yet claimed in the lower: one compare-and-swap claims a chunk of one certain job.
    private long _ticket;
    private int _pending;
    private int _chunks;
    private int _sleeping;
    private void* _job;
    private delegate*<void*, int, int, void> _invoke;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Starts the threads.</summary>
    /// <param name="count">Threads that compute, the caller's included.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not positive.</exception>
    public Workers(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        Count = count;
        _threads = new Thread[count - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int worker = i + 1;
            _threads[i] = new Thread(() => Serve(worker)) { IsBackground = true, Name = $"rectify worker {worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>Threads that compute, the caller's included.</summary>
    public int Count { get; }

    /// <summary>Ends the threads. Not to be called while a job runs.</summary>
    public void Dispose()
    {
        if (_stopping)
        {
            return;
        }

        _stopping = true;
        _wake.Release(Math.Max(1, _threads.Length));
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        _wake.Dispose();
    }

    /// <summary>Runs all chunks and returns when the last is done. The first exception of a chunk is thrown here; the other
    /// chunks may or may not have run.</summary>
    /// <param name="chunks">Chunks, fixed by the shape of the work and never by the number of threads.</param>
    /// <param name="job">What to do; lives on the caller's stack.</param>
    internal void Run<TJob>(int chunks, ref TJob job)
        where TJob : unmanaged, IChunkJob
    {
        if (_threads.Length == 0 || chunks <= 1)
        {
            for (int chunk = 0; chunk < chunks; chunk++)
            {
                job.Run(chunk, 0);
            }

            return;
        }

        fixed (TJob* pointer = &job)
        {
            // The fields belong to a generation: they change only while no chunk of the last one is pending, and are published by the ticket.
            _job = pointer;
            _invoke = &Invoke<TJob>;
            _chunks = chunks;
            _pending = chunks;
            long generation = (Volatile.Read(ref _ticket) >> 32) + 1;
            Interlocked.Exchange(ref _ticket, (generation << 32) | (uint)chunks);
            int sleeping = Volatile.Read(ref _sleeping);
            if (sleeping > 0)
            {
                _wake.Release(sleeping);
            }

            Claim(0);
            SpinWait spin = default;
            while (Volatile.Read(ref _pending) > 0)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }

        ExceptionDispatchInfo? failure = Interlocked.Exchange(ref _failure, null);
        failure?.Throw();
    }

    private static void Invoke<TJob>(void* job, int chunk, int worker)
        where TJob : unmanaged, IChunkJob => Unsafe.AsRef<TJob>(job).Run(chunk, worker);

    private void Claim(int worker)
    {
        while (true)
        {
            long ticket = Volatile.Read(ref _ticket);
            int unclaimed = (int)(uint)ticket;
            if (unclaimed == 0)
            {
                return;
            }

            if (Interlocked.CompareExchange(ref _ticket, ticket - 1, ticket) != ticket)
            {
                continue;
            }

            try
            {
                _invoke(_job, _chunks - unclaimed, worker);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
            }

            Interlocked.Decrement(ref _pending);
        }
    }

    private bool WorkWaits => (uint)Volatile.Read(ref _ticket) != 0;

    private void Serve(int worker)
    {
        while (!_stopping)
        {
            WaitForWork();
            Claim(worker);
        }
    }

    private void WaitForWork()
    {
        for (int i = 0; i < SpinsBeforeSleep; i++)
        {
            if (WorkWaits || _stopping)
            {
                return;
            }

            Thread.SpinWait(8);
        }

        // Announce the sleep before looking once more: the caller looks at _sleeping after it has published the ticket, so one of the two sees the other.
        Interlocked.Increment(ref _sleeping);
        if (!WorkWaits && !_stopping)
        {
            _wake.Wait();
        }

        Interlocked.Decrement(ref _sleeping);
    }
}
