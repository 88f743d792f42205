using Rectify.Tensors;

namespace Rectify.Evaluation;

/// <summary>Brings tables of scores of the same images into the same order of classes: by name, never by position.</summary>
public static class ScoreAlignment
{
    /// <summary>A table with its classes in the order of another's; the table itself where they are in that order.</summary>
    /// <param name="first">Whose order counts.</param>
    /// <param name="other">The table.</param>
    /// <exception cref="RectifyException">Images, labels or classes are not the same in both; the message names both.</exception>
    public static ScoreTable To(ScoreMember first, ScoreMember other)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(other);
        (ScoreTable a, ScoreTable b) = (first.Table, other.Table);
        CheckImages(first, other);
        int[] map = MapOf(first, other);
        int[] labels = [.. b.Labels.ToArray().Select(label => map[label])];
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] != a.Labels[i])
            {
                throw new RectifyException(
                    $"{first.Name} and {other.Name} disagree on what is right: {a.Names[i]} is '{a.Classes[a.Labels[i]]}' in the first and '{a.Classes[labels[i]]}' in the other; "
                    + "score the same images again.");
            }
        }

        return a.Classes.SequenceEqual(b.Classes, StringComparer.Ordinal) ? b : Reordered(b, a.Classes, labels, map);
    }

    // The fingerprint says whether the images are the same. It covers the order of the classes too: where that differs, or where a program wrote none, names decide.
    private static void CheckImages(ScoreMember first, ScoreMember other)
    {
        (ScoreTable a, ScoreTable b) = (first.Table, other.Table);
        (string x, string y) = (a.Origin.ImagesFingerprint, b.Origin.ImagesFingerprint);
        bool decides = x.Length > 0 && y.Length > 0 && (x == y || a.Classes.SequenceEqual(b.Classes, StringComparer.Ordinal));
        bool same = a.Images == b.Images && (decides ? x == y : a.Names.SequenceEqual(b.Names, StringComparer.Ordinal));
        if (!same)
        {
            throw new RectifyException(
                $"{first.Name} and {other.Name} are scores of different images ({a.Images} of {a.Origin.Images}, {b.Images} of {b.Origin.Images}): take scores of the same ones.");
        }
    }

    // From places in the other's classes to places in the first's.
    private static int[] MapOf(ScoreMember first, ScoreMember other)
    {
        (IReadOnlyList<string> a, IReadOnlyList<string> b) = (first.Table.Classes, other.Table.Classes);
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        for (int k = 0; k < a.Count; k++)
        {
            if (!places.TryAdd(a[k], k))
            {
                throw Differ(first, other, $"'{a[k]}' twice", first);
            }
        }

        HashSet<string> seen = new(StringComparer.Ordinal);
        int[] map = new int[b.Count];
        for (int k = 0; k < b.Count; k++)
        {
            map[k] = places.GetValueOrDefault(b[k], -1);
            if (map[k] < 0 || !seen.Add(b[k]))
            {
                throw Differ(first, other, map[k] < 0 ? $"'{b[k]}'" : $"'{b[k]}' twice", other);
            }
        }

        return a.FirstOrDefault(name => !seen.Contains(name)) is { } missing ? throw Differ(first, other, $"'{missing}'", first) : map;
    }

    private static RectifyException Differ(ScoreMember first, ScoreMember other, string what, ScoreMember where) =>
        new($"{first.Name} and {other.Name} know different classes: {what} is in {where.Name} alone; take networks that were trained on the same classes.");

    private static ScoreTable Reordered(ScoreTable table, IReadOnlyList<string> classes, int[] labels, int[] map)
    {
        ScoreTable reordered = new(table.Origin, classes, table.Names, labels);
        float[] row = new float[classes.Count];
        for (int i = 0; i < table.Images; i++)
        {
            if (table.IsRead(i))
            {
                ReadOnlySpan<float> scores = table.Scores(i);
                for (int k = 0; k < scores.Length; k++)
                {
                    row[map[k]] = scores[k];
                }

                reordered.Set(i, row);
            }
        }

        return reordered;
    }
}
