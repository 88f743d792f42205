namespace Rectify.Data.Checking;

/// <summary>What a check found.</summary>
public sealed record DatasetCheckReport
{
    /// <summary>The paths that were checked, by part.</summary>
    public required IReadOnlyDictionary<DatasetPart, string> Places { get; init; }

    /// <summary>The classes, in ordinal order.</summary>
    public required IReadOnlyList<ClassCount> Classes { get; init; }

    /// <summary>Files or records that were read as samples.</summary>
    public required int Images { get; init; }

    /// <summary>Their bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>How many there are of each format; those that do not decode are not among them.</summary>
    public required IReadOnlyDictionary<string, int> Formats { get; init; }

    /// <summary>How many pictures are grey: no fault, just counted.</summary>
    public required int Grey { get; init; }

    /// <summary>Files that are passed over, by their extension.</summary>
    public required IReadOnlyDictionary<string, int> Ignored { get; init; }

    /// <summary>The crop that small pictures were measured by.</summary>
    public required int Crop { get; init; }

    /// <summary>What was found: errors first, then by kind, then by file.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Whether nothing does harm: no finding is an error.</summary>
    public bool IsSound => Findings.All(f => f.Severity != FindingSeverity.Error);
}
