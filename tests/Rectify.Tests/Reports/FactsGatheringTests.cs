using Rectify.Data;
using Rectify.Evaluation;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Reports;
using Rectify.Tensors;
using Rectify.Tests.Inference;
using Rectify.Training;

namespace Rectify.Tests.Reports;

/// <summary>What a report finds out about a run, and what it says where it finds nothing.</summary>
public sealed class FactsGatheringTests
{
    private const string Kept = "mine-center.scores.safetensors";

    private static readonly RenderedDataset Images = new(30, TinyRun.Crop, 9);

    [Fact]
    public void Gather_ImagesThere_ScoresMeasuresAndShowsThem()
    {
        using TinyRun tiny = new();
        RunFacts facts = Gather(tiny, () => Images);
        Assert.Equal(Counted(tiny).Top1Errors, ErrorCounts.Of(facts.Scores!).Top1Errors);
        Assert.InRange(facts.Photos.Count, 1, 12);
        Assert.All(facts.Photos, photo => Assert.Equal((5, photo.IsRight), (photo.Answers.Count, photo.Answers[0].IsRight)));
        Assert.Equal(facts.Signal!.Start.Select(row => row.Name), facts.Signal.End.Select(row => row.Name));
        Assert.Equal(13, facts.Slopes.Count);
        FilterBank bank = facts.Network!.Filters!;
        Assert.Equal(("conv1", 3 * bank.Count * bank.Rows * bank.Columns), (bank.Layer, bank.Values.Length));
    }

    [Fact]
    public void Gather_ScoresOfTheRunsFolder_AreTakenAndTold()
    {
        using TinyRun tiny = new();
        RunFolder run = RunFolder.Open(tiny.Path);
        ScoreFile.Save(Gather(tiny, () => Images).Scores!, Path.Combine(run.ScoresPath, Kept));
        Assert.EndsWith($"scores from {Kept}.", Gather(tiny, null).AboutScores, StringComparison.Ordinal);
        using (TrainedNetwork trained = run.Load())
        {
            trained.Network.Parameters[0].Values[0] += 1f;
            run.Checkpoints.SaveBest(trained.Network, trained.Mean, default);
        }

        Assert.EndsWith("of other weights than the checkpoint best has now.", Gather(tiny, null).AboutScores, StringComparison.Ordinal);
        Assert.Null(Gather(tiny, null, fingerprint: "another").Scores);
    }

    [Fact]
    public void Gather_ImagesGone_SaysSoAndWhatToDo()
    {
        using TinyRun tiny = new();
        RunFacts facts = Gather(tiny, () => throw new RectifyException("photos/ is gone."));
        Assert.Null(facts.Scores);
        Assert.StartsWith("photos/ is gone. Score some images with: rectify evaluate --run tiny", facts.AboutScores, StringComparison.Ordinal);
        Assert.StartsWith("photos/ is gone. See: rectify diagnose --run tiny", facts.WhyNoSignal, StringComparison.Ordinal);
        Assert.Equal("photos/ is gone.", facts.WhyNoPhotos);
        Assert.NotNull(facts.Network);
    }

    [Fact]
    public void Gather_NoCheckpoint_StillHasTheRecipe()
    {
        using TinyRun tiny = new();
        File.Delete(tiny.CheckpointPath);
        RunFacts facts = Gather(tiny, () => Images);
        Assert.Null(facts.Network);
        Assert.Contains("rectify train --resume", facts.WhyNoNetwork, StringComparison.Ordinal);
        Assert.Equal(10, facts.Recipe.Classes.Count);
    }

    private static RunFacts Gather(TinyRun tiny, Func<IDataset?>? images, string? fingerprint = null)
    {
        using Workers workers = new(1);
        return FactsGathering.Gather(RunFolder.Open(tiny.Path), "tiny", new FactsOptions
        {
            Context = new KernelContext(workers, IsaDetection.Widest),
            Encoder = new PngEncoder(),
            OpenImages = images,
            ImagesName = "thirty",
            ImagesFingerprint = fingerprint,
        });
    }

    private static EvaluationResult Counted(TinyRun tiny)
    {
        using Workers workers = new(1);
        using TrainedNetwork trained = RunFolder.Open(tiny.Path).Load();
        using Evaluator evaluator = new(trained.Network, new KernelContext(workers, IsaDetection.Widest));
        return evaluator.Run(Images, new Preprocessing(TinyRun.Crop).Evaluation(trained.Mean));
    }
}
