namespace Rectify.Mpi;

/// <summary>How a rank deals with others that do not answer.</summary>
public sealed record MpiOptions
{
    /// <summary>How long a rank may give no sign of life before the job is ended.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Hears, just before the job is ended, why: a sentence.</summary>
    public Action<string> Report { get; init; } = Console.Error.WriteLine;
}
