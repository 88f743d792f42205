using System.Globalization;

namespace Rectify.Data.Checking;

/// <summary>Finds what is wrong with the classes of a set and of its parts.</summary>
internal static class ClassSearch
{
    public static IEnumerable<Finding> In(IReadOnlyList<CheckedPart> parts, IReadOnlyList<ClassCount> counts, DatasetCheckOptions options)
    {
        foreach (IGrouping<string, string> similar in counts.Select(c => c.Name).GroupBy(n => n.Trim().ToUpperInvariant(), StringComparer.Ordinal))
        {
            string[] names = [.. similar];
            if (names.Length > 1)
            {
                yield return new Finding(FindingKind.SimilarClassNames, $"\"{names[0]}\"", $"and {string.Join(", ", names.Skip(1).Select(n => $"\"{n}\""))}");
            }
            else if (names[0] != names[0].Trim())
            {
                yield return new Finding(FindingKind.SimilarClassNames, $"\"{names[0]}\"", "has spaces around it");
            }
        }

        foreach (CheckedPart part in parts)
        {
            if (part.Source.Classes.Count < 2 && part.Source.Findings.All(f => f.Kind != FindingKind.Container))
            {
                yield return new Finding(
                    FindingKind.Layout,
                    part.Place,
                    part.Source.Classes.Count == 0 ? "has no classes" : $"has a single class, \"{part.Source.Classes.Min}\", and a classifier needs two");
            }
        }

        if (parts.FirstOrDefault(p => p.Part is DatasetPart.Training or DatasetPart.Whole) is not { } training)
        {
            yield break;
        }

        ClassCount[] filled = [.. counts.Where(c => c.Training > 0)];
        if (filled.Length > 0 && (filled.MinBy(c => c.Training), filled.MaxBy(c => c.Training)) is ({ } least, { } most)
            && most.Training >= options.LargestImbalance * least.Training)
        {
            yield return new Finding(FindingKind.UnequalClasses, training.Place, string.Create(
                CultureInfo.InvariantCulture, $"has {most.Training} pictures of \"{most.Name}\" and {least.Training} of \"{least.Name}\""));
        }

        // Without a part or a set for validation, training holds out a part of each class.
        FindingKind alone = parts.Count == 1 ? FindingKind.UndividableClass : FindingKind.SinglePicture;
        foreach (ClassCount single in filled.Where(c => c.Training == 1))
        {
            yield return new Finding(alone, training.Place, $"has one picture of \"{single.Name}\"");
        }

        foreach (Finding finding in Unlearnable(training))
        {
            yield return finding;
        }

        foreach (CheckedPart other in parts.Where(p => p != training))
        {
            HashSet<string> there = [.. other.Source.Entries.Select(e => e.ClassName)];
            foreach (string unknown in other.Source.Classes.Except(training.Source.Classes))
            {
                yield return new Finding(FindingKind.UnknownClass, other.Place, $"has a class \"{unknown}\"");
            }

            foreach (string missing in training.Source.Classes.Except(there))
            {
                yield return new Finding(FindingKind.MissingClass, other.Place, $"has no picture of \"{missing}\"");
            }
        }
    }
    // Classes that training refuses, for it could not learn them.
    private static IEnumerable<Finding> Unlearnable(CheckedPart training)
    {
        Dictionary<string, bool> readable = training.Source.Entries.Zip(training.Files)
            .GroupBy(pair => pair.First.ClassName, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Any(pair => pair.Second.Description is not null), StringComparer.Ordinal);
        foreach (string name in training.Source.Classes)
        {
            if (!readable.TryGetValue(name, out bool any))
            {
                if (training.Source.Findings.All(f => f.Kind != FindingKind.EmptyClass || Path.GetFileName(f.File) != name))
                {
                    yield return new Finding(FindingKind.EmptyClass, training.Place, $"has no picture of \"{name}\"");
                }
            }
            else if (!any)
            {
                yield return new Finding(FindingKind.UnreadableClass, training.Place, $"has no picture of \"{name}\" that can be read");
            }
        }
    }
}
