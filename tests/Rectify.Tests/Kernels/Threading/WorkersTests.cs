using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels.Threading;

public sealed unsafe class WorkersTests
{
    private const int MostChunks = 40;
    private const int Jobs = 2000;

    // A hang becomes a failure; nothing is asserted about how long a run takes.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<int> Counts => [1, 2, 3, 4, 8];

    [Theory]
    [MemberData(nameof(Counts))]
    public void Run_ThousandsOfTinyJobs_EachChunkRunsExactlyOnce(int count)
    {
        RandomStream random = KernelTestBench.Stream(count, 0);
        using Workers workers = new(count, processors: count);
        Assert.Equal(count, workers.Count);
        int* runs = stackalloc int[MostChunks];
        int wrongWorkers = 0;
        for (int i = 0; i < Jobs; i++)
        {
            // Now and then a pause, so that workers fall asleep and must be woken.
            if (i % 500 == 499)
            {
                Thread.Sleep(5);
            }

            int chunks = random.NextInt(MostChunks + 1);
            new Span<int>(runs, MostChunks).Clear();
            CountJob job = new() { Runs = runs, WrongWorkers = &wrongWorkers, Workers = count };
            workers.Run(chunks, ref job);
            for (int chunk = 0; chunk < MostChunks; chunk++)
            {
                Assert.True(runs[chunk] == (chunk < chunks ? 1 : 0), $"{count} workers, job {i}: chunk {chunk} of {chunks} ran {runs[chunk]} times.");
            }
        }

        Assert.Equal(0, wrongWorkers);
    }

