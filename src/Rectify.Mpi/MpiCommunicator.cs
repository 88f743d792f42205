using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Rectify.Communication;

namespace Rectify.Mpi;

/// <summary>The ranks of an MPI job. One thread of its own makes all calls, so that sums go on while the others compute.</summary>
/// <remarks>
/// A rank whose process has died or stopped is found by its heartbeat, which that thread sends every second whatever the others do; then the job is ended by MPI_Abort, so that
/// none waits for ever. A rank that is slow, or waits for its disk, is alive.
/// </remarks>
public sealed unsafe class MpiCommunicator : Communicator
{
    private readonly CommunicationThread _thread;

    private MpiCommunicator(CommunicationThread thread, ParallelScheme scheme) => (_thread, Scheme) = (thread, scheme);

    /// <inheritdoc/>
    public override int Rank => _thread.Rank;

    /// <inheritdoc/>
    public override int Size => _thread.Size;

    /// <inheritdoc/>
    public override ParallelScheme Scheme { get; }

    /// <summary>Joins the job that this process was started in.</summary>
    /// <param name="options">How gradients travel, how long silence may last, and who hears of it.</param>
    /// <exception cref="Tensors.RectifyException">Open MPI is not there, or the job cannot be joined.</exception>
    public static MpiCommunicator Join(MpiOptions? options = null)
    {
        options ??= new MpiOptions();
        return new MpiCommunicator(CommunicationThread.Start(options), options.Scheme);
    }

    /// <inheritdoc/>
    public override string HostOf(int rank) => _thread.Hosts[rank];

    /// <inheritdoc/>
    public override void NoteStep(long done) => _thread.Step = done;

    /// <inheritdoc/>
    public override void BeginSum(Span<float> values) => BeginSum(MpiOperation.Sum, values);

    /// <summary>Begins the same sum by MPI_Allreduce itself, which the communication thread waits in, doing nothing else: for comparison.</summary>
    internal void BeginSumAtOnce(Span<float> values) => BeginSum(MpiOperation.SumAtOnce, values);

    /// <inheritdoc/>
    public override void BeginGather(Span<float> values, ReadOnlySpan<int> counts)
    {
        MpiTask task = _thread.Take(MpiOperation.GatherMany);
        int offset = 0;
        for (int rank = 0; rank < Size; rank++)
        {
            (task.Counts[rank], task.Offsets[rank]) = (counts[rank], offset);
            offset += counts[rank];
        }

        task.Values = Pointer(values);
        task.Count = offset;
        _thread.Post(task);
    }

    /// <inheritdoc/>
    public override void Finish() => _thread.Finish();

    /// <inheritdoc/>
    public override void Gather(ReadOnlySpan<byte> mine, Span<byte> all)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(all.Length, mine.Length * Size, nameof(all));
        fixed (byte* from = mine, to = all)
        {
            MpiTask task = _thread.Take(MpiOperation.Gather);
            task.Values = from;
            task.Result = to;
            task.Count = mine.Length;
            _thread.Post(task);
            _thread.Finish();
        }
    }

    /// <inheritdoc/>
    public override void Broadcast(Span<byte> values)
    {
        fixed (byte* from = values)
        {
            MpiTask task = _thread.Take(MpiOperation.Broadcast);
            task.Values = from;
            task.Count = values.Length;
            _thread.Post(task);
            _thread.Finish();
        }
    }

    /// <inheritdoc/>
    public override void Abort(string reason, int code = 1) => _thread.Abort(reason, code);

    /// <inheritdoc/>
    public override void Dispose() => _thread.Dispose();

    private void BeginSum(MpiOperation operation, Span<float> values)
    {
        MpiTask task = _thread.Take(operation);
        task.Values = Pointer(values);
        task.Count = values.Length;
        _thread.Post(task);
    }

    // What is summed while others compute lies outside the managed heap: see the contract.
    private static void* Pointer(Span<float> values) => Unsafe.AsPointer(ref MemoryMarshal.GetReference(values));
}
