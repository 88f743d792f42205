using Rectify.Communication;

namespace Rectify.Mpi;

/// <summary>How a rank works with the others.</summary>
public sealed record MpiOptions
{
    /// <summary>How they come to one gradient.</summary>
    public ParallelScheme Scheme { get; init; } = ParallelScheme.Auto;

    /// <summary>How long a rank may give no sign of life before the job is ended.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Hears, just before the job is ended, why: a sentence.</summary>
    public Action<string> Report { get; init; } = Console.Error.WriteLine;
}
