using Rectify.Data;

namespace Rectify.Reproduction.Experiments;

/// <summary>Tables 5 and 6: models A, B and C one by one.</summary>
internal abstract class SingleModels : Experiment
{
    public sealed override bool CountsTestErrors => false;

    /// <summary>The paper's errors of <see cref="LargeModels.All"/>.</summary>
    private protected abstract IReadOnlyList<(double Top1, double Top5)> Paper { get; }

    /// <summary>The view in words.</summary>
    private protected abstract string View { get; }

    public sealed override int SeedsAt(ReproductionScale scale) => LargeModels.SeedsAt(scale);

    public sealed override IReadOnlyList<PlannedRun> Runs(ReproductionScale scale, ReproductionData data, int seeds) =>
        LargeModels.Plan(scale, data, seeds, LargeModels.All);

    internal sealed override ExperimentResult Conclude(ExperimentInput input)
    {
        IDataset images = input.OpenTest();
        TestView view = ViewFor(input.Outcomes[0].Planned.Recipe.Size);
        Dictionary<string, ViewScores[]> scores = LargeModels.All.ToDictionary(
            variant => variant, variant => input.Scores(variant, images, view).Select(seed => seed.Together).ToArray());
        return new ExperimentResult
        {
            Name = Name,
            Place = Place,
            Claims =
            [
                Less(scores, LargeModels.ReluA, LargeModels.PreluA, "PReLU errs less than ReLU on model A"),
                Less(scores, LargeModels.PreluB, LargeModels.PreluC, "\"increasing the width (C vs. B) can still improve accuracy\""),
            ],
            Tables =
            [
                ViewErrorTable.Of(
                    $"{View}: errors on the test images in percent",
                    "",
                    [.. LargeModels.All.Select((variant, v) => new ViewErrorTable.Row(variant, Paper[v].Top1, Paper[v].Top5, [.. scores[variant].Select(seed => seed.Errors)]))]),
                new ResultTable(
                    "Not judged",
                    ["the paper", "its numbers", "ours: B less A"],
                    [[
                        "\"the 19-layer model and the 22-layer model perform comparably\"",
                        FormattableString.Invariant($"{Paper[1].Top1:F2}, {Paper[2].Top1:F2}"),
                        VariantDifference.Of(scores[LargeModels.PreluA], scores[LargeModels.PreluB], 1).Text,
                    ]]),
            ],
        };
    }

    /// <summary>What is looked at, for crops of a size.</summary>
    private protected abstract TestView ViewFor(int crop);

    private JudgedClaim Less(Dictionary<string, ViewScores[]> scores, string first, string second, string claim)
    {
        VariantDifference difference = VariantDifference.Of(scores[first], scores[second], 1);
        double Of(string variant) => Paper[LargeModels.All.ToList().IndexOf(variant)].Top1;
        return new JudgedClaim(claim, FormattableString.Invariant($"{Of(first):F2} → {Of(second):F2}"), difference.Text, VariantDifference.Test, difference.JudgeLess());
    }
}
