using System.Collections.Concurrent;

namespace Rectify.Data.Checking;

/// <summary>A set as it lies there, faults included: what training's data sets refuse is a finding here.</summary>
internal abstract class CheckSource : IDisposable
{
    /// <summary>The samples that training would see.</summary>
    public List<CheckEntry> Entries { get; } = [];

    /// <summary>All classes, those without samples included.</summary>
    public SortedSet<string> Classes { get; } = new(StringComparer.Ordinal);

    /// <summary>What is wrong with the set and not with a sample.</summary>
    public List<Finding> Findings { get; } = [];

    /// <summary>Files that are passed over, by extension.</summary>
    public ConcurrentDictionary<string, int> Ignored { get; } = new(StringComparer.Ordinal);

    /// <summary>Looks at a sample. Thread-safe.</summary>
    public abstract ExaminedFile Examine(int index, IImageDecoder decoder, DatasetCheckOptions options);

    /// <summary>Closes what is open.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Lists a set; faults become findings.</summary>
    public static CheckSource Open(DatasetPlace place, IImageDecoder decoder, IndexingOptions? indexing) => place.Kind switch
    {
        DatasetKind.Folder when ShardNames.Any(place.Files[0]) => new ShardedSource(place.Files[0]),
        DatasetKind.Folder => new FolderSource(place.Files[0]),
        DatasetKind.Tar => new TarSource(place.Files[0]),
        DatasetKind.Csv => new CsvSource(place.Files[0]),
        DatasetKind.ImageNetTraining or DatasetKind.ImageNetValidation => new ImageNetSource(place, decoder, indexing),
        _ => new CifarSource(place),
    };

    /// <summary>Counts a file that is passed over, and says so.</summary>
    protected void Ignore(string file, ReadOnlySpan<byte> beginning)
    {
        string extension = Path.GetExtension(file);
        _ = Ignored.AddOrUpdate(extension.Length == 0 ? "(none)" : extension.ToUpperInvariant().ToLowerInvariant(), 1, (_, n) => n + 1);
        string? format = PictureBytes.FormatOf(beginning);
        bool picture = format is "JPEG" or "PNG" or "PPM" or "GIF" or "WebP" or "BMP" or "TIFF" || FolderSource.IsOtherPicture(extension);
        Findings.Add(new Finding(
            picture ? FindingKind.IgnoredPicture : FindingKind.IgnoredFile,
            file,
            format is null ? $"has the extension {(extension.Length == 0 ? "of no picture" : extension)}" : $"is a {format}"));
    }
}
