using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Rectify.Communication;
using Rectify.Data;
using Rectify.Evaluation;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Training;

namespace Rectify.Tests.Communication;

/// <summary>Several ranks do what one does.</summary>
[Trait("Width", "any")]
public sealed class RanksTests
{
    private const int Crop = 16;

    private static readonly RenderedDataset Images = new(61, RenderedDataset.MinSize, 1);

    [Theory]
    [InlineData(10, 3)]
    [InlineData(2, 4)]
    [InlineData(0, 2)]
    public void Of_AllRanks_CoverTheRowOnce(int total, int size)
    {
        Share[] shares = [.. Enumerable.Range(0, size).Select(rank => Share.Of(total, rank, size))];
        Assert.Equal(0, shares[0].Begin);
        Assert.Equal(total, shares[^1].End);
        Assert.All(shares.Zip(shares.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.Begin));
        Assert.True(shares.Max(share => share.Count) - shares.Min(share => share.Count) <= 1);
    }

    [Fact]
    public void GatherShares_RowsOfSeveral_AreWholeOnEveryRank()
    {
        int[][] rows = ThreadRanks.Run(3, communicator =>
        {
            int[] row = new int[14];
            Share own = Share.Of(7, communicator.Rank, 3);
            for (int i = own.Begin; i < own.End; i++)
            {
                (row[2 * i], row[(2 * i) + 1]) = (i, 100 * i);
            }

            communicator.GatherShares<int>(row, 2);
            return row;
        });
        int[] expected = [.. Enumerable.Range(0, 7).SelectMany(i => new[] { i, 100 * i })];
        Assert.All(rows, row => Assert.Equal(expected, row));
    }

    [Fact]
    public void Gather_TextsOfAnyLength_InTheOrderOfTheRanks()
    {
        string[] texts = ["", "ä", "three words here"];
        foreach (IReadOnlyList<string> all in ThreadRanks.Run(3, communicator => communicator.Gather(texts[communicator.Rank])))
        {
            Assert.Equal(texts, all);
        }
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    [InlineData(4, 2)]
    public void Train_SeveralRanks_AreOneToTheOrderOfSums(int ranks, int microBatch)
    {
        (double[] losses, byte[] _) = Train(Alone.Instance, 0);
        (double[] Losses, byte[] Weights)[] shared = ThreadRanks.Run(ranks, communicator => Train(communicator, microBatch));
        Assert.Equal(12, losses.Length);
        Assert.All(shared, rank => Assert.All(losses.Zip(rank.Losses), pair => Assert.Equal(pair.First, pair.Second, 1e-5)));

        // And to the bit among each other.
        Assert.All(shared, rank => Assert.Equal(shared[0].Weights, rank.Weights));
    }

    [Fact]
    public void Train_RankWithOtherDropoutOrImages_WouldBeSeen()
    {
        // The same shares under another seed: what the test above would miss if its tolerance let the nearest mistake pass.
        (double[] losses, _) = Train(Alone.Instance, 0);
        (double[] other, _) = Train(Alone.Instance, 0, seed: 2);
        Assert.Contains(losses.Zip(other), pair => Math.Abs(pair.First - pair.Second) > 1e-3);
    }

    [Fact]
    public void Evaluate_SeveralRanks_GiveTheSameNumbers()
    {
        EvaluationResult one = Evaluate(Alone.Instance);
        foreach (EvaluationResult shared in ThreadRanks.Run(3, Evaluate))
        {
            Assert.Equal(one with { Seconds = 0 }, shared with { Seconds = 0 });
        }
    }

    [Theory]
    [InlineData(ViewKind.TenView)]
    [InlineData(ViewKind.Dense)]
    public void EvaluateViews_SeveralRanks_GiveTheSameScores(ViewKind kind)
    {
        ViewEvaluation one = EvaluateViews(Alone.Instance, kind);
        foreach (ViewEvaluation shared in ThreadRanks.Run(3, communicator => EvaluateViews(communicator, kind)))
        {
            Assert.Equal(one.Errors, shared.Errors);
            for (int image = 0; image < one.Scores!.Images; image++)
            {
                Assert.Equal(one.Scores.Scores(image), shared.Scores!.Scores(image));
            }
        }
    }

    [Fact]
    public void Require_RankThatDiffers_IsNamed()
    {
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => ThreadRanks.Run(3, communicator =>
        {
            SharedState.Require(communicator, communicator.Rank == 2 ? "version 2" : "version 1");
            return 0;
        }));
        Assert.Contains("Rank 2 has another version, recipe or data", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Share_OtherRanks_GetTheFirstsRecipeWeightsAndPosition()
    {
        (string Model, float Weight, TrainingPosition Position, float Mean, double Red)[] all = ThreadRanks.Run(2, communicator =>
        {
            Recipe? recipe = SharedState.Recipe(
                communicator,
                communicator.IsFirst ? new Recipe { Model = "small30", Size = Crop, Mean = "per-channel", Augmentation = new Augmentation { ColourSigma = 0.1 } } : null);
            using Workers workers = new(1);
            using Network network = Small(communicator.IsFirst ? 1UL : 9UL, workers);
            using Trainer trainer = new(network, new KernelContext(workers), Options(1, 0), communicator);
            trainer.Position = communicator.IsFirst ? new TrainingPosition(1, 2, 3, 4) : TrainingPosition.Start;
            SharedState.Share(communicator, trainer);
            MeanImage mean = SharedState.Mean(communicator, recipe!, communicator.IsFirst ? new MeanImage(Crop, MeanKind.PerChannel, [7f, 8f, 9f]) : null);
            ColourShift? colours = SharedState.Colours(
                communicator, recipe!, communicator.IsFirst ? new ColourShift([4, 1, 1], new double[,] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } }, 0.1) : null);
            return (recipe!.Model, network.Parameters[0].Values[0], trainer.Position, mean.Values[4], colours!.Steps[0]);
        });
        Assert.Equal(all[0], all[1]);
        Assert.Equal("small30", all[1].Model);
        Assert.Equal((8f, 0.2), (all[1].Mean, all[1].Red));
        Assert.Null(ThreadRanks.Run(2, communicator => SharedState.Recipe(communicator, null))[1]);
    }

