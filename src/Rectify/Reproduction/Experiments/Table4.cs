using System.Globalization;
using Rectify.Data;

namespace Rectify.Reproduction.Experiments;

/// <summary>Table 4: ReLU and PReLU on model A, densely at three scales and at all of them together.</summary>
internal sealed class Table4 : Experiment
{
    private static readonly string[] Variants = [LargeModels.ReluA, LargeModels.PreluA];

    // Top-1 and top-5 errors at 256, 384, 480 and at several scales together.
    private static readonly (double Top1, double Top5)[][] Paper =
    [
        [(26.25, 8.25), (24.77, 7.26), (25.46, 7.63), (24.02, 6.51)],
        [(25.81, 8.08), (24.20, 7.03), (24.83, 7.39), (22.97, 6.28)],
    ];

    public override string Name => "table-4";

    public override string Place => "Table 4";

    public override string Shows => "model A, dense testing at 256, 384, 480 and all scales: ReLU 24.02/6.51, PReLU 22.97/6.28 %; 384 is the best single scale";

    public override bool CountsTestErrors => false;

    public override int SeedsAt(ReproductionScale scale) => LargeModels.SeedsAt(scale);

    public override IReadOnlyList<PlannedRun> Runs(ReproductionScale scale, ReproductionData data, int seeds) => LargeModels.Plan(scale, data, seeds, Variants);

    internal override ExperimentResult Conclude(ExperimentInput input)
    {
        IDataset images = input.OpenTest();
        TestView view = TestView.DenseFor(input.Outcomes[0].Planned.Recipe.Size);
        var scores = Variants.Select(variant => input.Scores(variant, images, view)).ToArray();
        ViewScores[][] together = [.. scores.Select(seeds => seeds.Select(seed => seed.Together).ToArray())];
        IReadOnlyList<ViewScores>[][] single = [.. scores.Select(seeds => seeds.Select(seed => seed.Scales).ToArray())];
        VariantDifference prelu = VariantDifference.Of(together[0], together[1], 1);
        return new ExperimentResult
        {
            Name = Name,
            Place = Place,
            Claims =
            [
                new JudgedClaim(
                    "\"For the multi-scale combination, PReLU reduces the top-1 error\"", "24.02 → 22.97 (−1.05)", prelu.Text, VariantDifference.Test, prelu.JudgeLess()),
                .. Variants.Select((variant, v) => Combined(variant, single[v], together[v], Paper[v], view)),
                MiddleIsBest([.. single.SelectMany(seeds => seeds)], view),
            ],
            Tables = [.. Variants.Select((variant, v) => Table(variant, single[v], together[v], Paper[v], view))],
        };
    }

    // Against the best of the scales alone, chosen by the same errors: that favours the scale.
    private static JudgedClaim Combined(string variant, IReadOnlyList<ViewScores>[] single, ViewScores[] together, (double Top1, double Top5)[] paper, TestView view)
    {
        int best = Enumerable.Range(0, view.Scales.Count).MinBy(s => single.Average(scales => scales[s].Errors.Top1ErrorPercent));
        VariantDifference difference = VariantDifference.Of([.. single.Select(scales => scales[best])], together, 1);
        return new JudgedClaim(
            $"the scales together err less than the best of them ({variant})",
            string.Create(CultureInfo.InvariantCulture, $"{paper[1].Top1:F2} → {paper[^1].Top1:F2}"),
            string.Create(CultureInfo.InvariantCulture, $"against {view.Scales[best]} alone: {difference.Text}"),
            VariantDifference.Test,
            difference.JudgeLess());
    }

    private static JudgedClaim MiddleIsBest(IReadOnlyList<ViewScores>[] runs, TestView view)
    {
        string least = string.Join(", ", runs.Select(scales => view.Scales[Best(scales)].ToString(CultureInfo.InvariantCulture)));
        bool Beaten(IReadOnlyList<ViewScores> scales) =>
            VariantDifference.Between(scales[1].Load(), scales[Best(scales)].Load(), 1) is { Points: < 0, P: < PairedDifference.Level };
        return new JudgedClaim(
            "\"The best single scale is 384\", the middle one",
            "26.25, 24.77, 25.46; 25.81, 24.20, 24.83",
            $"the least top-1 error of each run is at {least}",
            "agrees if at the middle scale in every run; contradicts if in every run another scale errs less by McNemar's test, p < 0.05",
            runs.All(scales => Best(scales) == 1) ? Judgement.Agrees : runs.All(Beaten) ? Judgement.Contradicts : Judgement.Undecided);
    }

    private static int Best(IReadOnlyList<ViewScores> scales) => Enumerable.Range(0, scales.Count).MinBy(s => scales[s].Errors.Top1Errors);

    private static ResultTable Table(string variant, IReadOnlyList<ViewScores>[] single, ViewScores[] together, (double Top1, double Top5)[] paper, TestView view) =>
        ViewErrorTable.Of(
            $"{variant}, dense testing: errors on the test images in percent",
            "scale (the paper's for crops of 224: 256, 384, 480)",
            [
                .. view.Scales.Select((scale, s) => new ViewErrorTable.Row(
                    scale.ToString(CultureInfo.InvariantCulture), paper[s].Top1, paper[s].Top5, [.. single.Select(scales => scales[s].Errors)])),
                new ViewErrorTable.Row("all three", paper[^1].Top1, paper[^1].Top5, [.. together.Select(scores => scores.Errors)]),
            ]);
}
