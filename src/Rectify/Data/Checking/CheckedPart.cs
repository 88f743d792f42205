namespace Rectify.Data.Checking;

/// <summary>A part with its samples and what was seen of them.</summary>
internal sealed record CheckedPart(DatasetPart Part, string Place, CheckSource Source)
{
    /// <summary>What was seen, by sample.</summary>
    public ExaminedFile[] Files { get; } = new ExaminedFile[Source.Entries.Count];
}
