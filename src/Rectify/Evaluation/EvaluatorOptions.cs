namespace Rectify.Evaluation;

/// <summary>How an evaluation runs; its numbers depend on none of these, to the bit.</summary>
public sealed record EvaluatorOptions
{
    /// <summary>Images at a time.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Threads that read pictures.</summary>
    public int LoaderWorkers { get; init; } = 2;
}
