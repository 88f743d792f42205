using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Rectify.Kernels.Threading;

/// <summary>The one parallel primitive: persistent threads that claim fixed chunks of a job.</summary>
/// <remarks>
/// <para>
/// Chunks are claimed in order by whoever is free (the loader shares the cores, so a static split would straggle). What a chunk computes depends on the chunk
/// alone, so results have the same bits for any number of threads. The calling thread works too; with one worker nothing else runs. Chunks must not wait for
/// each other: no more of them run at once than there are processors, however many threads there are.
/// </para>
/// <para>
/// One job at a time: a call while another runs, from a second thread or from inside a chunk, throws. Each thread that executes a network needs Workers of
/// its own.
/// </para>
/// </remarks>
public sealed unsafe class Workers : IDisposable
{
    private const int SpinsBeforeSleep = 2000;

    private const int Idle = 0;
    private const int Running = 1;
    private const int Disposed = 2;

    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _wake = new(0);

    // Threads beside the caller's that are kept awake. One more than there are processors takes the time slice of one that computes: 64 spinning
    // threads on two processors made small jobs 28 times slower than 2 threads did; now they are as fast.
    private readonly int _helpers;
    private volatile bool _stopping;
    private int _state;

    // Generation of the job in the upper half, chunks not yet claimed in the lower: one compare-and-swap claims a chunk of one certain job.
    private long _ticket;
    private int _pending;
    private int _chunks;

    // Threads that sleep or are about to, less those whose waker has already taken them off: who takes n off must release n permits, and only he may.
    // So there are never more permits than sleepers.
    private int _sleeping;
    private void* _job;
    private delegate*<void*, int, int, void> _invoke;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Starts the threads.</summary>
    /// <param name="count">Threads that compute, the caller's included. More than there are processors are of no use, and little harm: the surplus sleeps.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not positive.</exception>
    public Workers(int count)
        : this(count, Environment.ProcessorCount)
    {
    }

    internal Workers(int count, int processors)
        : this(count, processors, count - 1)
    {
    }

