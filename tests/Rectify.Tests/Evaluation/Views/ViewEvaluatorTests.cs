using Rectify.Data;
using Rectify.Evaluation;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Tensors;
using Rectify.Tests.Execution;

namespace Rectify.Tests.Evaluation;

public sealed class ViewEvaluatorTests
{
    private const int Crop = 16;

    [Fact]
    public void TenView_AnyPhoto_IsTheMeanOfTenCrops()
    {
        ViewMember member = SmallNets.Create(1, Crop, [2, 1]);
        using Network network = member.Network;
        RandomPhotos photos = new(7, SmallNets.Classes);
        ScoreTable scores = Run([member], photos, new ViewOptions { Kind = ViewKind.TenView, Keep = KeptScores.Combined }).Scores!;
        Assert.Equal([18], scores.Origin.Scales);
        using PlanRun run = new(network, network.Input, Rectify.Execution.ExecutionMode.Inference, inputGradient: false);
        for (int i = 0; i < photos.Count; i++)
        {
            RgbImage photo = Resize.ShorterSide(RandomPhotos.Photo(i), 18);
            (int right, int bottom) = (photo.Width - Crop, photo.Height - Crop);
            double[] mean = new double[SmallNets.Classes.Length];
            foreach ((int left, int top) in ((int, int)[])[(0, 0), (right, 0), (0, bottom), (right, bottom), (right / 2, bottom / 2)])
            {
                foreach (bool flip in (bool[])[false, true])
                {
                    run.Forward(CropOf(photo, left, top, flip, member.Mean));
                    double[] exponents = [.. run.Workspace.Output[..mean.Length].ToArray().Select(z => Math.Exp(z))];
                    for (int k = 0; k < mean.Length; k++)
                    {
                        mean[k] += exponents[k] / exponents.Sum() / 10;
                    }
                }
            }

            for (int k = 0; k < mean.Length; k++)
            {
                Assert.Equal(mean[k], scores.Scores(i)[k], 1e-6);
            }
        }
    }

    [Fact]
    public void Center_OneScale_CountsWhatTheEvaluatorCounts()
    {
        ViewMember member = SmallNets.Create(3, Crop, [2, 1]);
        using Network network = member.Network;
        RandomPhotos photos = new(60, SmallNets.Classes, 4, 17);
        using Workers workers = new(2);
        KernelContext context = new(workers, IsaDetection.Widest);
        using Evaluator evaluator = new(network, context);
        EvaluationResult once = evaluator.Run(photos, new Preprocessing(Crop).Evaluation(member.Mean), cancellation: TestContext.Current.CancellationToken);
        ErrorCounts counts = Run([member], photos, new ViewOptions()).Errors;
        Assert.Equal((once.Images, once.Top1Errors, once.Top5Errors, once.Unreadable), (counts.Images, counts.Top1Errors, counts.Top5Errors, counts.Unreadable));
        Assert.Equal(once.MeanLoss, counts.MeanLoss, 1e-5);
        Assert.InRange(counts.Top1Errors, 3, 59);
    }

    [Theory]
    [InlineData(ViewKind.Center)]
    [InlineData(ViewKind.TenView)]
    [InlineData(ViewKind.Dense)]
    public void Run_AnyBatchThreadsAndLoaders_GivesTheSameBits(ViewKind kind)
    {
        ViewMember member = SmallNets.Create(2, Crop, [3, 1]);
        using Network network = member.Network;
        RandomPhotos photos = new(23, SmallNets.Classes, 0, 9);
        ViewOptions options = new() { Kind = kind, Scales = [20, 16], Keep = KeptScores.Every };
        ViewEvaluation first = Run([member], photos, options);
        foreach ((int batch, int threads, int loaders) in ((int, int, int)[])[(1, 1, 1), (3, 2, 5), (1000, 4, 2)])
        {
            ViewEvaluation other = Run([member], photos, options with { BatchSize = batch, LoaderWorkers = loaders, WindowsAtATime = batch }, threads);
            Assert.Equal(first.Errors, other.Errors);
            foreach ((ScoreTable? a, ScoreTable? b) in Tables(first).Zip(Tables(other)))
            {
                for (int i = 0; i < photos.Count; i++)
                {
                    Assert.Equal(a!.IsRead(i), b!.IsRead(i));
                    Assert.True(a.Scores(i).SequenceEqual(b.Scores(i)), $"photo {i}: batch {batch}, {threads} threads, {loaders} loaders");
                }
            }
        }
    }

