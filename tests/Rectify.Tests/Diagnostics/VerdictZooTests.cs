using System.Globalization;
using Rectify.Data;
using Rectify.Diagnostics;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Tests.Diagnostics;

/// <summary>What is called healthy learns in 200 steps, and what is said to stall does not. None of these nets served to choose the limits.</summary>
public sealed class VerdictZooTests
{
    private const int Size = 12;
    private const int Classes = 7;
    private const double Rate = 0.0008;

    // "everywhere": equation 10 in fully connected layers too, with L√(1/128) for pixels.
    private static readonly string[] Rules =
        ["he-out", "he-in", "xavier", "xavier-uniform", "orthogonal", "lsuv", "fixed:0.02", "fixed:0.07", "fixed:0.2", "everywhere"];

    // Called healthy, for its gradients arrive; but responses of a std of some hundred move the slopes so far at each step that it diverges at step 17.
    // The first step does not show it: there ε/(1−μ)·rms(da) is 10⁻⁴, as in nets that learn.
    private static readonly (int Depth, ActivationKind Rectifier, string Rule) KnownMiss = (7, ActivationKind.PReLU, "fixed:0.2");

    private static readonly ActivationKind[] Rectifiers = [ActivationKind.ReLU, ActivationKind.PReLU, ActivationKind.Leaky, ActivationKind.PReLUShared];

    private static readonly CachedDataset Pictures = new(new TemplatePictures(24 * 200, Size, Classes, seed: 77), 1L << 26);

    private static bool IsNarrowed =>
        ((string[])["DOTNET_EnableAVX512", "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic"]).Any(name => Environment.GetEnvironmentVariable(name) == "0");

    public static TheoryData<int, int, string> Zoo()
    {
        // Every rule at every depth; rectifiers take turns, so that each meets each rule.
        TheoryData<int, int, string> zoo = [];
        int[] depths = [5, 7, 10, 16, 25, 40, 60];
        for (int d = 0; d < depths.Length; d++)
        {
            // Of the deepest, which take longest, each rule once.
            for (int r = depths[d] < 40 ? 0 : d % 2; r < Rules.Length; r += depths[d] < 40 ? 1 : 2)
            {
                zoo.Add(depths[d], (d + r) % Rectifiers.Length, Rules[r]);
            }
        }

        return zoo;
    }

    [Theory]
    [MemberData(nameof(Zoo))]
    public void Of_NetOfTheZoo_SaysWhatTrainingShows(int depth, int rectifier, string rule)
    {
        Assert.SkipWhen(IsNarrowed, "the vectors are narrowed: once on a machine is enough");
        ulong seed = (ulong)(1000 + depth);
        using Workers workers = new(2);
        KernelContext context = new(workers, IsaDetection.Widest);
        MeanImage mean = MeanImage.Compute(Pictures, Size, Size, samples: 140);
        CenterCrop view = new(Size, Size, mean);
        using Network network = Chain(depth, Rectifiers[rectifier]);
        Initialize(network, rule, depth, seed, context, view);
        using BatchLoader loader = new(Pictures, view, new LoaderOptions { BatchSize = 56, Seed = seed, Shuffle = true });
        Batch batch = loader.Epoch(0).First();
        Diagnosis diagnosis = Diagnose(network, context, batch);
        if (diagnosis.Verdict is not (Verdict.Healthy or Verdict.Vanishing))
        {
            return;
        }

        using Trainer trainer = new(network, context, new TrainerOptions { Epochs = 1, BatchSize = 24, LearningRate = Rate, Seed = seed });
        Losses losses = new();
        if ((depth, Rectifiers[rectifier], rule) == KnownMiss)
        {
            _ = Assert.Throws<TrainingDivergedException>(() => trainer.Run(Pictures, null, view, view, losses));
            return;
        }

        _ = trainer.Run(Pictures, null, view, view, losses);
        Assert.Equal(200, losses.All.Count);
        double end = losses.All[^20..].Average();
        string what = string.Create(
            CultureInfo.InvariantCulture,
            $"{diagnosis.Sentence}; descent {diagnosis.Evidence.Descent:E1}, gains {diagnosis.Evidence.ForwardGain:E1} {diagnosis.Evidence.BackwardGain:E1}: "
            + $"loss {losses.All[0]:F3} to {end:F3}");
        bool fell = end < 0.97 * Math.Min(losses.All[0], Math.Log(Classes));
        Assert.True(fell == (diagnosis.Verdict == Verdict.Healthy), what);
    }

    [Fact]
    public void Of_WholeZoo_HasManyOfEachKind()
    {
        // The test above would pass if all were called slow.
        using Workers workers = new(2);
        KernelContext context = new(workers, IsaDetection.Widest);
        CenterCrop view = new(Size, Size, MeanImage.Compute(Pictures, Size, Size, samples: 140));
        List<Verdict> verdicts = [];
        using BatchLoader loader = new(Pictures, view, new LoaderOptions { BatchSize = 56, Shuffle = true });
        Batch batch = loader.Epoch(0).First();
        foreach (int depth in (int[])[5, 16, 40])
        {
            foreach (string rule in Rules)
            {
                using Network network = Chain(depth, ActivationKind.ReLU);
                Initialize(network, rule, depth, 5, context, view);
                verdicts.Add(Diagnose(network, context, batch).Verdict);
            }
        }

        Assert.True(verdicts.Count(verdict => verdict == Verdict.Healthy) >= 8, string.Join(' ', verdicts));
        Assert.True(verdicts.Count(verdict => verdict == Verdict.Vanishing) >= 4, string.Join(' ', verdicts));
        Assert.Contains(Verdict.Exploding, verdicts);
        Assert.Contains(Verdict.Slow, verdicts);
    }

    private static Diagnosis Diagnose(Network network, KernelContext context, Batch batch) => Diagnosis.Of(
        network,
        context,
        MapShape.Image(batch.Count, Size, Size, 3),
        batch.Pixels,
        batch.Labels.AsSpan(0, batch.Count),
        new DiagnosisOptions { LearningRate = Rate });

    private static void Initialize(Network network, string rule, int depth, ulong seed, KernelContext context, SampleTransform view)
    {
        InitializationOptions options = rule == "everywhere"
            ? new() { Scheme = InitializationScheme.Parse("he-in"), PaperLinear = false, Factor = InitializationMath.InputFactor(128, depth) }
            : new() { Scheme = InitializationScheme.Parse(rule) };
        Initializer.Apply(network, options, seed);
        if (rule == "lsuv")
        {
            LayerSequentialUnitVariance.Apply(network, context, Pictures, view, seed);
        }
    }

    // The second half in 2×2 filters without padding on one side in turns, as in the paper's small models.
    private static Network Chain(int depth, ActivationKind rectifier)
    {
        int first = (depth - 3) / 2;
        ModelPart[] parts =
        [
            new Conv(3, 12, Pad: 1),
            .. Enumerable.Repeat(new Conv(3, 20, Pad: 1), first),
            new Pool(2, 2),
            .. Enumerable.Range(0, depth - 3 - first).Select(i => new Conv(2, 28, Pad: i % 2)),
            new Pyramid(3, 1),
            new Hidden(64),
        ];
        return ModelBuilder.Build(
            new ModelSpecification("chain", "chain", parts), new ModelOptions { Classes = Classes, Crop = Size, Activation = rectifier, Dropout = 0f });
    }

    private sealed class Losses : ITrainingObserver
    {
        public List<double> All { get; } = [];

        public void StepDone(StepReport report) => All.Add(report.Loss);
    }
}
