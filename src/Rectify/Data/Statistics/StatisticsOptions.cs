namespace Rectify.Data;

/// <summary>How statistics of a data set are computed.</summary>
public sealed record StatisticsOptions
{
    /// <summary>At most so many pictures are read, evenly spread over the set: picture ⌊i·count/samples⌋ for i from 0. All unless told otherwise.</summary>
    public int Samples { get; init; } = int.MaxValue;

    /// <summary>Threads that read and decode; they do not change the result.</summary>
    public int Threads { get; init; } = 1;
}
