using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Data.Checking;

/// <summary>Reads a data set as a whole and reports all that is wrong with it; nothing is changed.</summary>
/// <remarks>
/// Each file is read and decoded once, whole. Unlike training, which refuses a set at the first fault of its structure, a check goes on: what can still be
/// looked at is. The report does not depend on the number of threads.
/// </remarks>
public static class DatasetCheck
{
    /// <summary>Checks a set and its parts.</summary>
    /// <param name="path">What --data would be.</param>
    /// <param name="validation">A validation set of its own, in place of the one that <paramref name="path"/> may hold; null for none.</param>
    /// <param name="decoder">Decodes the pictures.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Hears how many samples of how many are done; from any thread.</param>
    /// <param name="cancellation">Stops the check.</param>
    /// <exception cref="RectifyException">A path does not exist or is of no kind that is understood.</exception>
    public static DatasetCheckReport Run(
        string path, string? validation, IImageDecoder decoder, DatasetCheckOptions options, Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(options);
        List<Finding> findings = [];
        List<CheckedPart> parts = List(path, findings, decoder, options);
        if (validation is not null)
        {
            _ = parts.RemoveAll(p => p.Part == DatasetPart.Validation);
            List<CheckedPart> other = List(validation, findings, decoder, options);
            CheckedPart chosen = other.Find(p => p.Part is DatasetPart.Validation or DatasetPart.Whole) ?? other.Find(p => p.Part == DatasetPart.Test) ?? other[0];
            parts.Add(chosen with { Part = DatasetPart.Validation });
        }

        try
        {
            return Report(parts, findings, decoder, options, progress, cancellation);
        }
        finally
        {
            parts.ForEach(p => p.Source.Dispose());
        }
    }

    private static DatasetCheckReport Report(
        List<CheckedPart> parts, List<Finding> findings, IImageDecoder decoder, DatasetCheckOptions options, Action<int, int>? progress, CancellationToken cancellation)
    {
        int crop = options.Crop > 0 ? options.Crop : CropOf(parts, decoder);
        Examine(parts, decoder, options with { Crop = crop }, progress, cancellation);
        ClassCount[] counts = Count(parts);
        findings.AddRange(parts.SelectMany(p => p.Source.Findings));
        findings.AddRange(parts.SelectMany(p => p.Files).SelectMany(f => f.Findings));
        findings.AddRange(DuplicateSearch.In(parts));
        findings.AddRange(ClassSearch.In(parts, counts, options));
        ImageDescription[] described = [.. parts.SelectMany(p => p.Files).Select(f => f.Description).OfType<ImageDescription>()];
        return new DatasetCheckReport
        {
            Places = parts.ToDictionary(p => p.Part, p => p.Place),
            Classes = counts,
            Images = parts.Sum(p => p.Files.Length),
            Bytes = parts.Sum(p => p.Files.Sum(f => f.Length)),
            Formats = described.CountBy(d => d.Format).OrderBy(f => f.Key, StringComparer.Ordinal).ToDictionary(),
            Grey = described.Count(d => d.Color.StartsWith("grey", StringComparison.Ordinal)),
            Ignored = parts.SelectMany(p => p.Source.Ignored).GroupBy(i => i.Key).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(i => i.Value)),
            Crop = crop,
            Findings = [.. findings.OrderByDescending(f => f.Severity).ThenBy(f => f.Kind).ThenBy(f => f.File, StringComparer.Ordinal)],
        };
    }

    private static List<CheckedPart> List(string path, List<Finding> findings, IImageDecoder decoder, DatasetCheckOptions options)
    {
        DatasetLayout layout;
        try
        {
            layout = DatasetLayout.Find(path);
        }
        catch (RectifyException e) when (Directory.Exists(path))
        {
            // Not understood as parts; it is looked at as it would be without them.
            findings.Add(new Finding(FindingKind.Layout, path, FileExamination.Detail(path, e)));
            return [new CheckedPart(DatasetPart.Whole, path, new FolderSource(path))];
        }

        return [.. layout.Parts.Select(p => new CheckedPart(p, layout.PathOf(p), CheckSource.Open(layout.Place(p), decoder, options.Indexing)))];
    }

    // What training would take: by the first picture.
    private static int CropOf(List<CheckedPart> parts, IImageDecoder decoder)
    {
        DatasetCheckOptions any = new();
        foreach (CheckedPart part in parts)
        {
            for (int i = 0; i < part.Files.Length; i++)
            {
                if (part.Source.Examine(i, decoder, any).Description is { } first)
                {
                    return Preprocessing.DefaultCrop(first.Width, first.Height);
                }
            }
        }

        return Preprocessing.SmallCrop;
    }

    private static void Examine(
        List<CheckedPart> parts, IImageDecoder decoder, DatasetCheckOptions options, Action<int, int>? progress, CancellationToken cancellation)
    {
        (CheckedPart Part, int Index)[] all = [.. parts.SelectMany(p => Enumerable.Range(0, p.Files.Length).Select(i => (p, i)))];
        int done = 0;
        using Workers workers = new(options.Threads);
        ParallelLoop.Run(workers, all.Length, (item, _) =>
        {
            cancellation.ThrowIfCancellationRequested();
            (CheckedPart part, int index) = all[item];
            part.Files[index] = part.Source.Examine(index, decoder, options);
            progress?.Invoke(Interlocked.Increment(ref done), all.Length);
        });
    }

    private static ClassCount[] Count(List<CheckedPart> parts)
    {
        Dictionary<(DatasetPart, string), int> counts = parts.SelectMany(p => p.Source.Entries.Select(e => (p.Part, e.ClassName))).CountBy(k => k).ToDictionary();
        int Of(DatasetPart part, string name) => counts.GetValueOrDefault((part, name));
        return [.. parts.SelectMany(p => p.Source.Classes).Distinct().Order(StringComparer.Ordinal).Select(n =>
            new ClassCount(n, Of(DatasetPart.Training, n) + Of(DatasetPart.Whole, n), Of(DatasetPart.Validation, n), Of(DatasetPart.Test, n)))];
    }
}
