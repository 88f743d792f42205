namespace Rectify.Data;

/// <summary>How a data set is packed into shards.</summary>
public sealed record PackOptions
{
    /// <summary>The paper's largest scale.</summary>
    public const int DefaultScale = 512;

    /// <summary>The shorter side to which larger pictures are made smaller; smaller ones are not enlarged.</summary>
    public int Scale { get; init; } = DefaultScale;

    /// <summary>Encodes the pictures.</summary>
    public required IImageEncoder Encoder { get; init; }

    /// <summary>About how many bytes a shard has at the most.</summary>
    public long ShardBytes { get; init; } = 1L << 30;

    /// <summary>Threads that read, resize and encode; they do not change the result.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>What packing did.</summary>
/// <param name="Images">Pictures that are in the shards.</param>
/// <param name="Bytes">Bytes of all shards.</param>
/// <param name="Shards">Shards.</param>
/// <param name="Kept">Shards that were there from an earlier time and stayed.</param>
/// <param name="Unreadable">Pictures that could not be read, and so are in no shard, with the reason.</param>
public sealed record PackResult(int Images, long Bytes, int Shards, int Kept, IReadOnlyList<SampleFailure> Unreadable);
