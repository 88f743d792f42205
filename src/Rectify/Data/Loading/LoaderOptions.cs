namespace Rectify.Data;

/// <summary>How a <see cref="BatchLoader"/> cuts a data set into batches.</summary>
public sealed record LoaderOptions
{
    /// <summary>Samples in a batch, at least 1.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>The run's seed: decides order and augmentation, together with the epoch and the sample.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads that decode and augment, at least 1; changes no value.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>A new order in every epoch (training) instead of the data set's own (evaluation).</summary>
    public bool Shuffle { get; init; }

    /// <summary>Leaves out the last batch of an epoch where it is not full.</summary>
    public bool DropLast { get; init; }

    /// <summary>Hands out a batch of which no sample could be read, empty, instead of ending the epoch (evaluation, which counts them as errors).</summary>
    public bool KeepFailedBatches { get; init; }

    /// <summary>Which part of each batch is read here, where several processes read one together: that of this rank, see <see cref="Communication.Share"/>.</summary>
    public int Rank { get; init; }

    /// <summary>How many processes read each batch together.</summary>
    public int Ranks { get; init; } = 1;

    /// <summary>Batches prepared beyond the one in use, at least 1; each takes BatchSize · 12 · size² bytes.</summary>
    public int Ahead { get; init; } = 3;

    /// <summary>How long a batch is waited for before <see cref="Stalled"/> hears of it; and again after each such while.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a cancelled epoch waits for samples that are being read, before their threads are left behind.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Hears, on the consumer's thread, that a batch does not come: the name of the sample that has been read for the longest, and how long the batch has
    /// been waited for.</summary>
    public Action<string, TimeSpan>? Stalled { get; init; }
}
