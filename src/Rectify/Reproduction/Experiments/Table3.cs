using System.Globalization;
using Rectify.Benchmarks;
using Rectify.Initialization;
using Rectify.Kernels.Benchmarks;
using Rectify.Layers;
using Rectify.Models;

namespace Rectify.Reproduction.Experiments;

/// <summary>Table 3: the complexity of the large models, and how long they take.</summary>
internal sealed class Table3 : Measurement
{
    // Complexities so near to the paper's agree, and so far from them contradict.
    private const double Near = 0.01;
    private const double Far = 0.05;

    private const int Images = 8;
    private const int Turns = 6;
    private const double Unit = 1e10;

    private static readonly (string Model, double Complexity, string Seconds)[] Paper = [("vgg19", 1.96, "3.0"), ("a", 1.90, "2.6"), ("b", 2.32, ""), ("c", 5.30, "")];

    public override string Name => "table-3";

    public override string Place => "Table 3";

    public override string Shows => "complexity of VGG-19, A, B, C: 1.96, 1.90, 2.32, 5.30 ×10¹⁰; A is faster than VGG-19, 2.6 against 3.0 s a mini-batch";

    public override double MinutesAt(ReproductionScale scale) => WidthAt(scale) == 1.0 ? 3.5 : 1.0;

    internal override ExperimentResult Conclude(ExperimentInput input)
    {
        double width = WidthAt(input.Scale);
        List<(int Depth, double Complexity)> counts = [.. Paper.Select(row => Count(row.Model))];
        Dictionary<string, RatioInterval> overA = [];
        Dictionary<string, double> seconds = [];
        List<double> secondsOfA = [];
        using (Network a = Drawn("a", width, input))
        using (TrainingStepBenchmark step = new(a, input.Context, Images))
        {
            foreach (string model in Paper.Select(row => row.Model).Where(model => model != "a"))
            {
                input.Host.Tell($"steps of a and {model} by turns");
                using Network network = Drawn(model, width, input);
                using TrainingStepBenchmark other = new(network, input.Context, Images);
                (double[] ours, double[] others) = StepTurns.Measure(step, other, Turns);
                overA[model] = RatioInterval.Of(ours, others);
                seconds[model] = Repetition.Median(others);
                secondsOfA.AddRange(ours);
            }
        }

        seconds["a"] = Repetition.Median(secondsOfA);
        return new ExperimentResult
        {
            Name = Name,
            Place = Place,
            Setting = FormattableString.Invariant($"training steps of {Images} crops of 224 in memory, × {width:0.##}, {input.Context.Workers.Count} threads; ")
                + FormattableString.Invariant($"A and one other by turns, {Turns} pairs; ")
                + "medians, and ratios of neighbours with 95 % intervals of their logarithms",
            Claims =
            [
                Complexities([.. counts.Select(count => count.Complexity)]),
                FasterThanVgg(overA["vgg19"]),
                CostOfWidth(counts[3].Complexity / counts[2].Complexity),
            ],
            Tables = [CountTable(counts), TimeTable(seconds, overA)],
            Differences =
            [
                "The paper's seconds are of 128 images on four Nvidia K20 GPUs; ours are of a CPU, with Winograd's convolutions, which multiply a quarter as often in 3×3 layers.",
                "Its VGG-19 of 3.0 s is \"our reproduced VGG-19 (with SPP and our initialization)\"; ours ends in a 2×2 pool as in the VGG paper, with PReLU as A has.",
                .. WidthDifference(input.Scale),
            ],
        };
    }

    /// <summary>The test of the counts.</summary>
    internal static JudgedClaim Complexities(IReadOnlyList<double> ours)
    {
        double[] off = [.. ours.Zip(Paper, (our, paper) => Math.Abs((our / paper.Complexity) - 1.0))];
        return new JudgedClaim(
            "complexity of VGG-19, A, B, C (×10¹⁰)",
            "1.96, 1.90, 2.32, 5.30",
            string.Join(", ", ours.Select(our => our.ToString("F3", CultureInfo.InvariantCulture))),
            "multiply-adds of a forward pass over one crop of 224; agrees if all are within 1 % of the paper's; contradicts if one is more than 5 % off",
            off.All(one => one <= Near) ? Judgement.Agrees : off.Any(one => one > Far) ? Judgement.Contradicts : Judgement.Undecided);
    }

    /// <summary>The test of the times.</summary>
    internal static JudgedClaim FasterThanVgg(RatioInterval overA) => new(
        "\"The main purpose of using model A is for faster running speed\" than VGG-19's",
        "2.6 and 3.0 s: 1.15 times",
        $"VGG-19 takes {overA} times as long as A",
        "agrees if more than 1, contradicts if less: paired t-test of the logarithms, two-sided, p < 0.05",
        !(overA.PairedT < PairedDifference.Level) ? Judgement.Undecided : overA.Ratio > 1.0 ? Judgement.Agrees : Judgement.Contradicts);

    private static JudgedClaim CostOfWidth(double ratio) => new(
        "C's \"time complexity is about 2.3× of B\"",
        "2.3",
        ratio.ToString("F3", CultureInfo.InvariantCulture),
        "multiply-adds; agrees within 2.25 to 2.35, otherwise contradicts",
        ratio is >= 2.25 and <= 2.35 ? Judgement.Agrees : Judgement.Contradicts);

    private static (int Depth, double Complexity) Count(string model)
    {
        using Network network = ModelBuilder.Build(model, new ModelOptions());
        return (network.Nodes.Count(node => node.Weight is not null), network.MultiplyAdds(network.Input) / Unit);
    }

    private static Network Drawn(string model, double width, ExperimentInput input)
    {
        Network network = ModelBuilder.Build(model, new ModelOptions { Width = width });
        Initializer.Apply(network, InitializationOptions.Paper, 1, input.Context.Workers);
        return network;
    }

    private static ResultTable CountTable(IReadOnlyList<(int Depth, double Complexity)> counts) => new(
        "Multiply-adds of a forward pass (×10¹⁰)",
        ["model", "layers", "the paper", "ours", "% above the paper's"],
        [
            .. Paper.Zip(counts, (row, count) => (IReadOnlyList<string>)
            [
                row.Model,
                count.Depth.ToString(CultureInfo.InvariantCulture),
                row.Complexity.ToString("F2", CultureInfo.InvariantCulture),
                count.Complexity.ToString("F3", CultureInfo.InvariantCulture),
                (100.0 * ((count.Complexity / row.Complexity) - 1.0)).ToString("+0.0;-0.0", CultureInfo.InvariantCulture),
            ]),
        ]);

    private static ResultTable TimeTable(Dictionary<string, double> seconds, Dictionary<string, RatioInterval> overA)
    {
        double complexityOfA = Paper.Single(row => row.Model == "a").Complexity;
        return new ResultTable(
            "Time of a training step",
            ["model", "the paper: s a mini-batch of 128", "complexity over A's", "ours: s a step", "images/s", "time over A's"],
            [
                .. Paper.Select(row => (IReadOnlyList<string>)
                [
                    row.Model,
                    row.Seconds,
                    (row.Complexity / complexityOfA).ToString("F2", CultureInfo.InvariantCulture),
                    seconds[row.Model].ToString("F3", CultureInfo.InvariantCulture),
                    (Images / seconds[row.Model]).ToString("F2", CultureInfo.InvariantCulture),
                    overA.TryGetValue(row.Model, out RatioInterval? ratio) ? ratio.ToString() : "1",
                ]),
            ]);
    }
}