    private static TrainerOptions Options(ulong seed, int microBatch) =>
        new() { Epochs = 3, BatchSize = 15, MicroBatch = microBatch, LearningRate = 0.001, Seed = seed, LoaderWorkers = 1 };

    private static Network Small(ulong seed, Workers workers)
    {
        Network network = ModelBuilder.Build("small14", new ModelOptions { Width = 0.25, Crop = Crop, Classes = 10 });
        Initializer.Apply(network, InitializationOptions.Paper, seed, workers);
        return network;
    }

    private static (double[] Losses, byte[] Weights) Train(Communicator communicator, int microBatch, ulong seed = 1)
    {
        using Workers workers = new(1);
        using Network network = Small(1, workers);
        using Trainer trainer = new(network, new KernelContext(workers), Options(seed, microBatch), communicator);
        Preprocessing preprocessing = new(Crop);
        MeanImage mean = MeanImage.Zero(Crop);
        Losses losses = new();
        _ = trainer.Run(Images, Images, preprocessing.Training(mean), preprocessing.Evaluation(mean), losses);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Parameter parameter in network.Parameters)
        {
            hash.AppendData(MemoryMarshal.AsBytes(parameter.Values));
        }

        return ([.. losses.All], hash.GetHashAndReset());
    }

    private static EvaluationResult Evaluate(Communicator communicator)
    {
        using Workers workers = new(1);
        using Network network = Small(1, workers);
        using Evaluator evaluator = new(network, new KernelContext(workers), new EvaluatorOptions { BatchSize = 7 }, communicator);
        return evaluator.Run(Images, new Preprocessing(Crop).Evaluation(MeanImage.Zero(Crop)));
    }

    private static ViewEvaluation EvaluateViews(Communicator communicator, ViewKind kind)
    {
        using Workers workers = new(1);
        using Network network = Small(1, workers);
        ViewMember member = new("net", network, MeanImage.Zero(Crop), Images.Classes);
        using ViewEvaluator evaluator = new([member], new KernelContext(workers), new ViewOptions { Kind = kind, Scales = [20, 24], Keep = KeptScores.Combined }, communicator);
        return evaluator.Run(Images);
    }

    private sealed class Losses : ITrainingObserver
    {
        public List<double> All { get; } = [];

        public void StepDone(StepReport report) => All.Add(report.Loss);
    }
}