    [Fact]
    public void Run_SeveralScalesAndNetworks_AveragesTablesAndReadsEachFileOnce()
    {
        ViewMember a = SmallNets.Create(1, Crop, [2, 1], "a"), b = SmallNets.Create(2, 12, [3, 1], "b") with { Weight = 3 };
        string[] reversed = [.. SmallNets.Classes.Reverse()];
        b = b with { Classes = reversed };
        using (a.Network)
        using (b.Network)
        {
            RandomPhotos photos = new(20, SmallNets.Classes, 5);
            ViewEvaluation both = Run([a, b], photos, new ViewOptions { Kind = ViewKind.Dense, Scales = [16, 22], Keep = KeptScores.Every });
            Assert.Equal(20, photos.Reads);
            Assert.Equal(["a", "b"], both.Members.Select(member => member.Name));
            Assert.Equal(SmallNets.Classes, both.Scores!.Classes);
            Assert.Equal("1×a + 3×b", both.Scores.Origin.Model);
            foreach (MemberErrors member in both.Members)
            {
                AssertMean(member.Scores!, [.. member.Scales.Select(scale => (scale.Scores!, 1.0))]);
                Assert.Equal([16, 22], member.Scales.Select(scale => scale.Scale));
                Assert.Equal(ErrorCounts.Of(member.Scores!), member.Errors);
                Assert.All(member.Scales, scale => Assert.Equal(ErrorCounts.Of(scale.Scores!), scale.Errors));
            }

            AssertMean(both.Scores, [(both.Members[0].Scores!, 1.0), (both.Members[1].Scores!, 3.0)]);
            Assert.Equal(ErrorCounts.Of(both.Scores) with { MeanLoss = 0 }, both.Errors with { MeanLoss = 0 });

            // Of a network alone, in the order of its own classes.
            ScoreTable alone = Run([b], photos, new ViewOptions { Kind = ViewKind.Dense, Scales = [16, 22], Keep = KeptScores.Combined }).Scores!;
            for (int i = 0; i < photos.Count; i++)
            {
                Assert.Equal(alone.Scores(i).ToArray().Reverse(), both.Members[1].Scores!.Scores(i).ToArray());
            }

            Assert.Equal(alone.Origin.ModelFingerprint, both.Members[1].Scores!.Origin.ModelFingerprint);
        }
    }

    [Fact]
    public void Constructor_OtherClassesOrWeights_AreRefused()
    {
        ViewMember a = SmallNets.Create(1, Crop, [1]), b = SmallNets.Create(1, Crop, [1], "other", [.. SmallNets.Classes[..^1], "yak"]);
        using (a.Network)
        using (b.Network)
        using (Workers workers = new(1))
        {
            KernelContext context = new(workers, IsaDetection.Widest);
            UsageException e = Assert.Throws<UsageException>(() => new ViewEvaluator([a, b], context));
            Assert.Contains("other", e.Message, StringComparison.Ordinal);
            Assert.Contains("'yak'", e.Message, StringComparison.Ordinal);
            Assert.Throws<UsageException>(() => new ViewEvaluator([a, a with { Weight = 0 }], context));
        }
    }

