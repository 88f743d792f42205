namespace Rectify.Reproduction.Experiments;

/// <summary>Section 2.2: 30 layers end worse than 14.</summary>
internal sealed class Degradation : Experiment
{
    private const string Fourteen = "14 layers";
    private const string Thirty = "30 layers";

    public override string Name => "degradation";

    public override string Place => "Section 2.2";

    public override string Shows => "30 layers err more than 14: 38.56 against 33.82 %";

    public override int SeedsAt(ReproductionScale scale) => scale == ReproductionScale.ImageNet ? 1 : 5;

    public override IReadOnlyList<PlannedRun> Runs(ReproductionScale scale, ReproductionData data, int seeds) =>
        Plan(scale, data, seeds, (Fourteen, "small14", "relu", "he-out"), (Thirty, "small30", "relu", "he-out"));

    internal override ExperimentResult Conclude(ExperimentInput input)
    {
        PairedDifference difference = ErrorTable.Compare(input, Fourteen, Thirty);
        return new ExperimentResult
        {
            Name = Name,
            Place = Place,
            Claims =
            [
                new JudgedClaim(
                    "The 30-layer model is \"clearly worse\" than the 14-layer model",
                    "33.82/13.34 → 38.56/16.59",
                    $"30 less 14 layers: {difference} points of top-1",
                    "paired t-test over the seeds, two-sided, p < 0.05",
                    ErrorTable.JudgeSign(difference, 1)),
            ],
            Tables = [ErrorTable.Of(input, (Fourteen, 33.82, 13.34), (Thirty, 38.56, 16.59))],
            Differences = ["The paper does not say how many epochs its 30-layer model had; here both have as many."],
        };
    }
}
