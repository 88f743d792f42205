using System.Globalization;
using Rectify.Evaluation;

namespace Rectify.Reproduction;

/// <summary>Whether one variant errs less than another: over the seeds where there are several, over the images where there is one.</summary>
/// <param name="Points">Error of the second less that of the first, in points of percent.</param>
/// <param name="P">Two-sided p of "no difference".</param>
/// <param name="Text">Both, and the interval where there is one.</param>
internal sealed record VariantDifference(double Points, double P, string Text)
{
    /// <summary>The test in words.</summary>
    public const string Test = "two-sided, p < 0.05: paired t-test over the seeds; for one seed McNemar's test over the images, which is about these two networks alone";

    /// <summary>Compares.</summary>
    /// <param name="first">Scores a seed.</param>
    /// <param name="second">Scores a seed, in the same order.</param>
    /// <param name="top">1 or 5: which errors count.</param>
    public static VariantDifference Of(IReadOnlyList<ViewScores> first, IReadOnlyList<ViewScores> second, int top)
    {
        if (first.Count > 1)
        {
            PairedDifference pairs = PairedDifference.Of(
                [.. first.Select(scores => scores.Errors.ErrorPercent(top))], [.. second.Select(scores => scores.Errors.ErrorPercent(top))]);
            return new VariantDifference(pairs.Mean, pairs.PairedT, $"{pairs} points of top-{top}");
        }

        return Between(first[0].Load(), second[0].Load(), top);
    }

    /// <summary>Compares two tables over their images.</summary>
    public static VariantDifference Between(ScoreTable first, ScoreTable second, int top)
    {
        McNemarTest test = McNemarTest.Between(first, second, top);
        double points = 100.0 * (test.SecondOnly - test.FirstOnly) / first.Images;
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{points:+0.00;-0.00} points of top-{top} (wrong for the first alone {test.FirstOnly}, for the second alone {test.SecondOnly}; {PValue.Text(test.P)})");
        return new VariantDifference(points, test.P, text);
    }

    /// <summary>The judgement where the paper found the second to err less.</summary>
    public Judgement JudgeLess() => P >= PairedDifference.Level || double.IsNaN(P) ? Judgement.Undecided : Points < 0 ? Judgement.Agrees : Judgement.Contradicts;
}
