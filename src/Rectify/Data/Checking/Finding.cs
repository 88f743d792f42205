namespace Rectify.Data.Checking;

/// <summary>Something that was found in a data set.</summary>
/// <param name="Kind">What.</param>
/// <param name="File">Where: a file, a folder, or a CSV with its line.</param>
/// <param name="Detail">What there is to say about this one, behind the file's name.</param>
/// <param name="Others">Other files that it concerns: the copies of a photo.</param>
public sealed record Finding(FindingKind Kind, string File, string Detail, IReadOnlyList<string> Others)
{
    /// <summary>A finding about one file.</summary>
    public Finding(FindingKind kind, string file, string detail)
        : this(kind, file, detail, [])
    {
    }

    /// <summary>How much it matters.</summary>
    public FindingSeverity Severity => FindingKinds.SeverityOf(Kind);
}
