using Rectify.Data;
using Rectify.Kernels;
using Rectify.Training;

namespace Rectify.Reproduction;

/// <summary>What an experiment concludes from.</summary>
/// <param name="Scale">The scale.</param>
/// <param name="Seeds">How many seeds.</param>
/// <param name="Outcomes">Its finished runs, in the order in which they were planned.</param>
/// <param name="Context">Threads and vector width for what is measured now.</param>
/// <param name="Host">Opens pictures.</param>
internal sealed record ExperimentInput(
    ReproductionScale Scale, int Seeds, IReadOnlyList<RunOutcome> Outcomes, KernelContext Context, IReproductionHost Host)
{
    /// <summary>The runs of a variant, by seed.</summary>
    public IReadOnlyList<RunOutcome> Of(string variant) => [.. Outcomes.Where(outcome => outcome.Variant == variant).OrderBy(outcome => outcome.Seed)];

    /// <summary>The test images, as all runs of the experiment know them.</summary>
    public IDataset OpenTest() => Host.OpenTest(Recipe.Load(Outcomes[0].Folder.RecipePath));

    /// <summary>What the runs of a variant answered to the test images, by seed: for each scale of a view, and of its scales together.</summary>
    public IReadOnlyList<(IReadOnlyList<ViewScores> Scales, ViewScores Together)> Scores(string variant, IDataset images, TestView view) =>
        [.. Of(variant).Select(run => ViewScores.Of(run.Folder, images, view, Context, Host.Tell))];
}
