using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Rectify.Communication;

namespace Rectify.Tests.Communication;

/// <summary>Ranks that are threads of this process: the contract of a communicator, slow and plain.</summary>
internal sealed class ThreadRanks : IDisposable
{
    private readonly Barrier _barrier;
    private readonly byte[][] _given;

    private ThreadRanks(int size) => (_barrier, _given) = (new Barrier(size), new byte[size][]);

    /// <summary>Runs something on each of some ranks at once, and returns what each returns.</summary>
    public static T[] Run<T>(int size, Func<Communicator, T> run)
    {
        using ThreadRanks ranks = new(size);
        Exception? failure = null;
        T[] results = new T[size];
        Thread[] threads = [.. Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            try
            {
                using Member member = new(ranks, rank, size);
                results[rank] = run(member);
            }
#pragma warning disable CA1031 // The test's own thread is to hear of it.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failure ??= e;
                ranks._barrier.RemoveParticipant();
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return failure is null ? results : throw new InvalidOperationException($"A rank failed: {failure.Message}", failure);
    }

    public void Dispose() => _barrier.Dispose();

    private sealed unsafe class Member(ThreadRanks ranks, int rank, int size) : Communicator
    {
        private readonly List<(nint Values, int Count, int[]? Counts)> _begun = [];

        public override int Rank => rank;

        public override int Size => size;

        public override string HostOf(int rank) => $"host{rank}";

        // What was begun must stay where it is: a managed array would be a defect of the caller.
        public override void BeginSum(Span<float> values) => _begun.Add(((nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(values)), values.Length, null));

        public override void BeginGather(Span<float> values, ReadOnlySpan<int> counts) =>
            _begun.Add(((nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(values)), values.Length, counts.ToArray()));

        public override void Finish()
        {
            foreach ((nint at, int count, int[]? counts) in _begun)
            {
                Span<float> values = new((void*)at, count);
                byte[] all = new byte[size * count * sizeof(float)];
                Gather(MemoryMarshal.AsBytes(values), all);
                ReadOnlySpan<float> given = MemoryMarshal.Cast<byte, float>(all);
                for (int i = 0; i < count; i++)
                {
                    values[i] = counts is null ? Sum(given, i, count) : given[(OwnerOf(i, counts) * count) + i];
                }
            }

            _begun.Clear();
        }

        public override void Gather(ReadOnlySpan<byte> mine, Span<byte> all)
        {
            ranks._given[rank] = mine.ToArray();
            ranks._barrier.SignalAndWait();
            for (int other = 0; other < size; other++)
            {
                ranks._given[other].CopyTo(all[(other * mine.Length)..]);
            }

            ranks._barrier.SignalAndWait();
        }

        public override void Broadcast(Span<byte> values)
        {
            byte[] all = new byte[size * values.Length];
            Gather(values, all);
            all.AsSpan(0, values.Length).CopyTo(values);
        }

        public override void NoteStep(long done)
        {
        }

        public override void Abort(string reason, int code = 1) => throw new InvalidOperationException(reason);

        public override void Dispose()
        {
        }

        private static int OwnerOf(int index, int[] counts)
        {
            int owner = 0;
            for (; index >= counts[owner]; owner++)
            {
                index -= counts[owner];
            }

            return owner;
        }

        private float Sum(ReadOnlySpan<float> given, int index, int count)
        {
            float sum = 0;
            for (int other = 0; other < size; other++)
            {
                sum += given[(other * count) + index];
            }

            return sum;
        }
    }
}
