using System.Globalization;
using Rectify.Data;
using Rectify.Training;

namespace Rectify.Reproduction.Experiments;

/// <summary>Figure 3: 30 layers with ReLU learn from He's initialization and not from Xavier's.</summary>
internal sealed class Figure3 : Experiment
{
    internal const string He = "He";
    internal const string Xavier = "Xavier";

    // He's loss below that of guessing by at least so much, Xavier's within so much of it, Xavier's gradient at conv1 below so much of He's.
    private const double Learned = 0.3;
    private const double Stalled = 0.01;
    private const double Faded = 1e-3;

    // What two cores do in under two minutes: on pictures of 32×32 He's takes more steps than that to leave guessing.
    private const int BuiltinImages = 10_000;
    private const int BuiltinSize = 16;
    private const int BuiltinBatch = 64;
    private const int BuiltinEpochs = 24;

    public override string Name => "figure-3";

    public override string Place => "Figure 3";

    public override string Shows => "30 layers, ReLU: He's initialization converges, Xavier's \"completely stalls\", its gradients diminish";

    public override bool CountsTestErrors => false;

    public override int SeedsAt(ReproductionScale scale) => scale is ReproductionScale.Cifar or ReproductionScale.Photos ? 3 : 1;

    public override IReadOnlyList<PlannedRun> Runs(ReproductionScale scale, ReproductionData data, int seeds)
    {
        IReadOnlyList<PlannedRun> runs = Plan(scale, data, seeds, (He, "small30", "relu", "he-out"), (Xavier, "small30", "relu", "xavier"));
        return scale == ReproductionScale.Builtin ? [.. runs.Select(Short)] : runs;
    }

    internal override ExperimentResult Conclude(ExperimentInput input)
    {
        IReadOnlyList<RunOutcome> he = input.Of(He);
        IReadOnlyList<RunOutcome> xavier = input.Of(Xavier);
        (IDataset training, IDataset images) = input.Host.Open(Recipe.Load(he[0].Folder.RecipePath));
        SignalProfile[] heSignals = [.. he.Select(run => SignalProfile.Of(run.Folder, images, input.Context))];
        SignalProfile[] xavierSignals = [.. xavier.Select(run => SignalProfile.Of(run.Folder, images, input.Context))];
        double guessing = Guessing.Of(training).Loss;
        return new ExperimentResult
        {
            Name = Name,
            Place = Place,
            Claims =
            [
                Converges([.. he.Select(LastLoss)], guessing),
                Stalls([.. xavier.Select(LastLoss)], guessing),
                Diminishes([.. xavierSignals.Zip(heSignals, (x, h) => x.FirstWeights / h.FirstWeights)]),
            ],
            Tables = [Errors(he, xavier), Gradients(heSignals[0], xavierSignals[0], he[0].Seed)],
            Curves = [Curve(he[0]), Curve(xavier[0]), .. Fading(heSignals[0], xavierSignals[0])],
        };
    }

    /// <summary>The test of He's loss.</summary>
    internal static JudgedClaim Converges(IReadOnlyList<double> losses, double guessing) => new(
        "\"Our initialization (red) is able to make it converge\"",
        "",
        string.Create(CultureInfo.InvariantCulture, $"He's training loss in the last epoch {Range(losses)}; guessing has {guessing:F4}"),
        string.Create(CultureInfo.InvariantCulture, $"agrees if below guessing by {Learned} in every seed; contradicts if in none"),
        losses.All(loss => loss <= guessing - Learned) ? Judgement.Agrees
            : losses.Any(loss => loss <= guessing - Learned) ? Judgement.Undecided : Judgement.Contradicts);

    /// <summary>The test of Xavier's loss.</summary>
    internal static JudgedClaim Stalls(IReadOnlyList<double> losses, double guessing) => new(
        "\"'Xavier' (blue) completely stalls\"",
        "",
        string.Create(CultureInfo.InvariantCulture, $"Xavier's training loss in the last epoch {Range(losses)}; guessing has {guessing:F4}"),
        string.Create(CultureInfo.InvariantCulture, $"agrees if within {Stalled} of guessing in every seed; contradicts if below it by {Learned} in any"),
        losses.All(loss => Math.Abs(loss - guessing) <= Stalled) ? Judgement.Agrees
            : losses.Any(loss => loss <= guessing - Learned) ? Judgement.Contradicts : Judgement.Undecided);

