namespace Rectify.Reproduction.Experiments;

/// <summary>Table 2: ReLU against PReLU on the 14-layer model.</summary>
internal sealed class Table2 : Experiment
{
    internal const string ReLU = "ReLU";
    internal const string Shared = "PReLU, channel-shared";
    internal const string ChannelWise = "PReLU, channel-wise";

    private const string Test = "paired t-test over the seeds, two-sided, p < 0.05";

    public override string Name => "table-2";

    public override string Place => "Table 2";

    public override string Shows => "PReLU errs less than ReLU on the 14-layer model: 33.82 → 32.71 (shared), 32.64 % (channel-wise)";

    public override int SeedsAt(ReproductionScale scale) => scale == ReproductionScale.ImageNet ? 1 : 10;

    public override IReadOnlyList<PlannedRun> Runs(ReproductionScale scale, ReproductionData data, int seeds) => Plan(
        scale,
        data,
        seeds,
        (ReLU, "small14", "relu", "he-out"),
        (Shared, "small14", "prelu-shared", "he-out"),
        (ChannelWise, "small14", "prelu", "he-out"));

    internal override ExperimentResult Conclude(ExperimentInput input) => new()
    {
        Name = Name,
        Place = Place,
        Claims =
        [
            Claim(input, Shared, "PReLU with a slope a layer errs less than ReLU", "33.82 → 32.71 (−1.11)"),
            Claim(input, ChannelWise, "PReLU with a slope a channel errs less than ReLU", "33.82 → 32.64 (−1.18)"),
        ],
        Tables =
        [
            ErrorTable.Of(input, (ReLU, 33.82, 13.34), (Shared, 32.71, 12.87), (ChannelWise, 32.64, 12.75)),
            new ResultTable(
                "Not judged",
                ["the paper", "its numbers", "ours: channel-wise less shared, points of top-1"],
                [["\"channel-wise/channel-shared PReLUs perform comparably\"", "32.71, 32.64", ErrorTable.Compare(input, Shared, ChannelWise).ToString()]]),
        ],
    };

    private static JudgedClaim Claim(ExperimentInput input, string variant, string claim, string paper)
    {
        PairedDifference difference = ErrorTable.Compare(input, ReLU, variant);
        return new JudgedClaim(claim, paper, $"{difference} points of top-1", Test, ErrorTable.JudgeSign(difference, -1));
    }
}
