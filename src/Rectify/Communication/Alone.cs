namespace Rectify.Communication;

/// <summary>A process that works alone: there is nothing to wait for.</summary>
public sealed class Alone : Communicator
{
    /// <summary>The one.</summary>
    public static Alone Instance { get; } = new();

    private Alone()
    {
    }

    /// <inheritdoc/>
    public override int Rank => 0;

    /// <inheritdoc/>
    public override int Size => 1;

    /// <inheritdoc/>
    public override string HostOf(int rank) => Environment.MachineName;

    /// <inheritdoc/>
    public override void BeginSum(Span<float> values)
    {
    }

    /// <inheritdoc/>
    public override void BeginGather(Span<float> values, ReadOnlySpan<int> counts)
    {
    }

    /// <inheritdoc/>
    public override void Finish()
    {
    }

    /// <inheritdoc/>
    public override void Gather(ReadOnlySpan<byte> mine, Span<byte> all) => mine.CopyTo(all);

    /// <inheritdoc/>
    public override void Broadcast(Span<byte> values)
    {
    }

    /// <inheritdoc/>
    public override void NoteStep(long done)
    {
    }

    /// <inheritdoc/>
    public override void Abort(string reason, int code = 1)
    {
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
    }
}
