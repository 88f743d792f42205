using Rectify.Data;
using Rectify.Evaluation;

namespace Rectify.Reproduction.Experiments;

/// <summary>What is concluded from all the large models together, tested densely at several scales: Table 7 and Figures 4 to 7.</summary>
internal abstract class EnsembleExperiment : Experiment
{
    // With fewer classes than this five answers are too many of them to tell models apart.
    private const int ManyClasses = 100;

    public sealed override bool CountsTestErrors => false;

    public sealed override int SeedsAt(ReproductionScale scale) => LargeModels.SeedsAt(scale);

    public sealed override IReadOnlyList<PlannedRun> Runs(ReproductionScale scale, ReproductionData data, int seeds) =>
        LargeModels.Plan(scale, data, seeds, LargeModels.All);

    internal sealed override ExperimentResult Conclude(ExperimentInput input)
    {
        IDataset images = input.OpenTest();
        TestView view = TestView.DenseFor(input.Outcomes[0].Planned.Recipe.Size);
        ScoreMember[] members =
        [
            .. LargeModels.All.SelectMany(variant => input.Scores(variant, images, view).Zip(
                input.Of(variant), (scores, run) => new ScoreMember(FormattableString.Invariant($"{variant}, seed {run.Seed}"), scores.Together.Load()))),
        ];
        int top = images.Classes.Count >= ManyClasses ? 5 : 1;
        ExperimentResult result = Conclude(members, new ScoreCombination(members).Table(), top);
        return top == 5 ? result : result with
        {
            Differences =
            [
                .. result.Differences,
                FormattableString.Invariant($"Top-1 errors instead of top-5: of {images.Classes.Count} classes five are too many to tell models apart."),
            ],
        };
    }

    /// <summary>What follows.</summary>
    /// <param name="members">The models one by one.</param>
    /// <param name="together">The mean of their scores.</param>
    /// <param name="top">Which errors count.</param>
    private protected abstract ExperimentResult Conclude(IReadOnlyList<ScoreMember> members, ScoreTable together, int top);
}
