using System.Globalization;
using Rectify.Diagnostics;
using Rectify.Training;

namespace Rectify.Reproduction.Experiments;

/// <summary>Table 1: the slopes that the 14-layer model learns.</summary>
internal sealed class Table1 : Experiment
{
    private const string First = "conv1.rectifier";
    private const string ConvolutionPrefix = "conv";

    public override string Name => "table-1";

    public override string Place => "Table 1";

    public override string Shows => "learned slopes: conv1 far from 0 (0.681 shared, 0.596 channel-wise), deeper conv layers smaller";

    public override bool CountsTestErrors => false;

    public override int SeedsAt(ReproductionScale scale) => scale == ReproductionScale.ImageNet ? 1 : 10;

    public override IReadOnlyList<PlannedRun> Runs(ReproductionScale scale, ReproductionData data, int seeds) =>
        Plan(scale, data, seeds, (Table2.Shared, "small14", "prelu-shared", "he-out"), (Table2.ChannelWise, "small14", "prelu", "he-out"));

    internal override ExperimentResult Conclude(ExperimentInput input)
    {
        LayerSlopes[] shared = LayerSlopes.Of(input.Of(Table2.Shared));
        LayerSlopes[] channelWise = LayerSlopes.Of(input.Of(Table2.ChannelWise));
        return new ExperimentResult
        {
            Name = Name,
            Place = Place,
            Claims =
            [
                FirstIsLargest(shared, "channel-shared", "0.681"),
                FirstIsLargest(channelWise, "channel-wise", "0.596"),
                DeeperIsSmaller(channelWise),
            ],
            Tables =
            [
                new ResultTable(
                    "Slopes at the end of training (channel-wise: mean over the channels)",
                    ["layer", "channel-shared", "channel-wise", "channel-wise, least to most of a channel"],
                    [.. shared.Zip(channelWise, (one, many) => (IReadOnlyList<string>)
                        [
                            one.Layer,
                            Number(one.Means),
                            Number(many.Means),
                            string.Create(CultureInfo.InvariantCulture, $"{many.Least:F3} to {many.Most:F3}"),
                        ])]),
            ],
        };
    }

    /// <summary>conv1 against the largest of the other layers' means.</summary>
    internal static JudgedClaim FirstIsLargest(IReadOnlyList<LayerSlopes> layers, string variant, string paper)
    {
        LayerSlopes first = layers.Single(layer => layer.Layer == First);
        LayerSlopes next = layers.Where(layer => layer.Layer != First).MaxBy(layer => layer.Means.Average())!;
        PairedDifference difference = PairedDifference.Of(next.Means, first.Means);
        return new JudgedClaim(
            $"conv1's slope is \"significantly greater than 0\"; ours to test: the largest ({variant})",
            paper,
            string.Create(CultureInfo.InvariantCulture, $"conv1 {Number(first.Means)}; the next, {next.Layer}, {Number(next.Means)}; {PValue.Text(difference.PairedT)}"),
            "conv1's mean against the largest mean of the other layers: paired t-test over the seeds, two-sided, p < 0.05",
            ErrorTable.JudgeSign(difference, 1));
    }

    /// <summary>The rank test on depth over the conv layers' means.</summary>
    internal static JudgedClaim DeeperIsSmaller(IReadOnlyList<LayerSlopes> layers)
    {
        KendallTest test = KendallTest.Of(
            [.. layers.Where(layer => layer.Layer.StartsWith(ConvolutionPrefix, StringComparison.Ordinal)).Select(layer => layer.Means.Average())]);
        return new JudgedClaim(
            "\"for the channel-wise version, the deeper conv layers in general have smaller coefficients\"",
            "",
            string.Create(CultureInfo.InvariantCulture, $"Kendall's τ of depth and slope {test.Tau:F2}, {PValue.Text(test.PValue)}"),
            "Kendall's τ over the conv layers' means over the seeds, exact distribution, two-sided, p < 0.05",
            test.PValue >= PairedDifference.Level ? Judgement.Undecided : test.Tau < 0 ? Judgement.Agrees : Judgement.Contradicts);
    }

    private static string Number(IReadOnlyList<double> values)
    {
        MeanInterval mean = MeanInterval.Of(values);
        return mean.Count == 1
            ? string.Create(CultureInfo.InvariantCulture, $"{mean.Mean:F3}")
            : string.Create(CultureInfo.InvariantCulture, $"{mean.Mean:F3} ± {mean.HalfInterval:F3}");
    }

    /// <summary>The slopes of a layer over the seeds.</summary>
    /// <param name="Layer">The rectifier.</param>
    /// <param name="Means">A mean a seed.</param>
    /// <param name="Least">The least of a channel in any run.</param>
    /// <param name="Most">The largest of a channel in any run.</param>
    internal sealed record LayerSlopes(string Layer, IReadOnlyList<double> Means, double Least, double Most)
    {
        public static LayerSlopes[] Of(IReadOnlyList<RunOutcome> runs)
        {
            IReadOnlyList<SlopeStatistics>[] slopes = [.. runs.Select(run =>
            {
                using TrainedNetwork trained = run.Folder.Load(CheckpointFolder.Last);
                return SlopeStatistics.Of(trained.Network);
            })];
            return
            [
                .. slopes[0].Select((layer, i) => new LayerSlopes(
                    layer.Layer, [.. slopes.Select(run => run[i].Mean)], slopes.Min(run => run[i].Least), slopes.Max(run => run[i].Most))),
            ];
        }
    }
}
