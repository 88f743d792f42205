using System.Runtime.InteropServices;
using System.Text;

namespace Rectify.Communication;

/// <summary>One of the processes that work together on a run. All call the same members in the same order; a process that works alone is the only one of one.</summary>
/// <remarks>Sums have the same bits on every rank. Which order they are added in is the transport's: fixed for a number of ranks, another for another.</remarks>
public abstract class Communicator : IDisposable
{
    /// <summary>Which one this is, from 0.</summary>
    public abstract int Rank { get; }

    /// <summary>How many there are.</summary>
    public abstract int Size { get; }

    /// <summary>Whether this is the one that prints, writes and reports.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>Whether there are others.</summary>
    public bool IsShared => Size > 1;

    /// <summary>How they come to one gradient.</summary>
    public virtual ParallelScheme Scheme => ParallelScheme.Auto;

    /// <summary>The name of a rank's machine.</summary>
    public abstract string HostOf(int rank);

    /// <summary>Begins to sum numbers over all ranks, in place; they are everybody's after <see cref="Finish"/>.</summary>
    /// <param name="values">As many on every rank. Memory that does not move, and is not touched before <see cref="Finish"/>.</param>
    public abstract void BeginSum(Span<float> values);

    /// <summary>Begins to gather what each rank has, in place.</summary>
    /// <param name="values">Room for all ranks' parts one after another, this rank's filled. Memory that does not move, and is not touched before <see cref="Finish"/>.</param>
    /// <param name="counts">Floats of each rank's part.</param>
    public abstract void BeginGather(Span<float> values, ReadOnlySpan<int> counts);

    /// <summary>Waits until all is done that was begun.</summary>
    /// <exception cref="Tensors.RectifyException">A rank does not answer.</exception>
    public abstract void Finish();

    /// <summary>Gathers as many bytes from each rank, in the order of the ranks.</summary>
    /// <param name="mine">This rank's.</param>
    /// <param name="all">Room for all.</param>
    public abstract void Gather(ReadOnlySpan<byte> mine, Span<byte> all);

    /// <summary>Gives all ranks what the first one has.</summary>
    public abstract void Broadcast(Span<byte> values);

    /// <summary>Whether any rank says yes.</summary>
    public bool Any(bool mine)
    {
        Span<byte> all = stackalloc byte[Size];
        Gather([mine ? (byte)1 : (byte)0], all);
        return all.Contains((byte)1);
    }

    /// <summary>Completes a row of which each rank has filled its <see cref="Share"/>.</summary>
    /// <typeparam name="T">What the row is of.</typeparam>
    /// <param name="row">The row; the same length on every rank.</param>
    /// <param name="each">Elements that belong together: shares are of so many.</param>
    public void GatherShares<T>(Span<T> row, int each = 1)
        where T : unmanaged
    {
        if (!IsShared)
        {
            return;
        }

        int count = row.Length / each;
        int most = (count + Size - 1) / Size * each;
        T[] mine = new T[most];
        T[] all = new T[most * Size];
        Share own = Share.Of(count, Rank, Size);
        row[(own.Begin * each)..(own.End * each)].CopyTo(mine);
        Gather(MemoryMarshal.AsBytes(mine.AsSpan()), MemoryMarshal.AsBytes(all.AsSpan()));
        for (int rank = 0; rank < Size; rank++)
        {
            Share share = Share.Of(count, rank, Size);
            all.AsSpan(rank * most, share.Count * each).CopyTo(row[(share.Begin * each)..]);
        }
    }

    /// <summary>Gathers a text from each rank, in the order of the ranks.</summary>
    public IReadOnlyList<string> Gather(string mine)
    {
        byte[] text = Encoding.UTF8.GetBytes(mine);
        int length = text.Length;
        int[] lengths = new int[Size];
        Gather(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(ref length)), MemoryMarshal.AsBytes(lengths.AsSpan()));
        int most = lengths.Max();
        byte[] all = new byte[most * Size];
        Array.Resize(ref text, most);
        Gather(text, all);
        return [.. lengths.Select((own, rank) => Encoding.UTF8.GetString(all, rank * most, own))];
    }

    /// <summary>Remembers how far this rank has come, for messages about ranks that do not answer.</summary>
    /// <param name="done">Steps done.</param>
    public abstract void NoteStep(long done);

    /// <summary>Ends the work of all ranks at once; alone, does nothing.</summary>
    /// <param name="reason">Why: a sentence.</param>
    /// <param name="code">The job's exit code.</param>
    public abstract void Abort(string reason, int code = 1);

    /// <inheritdoc/>
    public abstract void Dispose();
}
