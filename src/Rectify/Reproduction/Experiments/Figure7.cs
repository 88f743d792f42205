using System.Globalization;
using Rectify.Evaluation;

namespace Rectify.Reproduction.Experiments;

/// <summary>Figure 7: by how much the error of each class is lower than that of an earlier result.</summary>
internal sealed class Figure7 : EnsembleExperiment
{
    public override string Name => "figure-7";

    public override string Place => "Figure 7";

    public override string Shows => "against an earlier result (8.06 → 4.94 %) the error is lower in 824 classes, the same in 127, higher in 49";

    private protected override ExperimentResult Conclude(IReadOnlyList<ScoreMember> members, ScoreTable together, int top)
    {
        ClassComparison comparison = ClassComparison.Of(members[0].Table, together, top);
        return new ExperimentResult
        {
            Name = Name,
            Place = Place,
            Claims = [Reduced(comparison.Improved, comparison.Unchanged, comparison.Worse)],
            Bars =
            [
                new ResultBars(
                    string.Create(CultureInfo.InvariantCulture, $"All models together against {members[0].Name}: error lower by, ascending"),
                    string.Create(CultureInfo.InvariantCulture, $"top-{top} error lower by, points"),
                    [.. comparison.Classes.Select(each => each.Name)],
                    [.. comparison.Classes.Select(each => each.Reduction)]),
            ],
            Differences = [$"The earlier result is {members[0].Name} alone; the paper's is its authors' entry of 2014."],
        };
    }

    /// <summary>The sign test over the classes that changed.</summary>
    internal static JudgedClaim Reduced(int improved, int unchanged, int worse)
    {
        double p = McNemarTest.Of(improved, worse).P;
        return new JudgedClaim(
            "\"The error rates are reduced in 824 classes, unchanged in 127 classes, and increased in 49 classes\"",
            "824, 127, 49",
            string.Create(CultureInfo.InvariantCulture, $"{improved}, {unchanged}, {worse}; {PValue.Text(p)}"),
            "sign test over the classes that changed, two-sided, p < 0.05",
            p >= PairedDifference.Level ? Judgement.Undecided : improved > worse ? Judgement.Agrees : Judgement.Contradicts);
    }
}
