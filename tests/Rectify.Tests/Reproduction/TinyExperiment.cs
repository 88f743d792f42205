using Rectify.Reproduction;
using Rectify.Training;

namespace Rectify.Tests.Reproduction;

/// <summary>Another experiment's conclusions from runs so small that they take a second.</summary>
internal sealed class TinyExperiment(Experiment whole, int epochs = 1) : Experiment
{
    public override string Name => whole.Name;

    public override string Place => whole.Place;

    public override string Shows => whole.Shows;

    public override bool CountsTestErrors => whole.CountsTestErrors;

    public override int SeedsAt(ReproductionScale scale) => 1;

    public override IReadOnlyList<PlannedRun> Runs(ReproductionScale scale, ReproductionData data, int seeds) =>
        [.. whole.Runs(scale, data, seeds).Select(run => run with { Recipe = Shrunk(run.Recipe) })];

    internal override ExperimentResult Conclude(ExperimentInput input) => whole.Conclude(input);

    private Recipe Shrunk(Recipe recipe) => recipe with
    {
        Width = 0.1,
        Size = 16,
        Data = "builtin:200",
        Validation = "builtin:40",
        Training = recipe.Training with { Epochs = epochs, BatchSize = 100, LearningRateDrops = [] },
    };
}