    [Fact]
    public void Run_UnreadableImages_CountOnceAsErrorsOrAreLeftOut()
    {
        ViewMember member = SmallNets.Create(4, Crop, [2, 1]);
        using Network network = member.Network;
        RandomPhotos photos = new(30, SmallNets.Classes, 2, 3, 29);
        List<int> progress = [];
        ViewEvaluation counted = Run([member], photos, new ViewOptions(), progress: progress.Add);
        ViewEvaluation skipped = Run([member], photos, new ViewOptions { SkipUnreadable = true });
        Assert.Equal((30, 3), (counted.Errors.Images, counted.Errors.Unreadable));
        Assert.Equal((27, 0), (skipped.Errors.Images, skipped.Errors.Unreadable));
        Assert.Equal(counted.Errors.Top1Errors - 3, skipped.Errors.Top1Errors);
        Assert.Equal([2, 3, 29], counted.Failures.Select(failure => failure.Index));
        Assert.Equal([2, 3, 29], skipped.Failures.Select(failure => failure.Index));
        Assert.Equal("photo 3 is torn.", counted.Failures[1].Reason);
        Assert.Equal(30, progress[^1]);
        RectifyException e = Assert.Throws<RectifyException>(() => Run([member], new RandomPhotos(2, SmallNets.Classes, 0, 1), new ViewOptions()));
        Assert.Contains("photo 0 is torn", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ViewKind.TenView)]
    [InlineData(ViewKind.Dense)]
    public void Run_ScoresThatAreNotFinite_NamesThePicture(ViewKind kind)
    {
        ViewMember member = SmallNets.Create(1, Crop, [2, 1]);
        using Network network = member.Network;
        network.Parameters.OfType<Bias>().Last().Values[1] = float.NegativeInfinity;
        ScoresNotFiniteException e = Assert.Throws<ScoresNotFiniteException>(() => Run([member], new RandomPhotos(3, SmallNets.Classes, 0), new ViewOptions { Kind = kind }));
        Assert.Equal("photo 1", e.File);
    }

    [Fact]
    public void Run_Cancelled_Stops()
    {
        ViewMember member = SmallNets.Create(1, Crop, [2, 1]);
        using Network network = member.Network;
        using CancellationTokenSource stop = new();
        using Workers workers = new(1);
        using ViewEvaluator evaluator = new([member], new KernelContext(workers, IsaDetection.Widest), new ViewOptions { BatchSize = 1 });
        Assert.Throws<OperationCanceledException>(() => evaluator.Run(new RandomPhotos(1000, SmallNets.Classes), "", done => stop.Cancel(), stop.Token));
    }

    [Fact]
    public void ModelFingerprint_AnotherWeightOrMean_IsAnother()
    {
        ViewMember member = SmallNets.Create(1, Crop, [2, 1]), same = SmallNets.Create(1, Crop, [2, 1]);
        using Network network = member.Network;
        using Network other = same.Network;
        string print = ModelFingerprint.Of(network, member.Mean);
        Assert.Matches("^[0-9a-f]{64}$", print);
        Assert.Equal(print, ModelFingerprint.Of(other, same.Mean));
        Assert.NotEqual(print, ModelFingerprint.Of(other, MeanImage.Zero(Crop)));
        other.Parameters[0].Values[0] += 1f;
        Assert.NotEqual(print, ModelFingerprint.Of(other, same.Mean));
    }

    private static void AssertMean(ScoreTable mean, (ScoreTable Table, double Weight)[] parts)
    {
        for (int i = 0; i < mean.Images; i++)
        {
            Assert.All(parts, part => Assert.Equal(mean.IsRead(i), part.Table.IsRead(i)));
            for (int k = 0; k < mean.Classes.Count; k++)
            {
                double sum = 0;
                foreach ((ScoreTable table, double weight) in parts)
                {
                    sum += weight * table.Scores(i)[k];
                }

                Assert.Equal((float)(sum / parts.Sum(part => part.Weight)), mean.Scores(i)[k]);
            }
        }
    }

    private static float[] CropOf(RgbImage photo, int left, int top, bool flip, MeanImage mean) => [.. Enumerable.Range(0, 3 * Crop * Crop).Select(i =>
    {
        (int column, int row, int c) = (i / 3 % Crop, i / 3 / Crop, i % 3);
        int from = left + (flip ? Crop - 1 - column : column);
        return photo.Pixels[(3 * (((top + row) * photo.Width) + from)) + c] - mean.Values[i];
    })];

    private static IEnumerable<ScoreTable?> Tables(ViewEvaluation evaluation) =>
        evaluation.Members.SelectMany(member => member.Scales.Select(scale => scale.Scores).Append(member.Scores)).Append(evaluation.Scores);

    private static ViewEvaluation Run(IReadOnlyList<ViewMember> members, IDataset photos, ViewOptions options, int threads = 2, Action<int>? progress = null)
    {
        using Workers workers = new(threads);
        using ViewEvaluator evaluator = new(members, new KernelContext(workers, IsaDetection.Widest), options);
        return evaluator.Run(photos, "photos", progress, TestContext.Current.CancellationToken);
    }
}
