using System.Formats.Tar;

namespace Rectify.Data;

/// <summary>Where a tar's files lie, by name, as its entries pass by. A hard link lies where the file lies that it names.</summary>
/// <param name="samples">Takes the files that are samples; of two with a name the last one counts.</param>
internal sealed class TarPlaces(IDictionary<string, (long Offset, long Length)> samples)
{
    // Links may name files that are no samples.
    private readonly Dictionary<string, (long Offset, long Length)> _others = new(StringComparer.Ordinal);

    /// <summary>A name with forward slashes and without ./ before it.</summary>
    public static string NameOf(string stored)
    {
        string name = stored.Replace('\\', '/');
        return (name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name).TrimEnd('/');
    }

    /// <summary>Whether an entry has a file's content of its own.</summary>
    public static bool IsFile(TarEntry entry) => entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile;

    /// <summary>Notes a file or a hard link; passes over all else.</summary>
    /// <returns>False for a hard link to what does not come before it.</returns>
    public bool Add(TarEntry entry)
    {
        if (IsFile(entry))
        {
            Add(NameOf(entry.Name), (entry.DataOffset, entry.Length));
            return true;
        }

        if (entry.EntryType != TarEntryType.HardLink)
        {
            return true;
        }

        string target = NameOf(entry.LinkName);
        if (!samples.TryGetValue(target, out (long Offset, long Length) place) && !_others.TryGetValue(target, out place))
        {
            return false;
        }

        Add(NameOf(entry.Name), place);
        return true;
    }

    private void Add(string name, (long Offset, long Length) place) => (SampleListing.IsSample(name) ? samples : _others)[name] = place;
}
