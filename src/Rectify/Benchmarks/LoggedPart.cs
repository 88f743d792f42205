namespace Rectify.Benchmarks;

/// <summary>A part of a run.</summary>
/// <param name="Jobs">Its jobs.</param>
/// <param name="SerialSeconds">Time between them, on the thread that asks for them.</param>
internal sealed record LoggedPart(IReadOnlyList<LoggedJob> Jobs, double SerialSeconds)
{
    /// <summary>This part and its work on the next micro-batch.</summary>
    public LoggedPart Then(LoggedPart next) => new([.. Jobs, .. next.Jobs], SerialSeconds + next.SerialSeconds);

    /// <summary>The lesser times of two runs of it.</summary>
    public LoggedPart Least(LoggedPart other) => other.Jobs.Count == Jobs.Count
        ? new LoggedPart([.. Jobs.Zip(other.Jobs, (a, b) => a.Seconds <= b.Seconds ? a : b)], Math.Min(SerialSeconds, other.SerialSeconds))
        : throw new InvalidOperationException("Two runs of a plan did not do the same jobs.");
}

/// <summary>A job: work cut into chunks.</summary>
/// <param name="Chunks">How many.</param>
/// <param name="Seconds">Time of all of them on one core.</param>
internal readonly record struct LoggedJob(int Chunks, double Seconds);
