namespace Rectify.Evaluation;

/// <summary>The errors on the images of one class (the paper's Figure 6).</summary>
/// <param name="Class">The class's index.</param>
/// <param name="Name">Its name.</param>
/// <param name="Images">Its images, those that could not be read among them.</param>
/// <param name="Top1Errors">Those whose label does not have the highest score, or that could not be read.</param>
/// <param name="Top5Errors">Those whose label is not among the five highest, or that could not be read.</param>
public sealed record ClassErrors(int Class, string Name, int Images, int Top1Errors, int Top5Errors)
{
    /// <summary>The errors of each class, in the order of the classes; those without images too.</summary>
    public static IReadOnlyList<ClassErrors> Of(ScoreTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        ErrorCounter[] counters = [.. table.Classes.Select(_ => new ErrorCounter())];
        for (int i = 0; i < table.Images; i++)
        {
            int label = table.Labels[i];
            if (table.IsRead(i))
            {
                counters[label].Add(table.Scores(i), label);
            }
            else
            {
                counters[label].AddUnreadable();
            }
        }

        return [.. counters.Select((counter, k) => (counter.Counts, k)).Select(each =>
            new ClassErrors(each.k, table.Classes[each.k], each.Counts.Images, each.Counts.Top1Errors, each.Counts.Top5Errors))];
    }

    /// <summary>Classes by error rate, lowest first, as in Figure 6; of the same rate in the order of the classes. Classes without images are left out.</summary>
    /// <param name="classes">Of <see cref="Of"/>.</param>
    /// <param name="top">1 or 5.</param>
    public static IReadOnlyList<ClassErrors> Ascending(IEnumerable<ClassErrors> classes, int top) =>
        [.. classes.Where(each => each.Images > 0).OrderBy(each => each.ErrorPercent(top)).ThenBy(each => each.Class)];

    /// <summary>The images of a class that count as errors, in the order of the table.</summary>
    /// <param name="table">The scores.</param>
    /// <param name="label">The class's index.</param>
    /// <param name="top">1 or 5.</param>
    public static IReadOnlyList<int> WrongImages(ScoreTable table, int label, int top)
    {
        ArgumentNullException.ThrowIfNull(table);
        return [.. Enumerable.Range(0, table.Images).Where(i => table.Labels[i] == label && (!table.IsRead(i) || TopK.Rank(table.Scores(i), label) >= top))];
    }

    /// <summary>Errors among the <paramref name="top"/> highest scores.</summary>
    /// <param name="top">1 or 5.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is neither.</exception>
    public int Errors(int top) => top switch
    {
        1 => Top1Errors,
        5 => Top5Errors,
        _ => throw new ArgumentOutOfRangeException(nameof(top), top, "Top-1 and top-5 errors are counted."),
    };

    /// <summary>The same in percent of the class's images; NaN where it has none.</summary>
    /// <param name="top">1 or 5.</param>
    public double ErrorPercent(int top) => Images > 0 ? 100.0 * Errors(top) / Images : double.NaN;
}