    private Workers(int count, int processors, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        Count = count;
        _helpers = Math.Min(count, processors) - 1;
        _threads = new Thread[threads];
        for (int i = 0; i < _threads.Length; i++)
        {
            int worker = i + 1;
            _threads[i] = new Thread(() => Serve(worker)) { IsBackground = true, Name = $"rectify worker {worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>Threads that compute, the caller's included.</summary>
    public int Count { get; }

    /// <summary>Who hears of jobs.</summary>
    internal IJobObserver? Observer { get; set; }

    /// <summary>Permits of the semaphore that no thread has taken yet; for tests.</summary>
    internal int Permits => _wake.CurrentCount;

    /// <summary>Work is cut as for so many threads, and the caller's alone does it, chunk by chunk: what it takes in all can be measured on one core.</summary>
    internal static Workers Alone(int count) => new(count, 1, 0);

    /// <summary>Ends the threads.</summary>
    /// <exception cref="InvalidOperationException">A job runs.</exception>
    public void Dispose()
    {
        int state = Interlocked.CompareExchange(ref _state, Disposed, Idle);
        if (state == Running)
        {
            throw new InvalidOperationException("Workers were disposed while a job ran on them; dispose them after the last run has returned.");
        }

        if (state == Disposed)
        {
            return;
        }

        // As with the ticket: first the news, a full fence, then a look at who sleeps.
        _stopping = true;
        Interlocked.MemoryBarrier();
        Wake(_threads.Length);
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        _wake.Dispose();
    }

    /// <summary>Runs all chunks and returns when the last is done. The first exception of a chunk is thrown here; the other
    /// chunks may or may not have run.</summary>
    /// <param name="chunks">Chunks. A sum must not depend on their number unless the shape of the work alone fixes it.</param>
    /// <param name="job">What to do; lives on the caller's stack.</param>
    /// <exception cref="InvalidOperationException">Another job runs: called from a second thread, or from inside a chunk.</exception>
    /// <exception cref="ObjectDisposedException">The threads have ended.</exception>
    internal void Run<TJob>(int chunks, ref TJob job)
        where TJob : unmanaged, IChunkJob
    {
        int state = Interlocked.CompareExchange(ref _state, Running, Idle);
        if (state != Idle)
        {
            ThrowBusy(state);
        }

        long started = Observer is null ? 0 : Stopwatch.GetTimestamp();
        try
        {
            if (_threads.Length == 0 || chunks <= 1)
            {
                for (int chunk = 0; chunk < chunks; chunk++)
                {
                    job.Run(chunk, 0);
                }
            }
            else
            {
                Share(chunks, ref job);
            }
        }
        finally
        {
            Volatile.Write(ref _state, Idle);
        }

        Observer?.Done(chunks, Stopwatch.GetTimestamp() - started);
    }

    private static void Invoke<TJob>(void* job, int chunk, int worker)
        where TJob : unmanaged, IChunkJob => Unsafe.AsRef<TJob>(job).Run(chunk, worker);

    private void ThrowBusy(int state)
    {
        ObjectDisposedException.ThrowIf(state == Disposed, this);
        throw new InvalidOperationException(
            "These workers run a job already: they were called from two threads at once or from inside a chunk; give each thread that executes a network "
            + "Workers of its own.");
    }

    private void Share<TJob>(int chunks, ref TJob job)
        where TJob : unmanaged, IChunkJob
    {
        fixed (TJob* pointer = &job)
        {
            // The fields belong to a generation: they change only while no chunk of the last one is pending, and are published by the ticket: its exchange
            // is a full fence, and so is the compare-and-swap by which a thread claims a chunk before it reads them.
            _job = pointer;
            _invoke = &Invoke<TJob>;
            _chunks = chunks;
            _pending = chunks;
            long generation = (Volatile.Read(ref _ticket) >> 32) + 1;
            Interlocked.Exchange(ref _ticket, (generation << 32) | (uint)chunks);

            // After that fence: a thread that is not counted as asleep will look at the ticket before it sleeps (WaitForWork), so it is awake in this sense.
            int awake = _threads.Length - Volatile.Read(ref _sleeping);
            Wake(Math.Min(_helpers, chunks - 1) - awake);
            Claim(0);

            // Its last chunks may belong to threads that wait for a processor: after a few spins this one is given up to them. What the chunks wrote is
            // seen after the read that finds none pending, for each was counted down after its writes.
            SpinWait spin = default;
            while (Volatile.Read(ref _pending) > 0)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }

        Interlocked.Exchange(ref _failure, null)?.Throw();
    }

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

    // Lets up to so many sleepers go. Taking them off the count and releasing their permits belong together; nobody else releases for these.
    private void Wake(int wanted)
    {
        int sleeping = Volatile.Read(ref _sleeping);
        while (wanted > 0 && sleeping > 0)
        {
            int taken = Math.Min(wanted, sleeping);
            int seen = Interlocked.CompareExchange(ref _sleeping, sleeping - taken, sleeping);
            if (seen == sleeping)
            {
                _wake.Release(taken);
                return;
            }

            sleeping = seen;
        }
    }

    private bool WorkWaits => (uint)Volatile.Read(ref _ticket) != 0;

    private bool TooManyAwake => _threads.Length - Volatile.Read(ref _sleeping) > _helpers;

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
        for (int i = 0; i < SpinsBeforeSleep && !TooManyAwake; i++)
        {
            if (WorkWaits || _stopping)
            {
                return;
            }

            Thread.SpinWait(8);
        }

        // Announce the sleep, then look once more; the waker publishes its news, then looks for sleepers. Both put a full fence between the two, so at least
        // one of them sees the other and no wake-up is lost.
        Interlocked.Increment(ref _sleeping);
        if ((WorkWaits || _stopping) && TakeBack())
        {
            return;
        }

        _wake.Wait();
    }

    // Takes one off the count again; false if the waker has taken all: then a permit is there or on its way and must be used up.
    private bool TakeBack()
    {
        int sleeping = Volatile.Read(ref _sleeping);
        while (sleeping > 0)
        {
            int seen = Interlocked.CompareExchange(ref _sleeping, sleeping - 1, sleeping);
            if (seen == sleeping)
            {
                return true;
            }

            sleeping = seen;
        }

        return false;
    }
}
