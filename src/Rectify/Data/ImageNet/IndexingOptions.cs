namespace Rectify.Data;

/// <summary>How large archives get the index by which they are read in place.</summary>
public sealed record IndexingOptions
{
    /// <summary>The folder in which indexes are kept, so that each is built once.</summary>
    public string CacheFolder { get; init; } = Data.CacheFolder.Find();

    /// <summary>Whether indexes are kept at all.</summary>
    public bool Cached { get; init; } = true;

    /// <summary>Hears, while an index is built, of which archive it is, how many bytes are passed and how many there are.</summary>
    public Action<string, long, long>? Progress { get; init; }

    /// <summary>Hears, once for each archive, that its index cannot be kept.</summary>
    public Action<string>? Warn { get; init; }
}
