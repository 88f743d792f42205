using System.Globalization;
using MathNet.Numerics.Distributions;
using Rectify.Evaluation;

namespace Rectify.Reproduction.Experiments;

/// <summary>Figure 6: the error of each class, ascending.</summary>
internal sealed class Figure6 : EnsembleExperiment
{
    public override string Name => "figure-6";

    public override string Place => "Figure 6";

    public override string Shows => "the error of each class, ascending: 0 in 113 of 1000 classes, 49 % in one";

    private protected override ExperimentResult Conclude(IReadOnlyList<ScoreMember> members, ScoreTable together, int top)
    {
        IReadOnlyList<ClassErrors> ascending = ClassErrors.Ascending(ClassErrors.Of(together), top);
        return new ExperimentResult
        {
            Name = Name,
            Place = Place,
            Claims = [Differ(ascending, top)],
            Bars =
            [
                new ResultBars(
                    "The error of each class, ascending",
                    string.Create(CultureInfo.InvariantCulture, $"top-{top} error, %"),
                    [.. ascending.Select(each => each.Name)],
                    [.. ascending.Select(each => each.ErrorPercent(top))]),
            ],
        };
    }

    /// <summary>The test of homogeneity: χ² = Σ (errors − expected)²/expected, over errors and right answers of each class, with one degree of freedom fewer than
    /// classes.</summary>
    internal static JudgedClaim Differ(IReadOnlyList<ClassErrors> classes, int top)
    {
        double share = (double)classes.Sum(each => each.Errors(top)) / classes.Sum(each => each.Images);
        double chi = share is > 0 and < 1
            ? classes.Sum(each => Math.Pow(each.Errors(top) - (share * each.Images), 2) / (share * (1 - share) * each.Images))
            : 0;
        double p = classes.Count > 1 ? 1 - ChiSquared.CDF(classes.Count - 1, chi) : 1;
        int none = classes.Count(each => each.Errors(top) == 0);
        string hardest = string.Join(", ", classes.Reverse().Take(3).Select(each => FormattableString.Invariant($"{each.Name} {each.ErrorPercent(top):F0} %")));
        return new JudgedClaim(
            "classes differ widely: \"zero top-5 error in 113 classes\", 49, 38 and 36 % in the three hardest",
            "113 of 1000; 49, 38, 36",
            string.Create(CultureInfo.InvariantCulture, $"top-{top}: none in {none} of {classes.Count}; the hardest {hardest}; χ² = {chi:F1}, {PValue.Text(p)}"),
            "χ²-test of equal error in all classes: agrees if p < 0.05",
            p < PairedDifference.Level ? Judgement.Agrees : Judgement.Undecided);
    }
}
