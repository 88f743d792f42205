namespace Rectify.Reproduction.Experiments;

/// <summary>Section 2.2: the 14-layer model with ReLU ends as well with Xavier as with He.</summary>
internal sealed class InitAccuracy : Experiment
{
    private const string Xavier = "Xavier";
    private const string He = "He";

    // Points of top-1 error within which the interval must lie for "no clear difference".
    private const double Margin = 1.0;

    public override string Name => "init-accuracy";

    public override string Place => "Section 2.2";

    public override string Shows => "no clear difference in accuracy between initializations on 14 layers: Xavier 33.90, He 33.82 %";

    public override int SeedsAt(ReproductionScale scale) => scale == ReproductionScale.ImageNet ? 1 : 10;

    public override IReadOnlyList<PlannedRun> Runs(ReproductionScale scale, ReproductionData data, int seeds) =>
        Plan(scale, data, seeds, (He, "small14", "relu", "he-out"), (Xavier, "small14", "relu", "xavier"));

    internal override ExperimentResult Conclude(ExperimentInput input)
    {
        PairedDifference difference = ErrorTable.Compare(input, He, Xavier);
        return new ExperimentResult
        {
            Name = Name,
            Place = Place,
            Claims =
            [
                new JudgedClaim(
                    "\"We have not observed clear superiority of one to the other on accuracy\"",
                    "Xavier 33.90/13.44, He 33.82/13.34",
                    $"Xavier less He: {difference} points of top-1",
                    "agrees if the paired t-test does not tell them apart (p ≥ 0.05) and the 95 % interval lies within ±1 point; contradicts if p < 0.05",
                    Judge(difference)),
            ],
            Tables = [ErrorTable.Of(input, (Xavier, 33.90, 13.44), (He, 33.82, 13.34))],
        };
    }

    /// <summary>The test.</summary>
    internal static Judgement Judge(PairedDifference difference) =>
        difference.IsShown ? Judgement.Contradicts
        : Math.Abs(difference.Mean) + difference.HalfInterval <= Margin ? Judgement.Agrees
        : Judgement.Undecided;
}
