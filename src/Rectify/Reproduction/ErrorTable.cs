using System.Globalization;

namespace Rectify.Reproduction;

/// <summary>Errors on the test images, variant by variant, beside the paper's.</summary>
internal static class ErrorTable
{
    /// <summary>The table.</summary>
    /// <param name="input">The runs.</param>
    /// <param name="variants">Variants with the paper's top-1 and top-5 errors in percent.</param>
    public static ResultTable Of(ExperimentInput input, params IReadOnlyList<(string Variant, double PaperTop1, double PaperTop5)> variants) => new(
        "Errors on the test images in percent",
        ["", "paper: top-1", "top-5", "ours: top-1", "top-5", "least to most top-1", "seeds"],
        [
            .. variants.Select(variant =>
            {
                IReadOnlyList<RunOutcome> runs = input.Of(variant.Variant);
                double[] top1 = [.. runs.Select(run => run.Top1ErrorPercent)];
                return (IReadOnlyList<string>)
                [
                    variant.Variant,
                    Number(variant.PaperTop1),
                    Number(variant.PaperTop5),
                    MeanInterval.Of(top1).ToString(),
                    MeanInterval.Of([.. runs.Select(run => run.Test!.Top5ErrorPercent)]).ToString(),
                    $"{Number(top1.Min())} to {Number(top1.Max())}",
                    runs.Count.ToString(CultureInfo.InvariantCulture),
                ];
            }),
        ]);

    /// <summary>Top-1 error of second minus first, in points, over the seeds.</summary>
    public static PairedDifference Compare(ExperimentInput input, string first, string second) => PairedDifference.Of(
        [.. input.Of(first).Select(run => run.Top1ErrorPercent)],
        [.. input.Of(second).Select(run => run.Top1ErrorPercent)]);

    /// <summary>Judges the claim that a difference has a sign.</summary>
    /// <param name="difference">What was found.</param>
    /// <param name="sign">The sign of what the paper found: −1 or 1.</param>
    public static Judgement JudgeSign(PairedDifference difference, int sign) =>
        !difference.IsShown ? Judgement.Undecided : Math.Sign(difference.Mean) == sign ? Judgement.Agrees : Judgement.Contradicts;

    private static string Number(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
