using System.Globalization;
using Rectify.Evaluation;

namespace Rectify.Reports;

/// <summary>A run's errors in percent with their 95 % intervals: of its scores, else of its best epoch.</summary>
/// <param name="Top1Errors">Images whose label is not the best score; null where nothing is known.</param>
/// <param name="Top5Errors">Images whose label is not among the five best; null where nothing is known.</param>
/// <param name="Images">Images.</param>
/// <param name="From">What was counted.</param>
internal sealed record Errors(int? Top1Errors, int? Top5Errors, int Images, string From)
{
    /// <summary>Top-1 error in percent.</summary>
    public double? Top1 => 100.0 * Top1Errors / Images;

    /// <summary>Top-5 error in percent.</summary>
    public double? Top5 => 100.0 * Top5Errors / Images;

    /// <summary>Those of a run.</summary>
    public static Errors Of(RunFacts run)
    {
        if (run.Scores is { } scores)
        {
            ErrorCounts counts = ErrorCounts.Of(scores);
            return new Errors(counts.Top1Errors, counts.Top5Errors, counts.Images, $"{scores.Origin.View} view");
        }

        return run.History.Best is { Images: > 0 } best ? new Errors(best.Top1Errors, best.Top5Errors, best.Images.Value, "best epoch") : new Errors(null, null, 1, "");
    }

    /// <summary>The 95 % interval; null where nothing is known.</summary>
    /// <param name="top">1 or 5.</param>
    public WilsonInterval? Interval(int top) => (top == 1 ? Top1Errors : Top5Errors) is { } errors ? WilsonInterval.Of(errors, Images) : null;

    /// <summary>Interval, images and what was counted.</summary>
    /// <param name="top">1 or 5.</param>
    public string About(int top) => Interval(top) is { } interval
        ? string.Create(CultureInfo.InvariantCulture, $"{interval.Lower:F2} to {interval.Upper:F2} % (95 %), {Images:N0} images, {From}")
        : "no validation";
}
