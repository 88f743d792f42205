namespace Rectify.Evaluation;

/// <summary>The errors in a table of scores. Every image counts once; one that could not be read counts as an error.</summary>
/// <param name="Images">Images, those that could not be read among them.</param>
/// <param name="Top1Errors">Images whose label does not have the highest score.</param>
/// <param name="Top5Errors">Images whose label is not among the five highest. Of scores that are the same, the class that comes first is the higher: see
/// <see cref="TopK"/>.</param>
/// <param name="MeanLoss">Cross-entropy −ln(score of the label / sum of the scores), averaged over the images that could be read; NaN where there are none.
/// A share below 10⁻¹² counts as 10⁻¹².</param>
/// <param name="Unreadable">Images that could not be read.</param>
public sealed record ErrorCounts(int Images, int Top1Errors, int Top5Errors, double MeanLoss, int Unreadable)
{
    /// <summary>Top-1 error in percent.</summary>
    public double Top1ErrorPercent => ErrorPercent(1);

    /// <summary>Top-5 error in percent.</summary>
    public double Top5ErrorPercent => ErrorPercent(5);

    /// <summary>Counts the errors of a table.</summary>
    public static ErrorCounts Of(ScoreTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        ErrorCounter counter = new();
        for (int i = 0; i < table.Images; i++)
        {
            if (table.IsRead(i))
            {
                counter.Add(table.Scores(i), table.Labels[i]);
            }
            else
            {
                counter.AddUnreadable();
            }
        }

        return counter.Counts;
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

    /// <summary>The same in percent.</summary>
    /// <param name="top">1 or 5.</param>
    public double ErrorPercent(int top) => 100.0 * Errors(top) / Images;

    /// <summary>Where the error rate lies at 95 %.</summary>
    /// <param name="top">1 or 5.</param>
    public WilsonInterval Interval(int top) => WilsonInterval.Of(Errors(top), Images);
}