    /// <summary>The test of the gradients.</summary>
    internal static JudgedClaim Diminishes(IReadOnlyList<double> ratios) => new(
        "\"we also verify that its gradients are all diminishing\"",
        "",
        "the gradient of conv1's weights before the first step, Xavier over He: "
            + $"{string.Join(", ", ratios.Select(ratio => ratio.ToString("0.#e+0", CultureInfo.InvariantCulture)))}",
        string.Create(CultureInfo.InvariantCulture, $"agrees if below {Faded:0.###} in every seed; contradicts if above 0.1 in any"),
        ratios.All(ratio => ratio < Faded) ? Judgement.Agrees : ratios.Any(ratio => ratio > 0.1) ? Judgement.Contradicts : Judgement.Undecided);

    private static PlannedRun Short(PlannedRun run) => run with
    {
        Recipe = run.Recipe with
        {
            Size = BuiltinSize,
            Data = string.Create(CultureInfo.InvariantCulture, $"{ReproductionData.Builtin}:{BuiltinImages}"),
            Validation = ReproductionData.Builtin,
            Training = run.Recipe.Training with { Epochs = BuiltinEpochs, BatchSize = BuiltinBatch, LearningRateDrops = [] },
        },
    };

    // Over its steps: of an epoch that was interrupted, its own line counts what was left.
    private static double LastLoss(RunOutcome run) =>
        run.History.Steps.Where(step => step.Epoch == run.Planned.Recipe.Training.Epochs).Select(Loss).DefaultIfEmpty(double.NaN).Average();

    private static ResultCurve Curve(RunOutcome run) => new(run.Variant, "training loss", "step", [.. run.History.Steps.Select(Loss)]);

    private static double Loss(StepPoint step) => step.Loss ?? double.NaN;

    private static ResultCurve[] Fading(SignalProfile he, SignalProfile xavier)
    {
        static ResultCurve Of(string name, IReadOnlyList<double> values) => new(name, "std of the gradient Δy", "layer", values, IsLogarithmic: true);

        return
        [
            Of($"{He}, before the first step", he.Responses),
            Of($"{Xavier}, before the first step", xavier.Responses),
            Of($"{He}, after the last", he.ResponsesAtEnd),
            Of($"{Xavier}, after the last", xavier.ResponsesAtEnd),
        ];
    }

    private static string Range(IReadOnlyList<double> losses) => string.Join(", ", losses.Select(loss => loss.ToString("F4", CultureInfo.InvariantCulture)));

    private static ResultTable Errors(IReadOnlyList<RunOutcome> he, IReadOnlyList<RunOutcome> xavier) => new(
        "Validation error in percent by epoch, mean over the seeds",
        ["epoch", He, Xavier],
        [
            .. Enumerable.Range(0, Math.Min(he.Min(run => run.History.Epochs.Count), xavier.Min(run => run.History.Epochs.Count))).Select(epoch => (IReadOnlyList<string>)
            [
                (epoch + 1).ToString(CultureInfo.InvariantCulture),
                MeanInterval.Of([.. he.Select(run => run.History.Epochs[epoch].Top1Error ?? double.NaN)]).ToString(),
                MeanInterval.Of([.. xavier.Select(run => run.History.Epochs[epoch].Top1Error ?? double.NaN)]).ToString(),
            ]),
        ]);

    private static ResultTable Gradients(SignalProfile he, SignalProfile xavier, int seed) => new(
        string.Create(CultureInfo.InvariantCulture, $"Std of the gradient Δy by layer, seed {seed}"),
        ["layer", "He, before the first step", "He, after the last", "Xavier, before the first step", "Xavier, after the last"],
        [
            .. Enumerable.Range(0, he.Layers.Count).Select(i => (IReadOnlyList<string>)
                [he.Layers[i], Small(he.Responses[i]), Small(he.ResponsesAtEnd[i]), Small(xavier.Responses[i]), Small(xavier.ResponsesAtEnd[i])]),
        ]);

    private static string Small(double value) => value.ToString("0.0e+0", CultureInfo.InvariantCulture);
}
