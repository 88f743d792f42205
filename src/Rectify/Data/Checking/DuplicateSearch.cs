namespace Rectify.Data.Checking;

/// <summary>Finds photos that are there more than once, by their decoded pixels: a copy with other EXIF, name or container is a copy.</summary>
internal static class DuplicateSearch
{
    private readonly record struct Copy(DatasetPart Part, CheckEntry Entry, ExaminedFile File);

    public static IEnumerable<Finding> In(IReadOnlyList<CheckedPart> parts)
    {
        IEnumerable<Copy> all = parts.SelectMany(p => p.Files.Select((file, i) => new Copy(p.Part, p.Source.Entries[i], file)));
        foreach (IGrouping<string, Copy> group in all.Where(c => c.File.PixelHash is not null).GroupBy(c => c.File.PixelHash!, StringComparer.Ordinal))
        {
            Copy[] copies = [.. group.OrderBy(c => c.Part).ThenBy(c => c.Entry.Name, StringComparer.Ordinal)];
            if (copies.Length < 2)
            {
                continue;
            }

            if (copies.DistinctBy(c => c.Entry.ClassName).Count() > 1)
            {
                yield return Found(FindingKind.ConflictingLabels, copies, $"is in {string.Join(" and in ", copies.Select(c => c.Entry.ClassName).Distinct())}");
            }

            if (copies.DistinctBy(c => c.Part).Count() > 1)
            {
                yield return Found(
                    FindingKind.SharedAcrossParts, copies, $"is in {string.Join(" and in ", copies.Select(c => PartNames.InWords(c.Part)).Distinct())}");
            }

            foreach (Copy[] same in copies.GroupBy(c => (c.Part, c.Entry.ClassName)).Select(g => g.ToArray()).Where(g => g.Length > 1))
            {
                yield return Found(FindingKind.Duplicate, same, $"is there {same.Length} times");
            }
        }
    }

    private static Finding Found(FindingKind kind, Copy[] copies, string detail)
    {
        string how = copies.DistinctBy(c => c.File.ContentHash).Count() == 1 ? "the same bytes" : "the same pixels in other bytes";
        return new Finding(kind, copies[0].Entry.Name, $"{detail} ({how})", [.. copies.Skip(1).Select(c => c.Entry.Name)]);
    }
}
