namespace Rectify.Data.Checking;

/// <summary>How a data set is checked.</summary>
public sealed record DatasetCheckOptions
{
    /// <summary>Threads that read and decode; they do not change the report.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Pictures with a shorter side below this are named; 0 for the crop that training would take by default.</summary>
    public int Crop { get; init; }

    /// <summary>Pictures whose longer side is more than this many times the shorter one are named.</summary>
    public int LargestAspect { get; init; } = 8;

    /// <summary>Classes are very unequal where the largest has at least this many times the pictures of the smallest.</summary>
    public int LargestImbalance { get; init; } = 10;

    /// <summary>How large archives get their index; null for the default.</summary>
    public IndexingOptions? Indexing { get; init; }
}
