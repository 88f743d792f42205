using System.Globalization;
using Rectify.Benchmarks;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Models;

namespace Rectify.Reproduction.Experiments;

/// <summary>Section 3, multi-GPU implementation: what more processors gain.</summary>
internal sealed class Scaling : Measurement
{
    private const int Images = 16;
    private const int Turns = 4;
    private const int RunsReckoned = 2;

    private static readonly int[] Cores = [1, 2, 4, 8];
    private static readonly Dictionary<int, double> Paper = new() { [4] = 3.8, [8] = 6.0 };

    public override string Name => "scaling";

    public override string Place => "Section 3";

    public override string Shows => "a mini-batch on several processors: 3.8 times faster on 4 GPUs, 6.0 on 8";

    public override double MinutesAt(ReproductionScale scale) => WidthAt(scale) == 1.0 ? 4.0 : 1.3;

    internal override ExperimentResult Conclude(ExperimentInput input)
    {
        double width = WidthAt(input.Scale);
        KernelContext context = input.Context;
        using Network network = ModelBuilder.Build("a", new ModelOptions { Width = width });
        Initializer.Apply(network, InitializationOptions.Paper, 1, context.Workers);
        Dictionary<int, RatioInterval> measured = [];
        foreach (int cores in Cores.Where(cores => cores > 1 && cores <= Environment.ProcessorCount))
        {
            input.Host.Tell(string.Create(CultureInfo.InvariantCulture, $"steps with 1 and {cores} threads by turns"));
            using Workers one = new(1);
            using Workers more = new(cores);
            using TrainingStepBenchmark alone = new(network, context with { Workers = one }, Images);
            using TrainingStepBenchmark together = new(network, context with { Workers = more }, Images);
            (double[] slow, double[] fast) = StepTurns.Measure(alone, together, Turns);
            measured[cores] = RatioInterval.Of(fast, slow);
        }

        ScalingModel model = new(ScalingModel.DefaultGigabytesPerSecond, ScalingModel.MeasureCore(context.Isa), 1e-6 * ScalingModel.DefaultJobMicroseconds);
        Dictionary<int, double> seconds = Cores.ToDictionary(cores => cores, cores => Reckon(model, network, context, cores));
        return new ExperimentResult
        {
            Name = Name,
            Place = Place,
            Setting = FormattableString.Invariant($"model a × {width:0.##}, training steps of {Images} crops of 224 in memory; ")
                + FormattableString.Invariant($"1 and more threads by turns, {Turns} pairs; ratios of neighbours with ")
                + "95 % intervals of their logarithms; reckoned as docs/scaling.md says",
            Claims = [.. Paper.Select(paper => Claim(paper.Key, paper.Value, measured.GetValueOrDefault(paper.Key), seconds[1] / seconds[paper.Key]))],
            Tables =
            [
                new ResultTable(
                    "Times faster than one",
                    ["cores", "the paper, GPUs", "measured", "reckoned", "reckoned s a step"],
                    [
                        .. Cores.Select(cores => (IReadOnlyList<string>)
                        [
                            cores.ToString(CultureInfo.InvariantCulture),
                            Paper.TryGetValue(cores, out double faster) ? faster.ToString("F1", CultureInfo.InvariantCulture) : "",
                            cores == 1 ? "1" : measured.TryGetValue(cores, out RatioInterval? ratio) ? ratio.ToString() : "too few cores here",
                            (seconds[1] / seconds[cores]).ToString("F2", CultureInfo.InvariantCulture),
                            seconds[cores].ToString("F3", CultureInfo.InvariantCulture),
                        ]),
                    ]),
            ],
            Differences =
            [
                "Cores of one machine that share memory, and every layer's work, "
                + "instead of GPUs that share the images of conv layers and leave the fully connected ones to one of them.",
                "Mini-batches of 16 images instead of 128. What is reckoned leaves out caches that cores share, clocks that fall when all work, and the loader: bounds from above.",
                .. WidthDifference(input.Scale),
            ],
        };
    }

    /// <summary>The test of a speed-up.</summary>
    /// <param name="cores">Processors.</param>
    /// <param name="paper">The paper's.</param>
    /// <param name="measured">Ours; null where the machine has fewer.</param>
    /// <param name="reckoned">What the model says.</param>
    internal static JudgedClaim Claim(int cores, double paper, RatioInterval? measured, double reckoned) => new(
        string.Create(CultureInfo.InvariantCulture, $"\"a {paper:F1}x speedup using {cores} GPUs\""),
        paper.ToString("F1", CultureInfo.InvariantCulture),
        measured is null
            ? string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores here; reckoned {reckoned:F2} on {cores}")
            : string.Create(CultureInfo.InvariantCulture, $"{measured} with {cores} threads; reckoned {reckoned:F2}"),
        "agrees if the 95 % interval reaches the paper's, contradicts if it stays below; undecided where the machine has fewer cores: what is reckoned proves nothing",
        measured is null || double.IsNaN(measured.High) ? Judgement.Undecided : measured.High >= paper ? Judgement.Agrees : Judgement.Contradicts);

    private static double Reckon(ScalingModel model, Network network, KernelContext context, int cores)
    {
        using Workers workers = ScalingModel.Alone(cores);
        using TrainingStepBenchmark benchmark = new(network, context with { Workers = workers }, Images);
        return model.Reckon(benchmark, RunsReckoned).Seconds;
    }
}
