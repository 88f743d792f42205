using System.Globalization;
using Rectify.Evaluation;

namespace Rectify.Reproduction.Experiments;

/// <summary>Table 7: the models together.</summary>
internal sealed class Table7 : EnsembleExperiment
{
    public override string Name => "table-7";

    public override string Place => "Table 7";

    public override string Shows => "models together: 4.94 % top-5 (the best alone 5.71), where a trained person reaches 5.1";

    private protected override ExperimentResult Conclude(IReadOnlyList<ScoreMember> members, ScoreTable together, int top)
    {
        ErrorCounts[] errors = [.. members.Select(member => ErrorCounts.Of(member.Table))];
        int best = Enumerable.Range(0, members.Count).MinBy(m => errors[m].Errors(top));
        VariantDifference difference = VariantDifference.Between(members[best].Table, together, top);
        ErrorCounts all = ErrorCounts.Of(together);
        return new ExperimentResult
        {
            Name = Name,
            Place = Place,
            Claims =
            [
                new JudgedClaim(
                    "the models together err less than the best of them",
                    "top-5: 5.71 (C, validation set) → 4.94 (six models, test set)",
                    $"against {members[best].Name}: {difference.Text}",
                    "two-sided, p < 0.05: McNemar's test over the images",
                    difference.JudgeLess()),
                .. HumanError.Applies(together.Classes) ? [Human(all)] : Array.Empty<JudgedClaim>(),
            ],
            Tables =
            [
                ViewErrorTable.Of(
                    "Dense testing at three scales: errors on the test images in percent",
                    "",
                    [
                        .. members.Select((member, m) => new ViewErrorTable.Row(member.Name, double.NaN, double.NaN, [errors[m]])),
                        new ViewErrorTable.Row("all together", double.NaN, 4.94, [all]),
                    ]),
            ],
            Differences =
            [
                string.Create(CultureInfo.InvariantCulture, $"{members.Count} models instead of the paper's six, of which it names four."),
                "The test labels of ImageNet 2012 are not published; there ours are errors on the validation set.",
                .. HumanError.Applies(together.Classes) ? [] : new[] { "The 5.1 % of a trained person are of ImageNet's thousand classes, and say nothing about these." },
            ],
        };
    }

    /// <summary>The error beside a person's.</summary>
    internal static JudgedClaim Human(ErrorCounts errors)
    {
        WilsonInterval interval = errors.Interval(5);
        return new JudgedClaim(
            "\"the first published instance of surpassing humans on this visual recognition challenge\"",
            "4.94 against 5.1",
            $"top-5 {ViewErrorTable.Errors([errors], 5)} %",
            "agrees if Wilson's 95 % interval lies below 5.1; contradicts if above",
            interval.Upper < HumanError.Top5Percent ? Judgement.Agrees : interval.Lower > HumanError.Top5Percent ? Judgement.Contradicts : Judgement.Undecided);
    }
}
