using System.Globalization;
using Rectify.Training;

namespace Rectify.Reproduction.Experiments;

/// <summary>Figure 2: the 22-layer model B with ReLU learns from both initializations, from He's earlier.</summary>
internal sealed class Figure2 : Experiment
{
    private const string He = "He";
    private const string Xavier = "Xavier";

    // Points of error below guessing from which on a network counts as learning.
    private const double Learned = 10.0;

    public override string Name => "figure-2";

    public override string Place => "Figure 2";

    public override string Shows => "22 layers (model B), ReLU: both initializations converge, He's \"starts reducing error earlier\"";

    public override bool CountsTestErrors => false;

    public override int SeedsAt(ReproductionScale scale) => scale == ReproductionScale.ImageNet ? 1 : 3;

    public override IReadOnlyList<PlannedRun> Runs(ReproductionScale scale, ReproductionData data, int seeds) =>
        Plan(scale, data, seeds, (He, "b", "relu", "he-out"), (Xavier, "b", "relu", "xavier"));

    internal override ExperimentResult Conclude(ExperimentInput input)
    {
        double[][] he = Errors(input.Of(He));
        double[][] xavier = Errors(input.Of(Xavier));
        double guessing = Guessing.Of(input.Host.Open(Recipe.Load(input.Outcomes[0].Folder.RecipePath)).Validation).ErrorPercent;
        return new ExperimentResult
        {
            Name = Name,
            Place = Place,
            Claims = [BothConverge(he, xavier, guessing), Earlier(he, xavier)],
            Tables =
            [
                new ResultTable(
                    "Validation error in percent by epoch, center view, mean over the seeds",
                    ["epoch", He, Xavier],
                    [.. he[0].Select((_, epoch) => (IReadOnlyList<string>)
                        [
                            (epoch + 1).ToString(CultureInfo.InvariantCulture),
                            MeanInterval.Of([.. he.Select(errors => errors[epoch])]).ToString(),
                            MeanInterval.Of([.. xavier.Select(errors => errors[epoch])]).ToString(),
                        ])]),
            ],
            Curves =
            [
                new ResultCurve(He, "validation error, %", "epoch", he[0]),
                new ResultCurve(Xavier, "validation error, %", "epoch", xavier[0]),
            ],
            Differences = ["The error is that of all validation images, not of 3,000 of them drawn at random."],
        };
    }

    /// <summary>The test of convergence.</summary>
    internal static JudgedClaim BothConverge(double[][] he, double[][] xavier, double guessing)
    {
        double[] last = [.. he.Concat(xavier).Select(errors => errors[^1])];
        return new JudgedClaim(
            "\"Both our initialization (red) and 'Xavier' (blue) lead to convergence\"",
            "",
            string.Create(CultureInfo.InvariantCulture, $"error after the last epoch: He {List(he)}, Xavier {List(xavier)} %; guessing has {guessing:F0} %"),
            string.Create(CultureInfo.InvariantCulture, $"agrees if every run ends {Learned} points below guessing; contradicts if all runs of one of them end above that"),
            last.All(error => error <= guessing - Learned) ? Judgement.Agrees
                : he.All(errors => errors[^1] > guessing - Learned) || xavier.All(errors => errors[^1] > guessing - Learned) ? Judgement.Contradicts
                : Judgement.Undecided);
    }

    /// <summary>The test of who is earlier.</summary>
    internal static JudgedClaim Earlier(double[][] he, double[][] xavier)
    {
        int epochs = (he[0].Length + 1) / 2;
        double[] ahead = [.. he.Zip(xavier, (h, x) => x.Take(epochs).Average() - h.Take(epochs).Average())];
        return new JudgedClaim(
            "\"but ours starts reducing error earlier\"",
            "",
            $"mean error over the first {epochs} epochs, Xavier less He: "
                + $"{string.Join(", ", ahead.Select(points => points.ToString("+0.0;-0.0", CultureInfo.InvariantCulture)))} points",
            "agrees if He's mean error over the first half of the epochs is less in every seed; contradicts if Xavier's is",
            ahead.All(points => points > 0) ? Judgement.Agrees : ahead.All(points => points < 0) ? Judgement.Contradicts : Judgement.Undecided);
    }

    private static double[][] Errors(IReadOnlyList<RunOutcome> runs) => [.. runs.Select(run => run.History.Epochs.Select(epoch => epoch.Top1Error ?? double.NaN).ToArray())];

    private static string List(double[][] errors) => string.Join(", ", errors.Select(run => run[^1].ToString("F1", CultureInfo.InvariantCulture)));
}