    // A worker's scratch memory is its own: no two chunks run at once under one worker's number.
    [Theory]
    [MemberData(nameof(Counts))]
    public void Run_ManyChunks_NoWorkerNumberTwiceAtOnce(int count)
    {
        using Workers workers = new(count, processors: count);
        int* inside = stackalloc int[count];
        new Span<int>(inside, count).Clear();
        int collisions = 0;
        for (int i = 0; i < 200; i++)
        {
            ScratchJob job = new() { Inside = inside, Collisions = &collisions };
            workers.Run(MostChunks, ref job);
        }

        Assert.Equal(0, collisions);
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Run_ChunkThrows_CallerGetsItAndThePoolWorksOn(int count)
    {
        using Workers workers = new(count, processors: count);
        int* runs = stackalloc int[MostChunks];
        int wrongWorkers = 0;
        for (int i = 0; i < 50; i++)
        {
            ThrowJob failing = new() { Chunk = i % 7 };
            InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => workers.Run(7, ref failing));
            Assert.Equal($"chunk {i % 7}", e.Message);
            new Span<int>(runs, MostChunks).Clear();
            CountJob job = new() { Runs = runs, WrongWorkers = &wrongWorkers, Workers = count };
            workers.Run(MostChunks, ref job);
            Assert.True(new ReadOnlySpan<int>(runs, MostChunks).IndexOfAnyExcept(1) < 0, $"{count} workers, after failure {i}.");
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Dispose_AfterWork_EndsTheThreads(int count)
    {
        // Each chunk waits for all the others: every worker runs one.
        Workers workers = new(count, processors: count);
        int arrived = 0;
        RendezvousJob job = new() { Arrived = &arrived, Expected = count, Key = count };
        workers.Run(count, ref job);
        Assert.Equal(count, arrived);
        Thread[] threads = [.. RendezvousJob.Threads[job.Key].Distinct()];
        Assert.Equal(count, threads.Length);
        Assert.Contains(Thread.CurrentThread, threads);
        workers.Dispose();
        workers.Dispose();
        Assert.All(threads.Where(thread => thread != Thread.CurrentThread), thread => Assert.False(thread.IsAlive));
    }

    [Fact]
    public void Dispose_WithoutWork_Returns()
    {
        for (int count = 1; count <= 8; count++)
        {
            new Workers(count).Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Run_Steady_AllocatesNothing(int count)
    {
        using Workers workers = new(count, processors: count);
        int* runs = stackalloc int[MostChunks];
        int wrongWorkers = 0;
        CountJob job = new() { Runs = runs, WrongWorkers = &wrongWorkers, Workers = count };
        Assert.Equal(0, AllocatedBytes.Least(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                workers.Run(MostChunks, ref job);
            }
        }));
    }

    // More threads than processors, and fewer: the surplus sleeps, wake-ups come and go, and none is lost (that would hang) or piles up.
    [Theory]
    [InlineData(3, 3)]
    [InlineData(8, 2)]
    [InlineData(64, 2)]
    [InlineData(4, 1)]
    public void Run_TwoHundredThousandTinyJobsAndPauses_LosesNoWakeUpAndPilesUpNone(int count, int processors)
    {
        RandomStream random = KernelTestBench.Stream(count, processors);
        using Workers workers = new(count, processors);
        long* runs = stackalloc long[1];
        *runs = 0;
        long expected = 0;
        for (int i = 0; i < 200_000; i++)
        {
            if (random.NextInt(2000) == 0)
            {
                Thread.Sleep(random.NextInt(3));
            }

            int chunks = random.NextInt(6);
            expected += chunks;
            TallyJob job = new() { Runs = runs };
            workers.Run(chunks, ref job);
            Assert.True(*runs == expected, $"{count} workers, job {i}: {*runs} chunks ran of {expected}.");
            Assert.True(workers.Permits < count, $"{count} workers, job {i}: {workers.Permits} permits wait for {count - 1} threads.");
        }
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Run_FromInsideAChunk_SaysSoAndThePoolWorksOn(int count)
    {
        using Workers workers = new(count, processors: count);
        GCHandle handle = GCHandle.Alloc(workers);
        int refused = 0, disposeRefused = 0;
        foreach (int chunks in (int[])[1, 5])
        {
            NestedJob job = new() { Workers = GCHandle.ToIntPtr(handle), Refused = &refused, DisposeRefused = &disposeRefused };
            workers.Run(chunks, ref job);
        }

        handle.Free();
        Assert.Equal((6, 6), (refused, disposeRefused));
        long runs = 0;
        TallyJob tally = new() { Runs = &runs };
        workers.Run(7, ref tally);
        Assert.Equal(7, runs);
    }

    [Fact]
    public void Run_FromASecondThread_SaysSo()
    {
        using Workers workers = new(2);
        int entered = 0, leave = 0;
        int* enteredAt = &entered, leaveAt = &leave;
        Thread first = new(() =>
        {
            GateJob gate = new() { Entered = enteredAt, Leave = leaveAt };
            workers.Run(1, ref gate);
        });
        first.Start();
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref *enteredAt) == 1, Patience));
        long runs = 0;
        TallyJob tally = new() { Runs = &runs };
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => workers.Run(3, ref tally));
        Volatile.Write(ref *leaveAt, 1);
        first.Join();
        Assert.Contains("two threads", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, runs);
        workers.Run(3, ref tally);
        Assert.Equal(3, runs);
    }

    [Fact]
    public void Run_AfterDispose_Throws()
    {
        foreach (int count in (int[])[1, 3])
        {
            Workers workers = new(count);
            workers.Dispose();
            long runs = 0;
            TallyJob tally = new() { Runs = &runs };
            Assert.Throws<ObjectDisposedException>(() => workers.Run(3, ref tally));
            Assert.Equal(0, runs);
        }
    }

    // Threads are caught starting, spinning, falling asleep and being woken.
    [Fact]
    public void Dispose_AtAnyMomentAndFromTwoThreads_EndsTheThreads()
    {
        RandomStream random = KernelTestBench.Stream(5, 5);
        for (int i = 0; i < 300; i++)
        {
            Workers workers = new(1 + random.NextInt(6), processors: 1 + random.NextInt(4));
            long runs = 0;
            TallyJob tally = new() { Runs = &runs };
            for (int run = random.NextInt(3); run > 0; run--)
            {
                workers.Run(random.NextInt(5), ref tally);
            }

            Thread.SpinWait(random.NextInt(i % 3 == 0 ? 20000 : 50));
            Thread other = new(workers.Dispose);
            other.Start();
            workers.Dispose();
            Assert.True(other.Join(Patience), $"round {i}: a thread did not end.");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Constructor_NoWorkers_Throws(int count) => Assert.Throws<ArgumentOutOfRangeException>(() => new Workers(count));

    private struct CountJob : IChunkJob
    {
        public int* Runs;
        public int* WrongWorkers;
        public int Workers;

        public readonly void Run(int chunk, int worker)
        {
            Interlocked.Increment(ref Runs[chunk]);
            if ((uint)worker >= (uint)Workers)
            {
                Interlocked.Increment(ref *WrongWorkers);
            }
        }
    }

    private struct TallyJob : IChunkJob
    {
        public long* Runs;

        public readonly void Run(int chunk, int worker) => Interlocked.Increment(ref *Runs);
    }

    private struct GateJob : IChunkJob
    {
        public int* Entered;
        public int* Leave;

        public readonly void Run(int chunk, int worker)
        {
            Volatile.Write(ref *Entered, 1);
            int* leave = Leave;
            SpinWait.SpinUntil(() => Volatile.Read(ref *leave) == 1, Patience);
        }
    }

    private struct NestedJob : IChunkJob
    {
        public nint Workers;
        public int* Refused;
        public int* DisposeRefused;

        public readonly void Run(int chunk, int worker)
        {
            Workers workers = (Workers)GCHandle.FromIntPtr(Workers).Target!;
            long runs = 0;
            TallyJob inner = new() { Runs = &runs };
            try
            {
                workers.Run(1 + (chunk % 2), ref inner);
            }
            catch (InvalidOperationException e) when (e.Message.Contains("inside a chunk", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref *Refused);
            }

            try
            {
                workers.Dispose();
            }
            catch (InvalidOperationException)
            {
                Interlocked.Increment(ref *DisposeRefused);
            }
        }
    }

    private struct ScratchJob : IChunkJob
    {
        public int* Inside;
        public int* Collisions;

        public readonly void Run(int chunk, int worker)
        {
            if (Interlocked.Increment(ref Inside[worker]) != 1)
            {
                Interlocked.Increment(ref *Collisions);
            }

            Thread.SpinWait(20);
            Interlocked.Decrement(ref Inside[worker]);
        }
    }

    private struct ThrowJob : IChunkJob
    {
        public int Chunk;

        public readonly void Run(int chunk, int worker)
        {
            if (chunk == Chunk)
            {
                throw new InvalidOperationException($"chunk {chunk}");
            }
        }
    }

    private struct RendezvousJob : IChunkJob
    {
        public static readonly ConcurrentDictionary<int, ConcurrentBag<Thread>> Threads = new();

        public int* Arrived;
        public int Expected;
        public int Key;

        public readonly void Run(int chunk, int worker)
        {
            Threads.GetOrAdd(Key, _ => []).Add(Thread.CurrentThread);
            Interlocked.Increment(ref *Arrived);
            int* arrived = Arrived;
            int expected = Expected;
            if (!SpinWait.SpinUntil(() => Volatile.Read(ref *arrived) == expected, Patience))
            {
                throw new TimeoutException($"Only {*arrived} of {expected} workers came.");
            }
        }
    }
}
