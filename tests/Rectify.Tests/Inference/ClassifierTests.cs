using Rectify.Data;
using Rectify.Evaluation;
using Rectify.Execution;
using Rectify.Imaging;
using Rectify.Inference;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Tests.Inference;

public sealed class ClassifierTests
{
    // 16×8, by Pillow.
    private const string Png =
        "iVBORw0KGgoAAAANSUhEUgAAABAAAAAICAIAAAB/FOjAAAAAHUlEQVR4nGM8oWHDgA34GC3AKs6EVRQPGNVADAAAcBkCWhHjzWkAAAAASUVORK5CYII=";

    [Fact]
    public void Classify_APicture_RanksWhatThePlanGivesForTheCenterView()
    {
        using TinyRun run = new();
        using Classifier classifier = run.Load(new ClassifierOptions { Top = 3 });
        using TrainedNetwork trained = RunFolder.Open(run.Path).Load();
        using Workers workers = new(1);
        Plan plan = new(trained.Network);
        using Workspace workspace = plan.CreateWorkspace(
            new KernelContext(workers, IsaDetection.Widest), ExecutionMode.Inference, trained.Network.Input.WithBatch(1));
        RandomStream unused = default;
        new CenterCrop(TinyRun.Crop, TinyRun.Crop, TinyRun.Mean).Apply(TinyRun.Picture(3), ref unused, workspace.Input);
        plan.Forward(workspace);
        double[] exponentials = [.. workspace.Output[..10].ToArray().Select(z => Math.Exp(z))];
        IReadOnlyList<Prediction> top = classifier.Classify(TinyRun.Picture(3));
        Assert.Equal(3, top.Count);
        for (int i = 0; i < 3; i++)
        {
            int label = trained.Recipe.Classes.ToList().IndexOf(top[i].Name);
            Assert.Equal(i, TopK.Rank(workspace.Output[..10], label));
            Assert.Equal(exponentials[label] / exponentials.Sum(), top[i].Probability, 1e-6);
        }

        Assert.Equal(top, classifier.Classify((byte[])[3]));
        Assert.Equal(top, classifier.Classify(new MemoryStream([3])));
        Assert.NotEqual(top, classifier.Classify((byte[])[4]));
    }

    [Fact]
    public void Classify_ReadsAsEvaluationDoes()
    {
        using TinyRun run = new();
        TinyRun.IndexDecoder asked = new(), evaluated = new();
        using (Classifier classifier = Classifier.Load(run.Path, asked))
        {
            _ = classifier.Classify((byte[])[3]);
        }

        _ = run.Folder.Add("data/a/1.jpg", 1).Add("data/b/2.jpg", 2);
        using TrainedNetwork trained = RunFolder.Open(run.Path).Load();
        using Workers workers = new(1);
        using Evaluator evaluator = new(trained.Network, new KernelContext(workers, IsaDetection.Widest));
        _ = evaluator.Run(ImageFolder.Open(run.Folder.At("data"), evaluated), new Preprocessing(TinyRun.Crop).Evaluation(trained.Mean));
        Assert.Equal(evaluated.Sides.Distinct(), asked.Sides);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(7, 3)]
    [InlineData(64, 2)]
    public void ClassifyBatch_AnyBatchAndThreads_GivesTheSameBits(int maxBatch, int threads)
    {
        using TinyRun run = new();
        using Classifier classifier = run.Load(new ClassifierOptions { Top = 99, MaxBatch = maxBatch, Threads = threads });
        Assert.Equal(run.Alone(), classifier.ClassifyBatch([.. Enumerable.Range(0, TinyRun.Pictures).Select(TinyRun.Picture)]));
    }

    [Fact]
    public void Classify_FromSixteenThreads_GivesEachItsOwnAnswerToTheBit()
    {
        using TinyRun run = new();
        IReadOnlyList<Prediction>[] alone = run.Alone();
        using Classifier classifier = run.Load(new ClassifierOptions { Top = 10, MaxBatch = 5 });
        using Barrier start = new(16);
        int[] wrong = new int[16];
        Thread[] threads = [.. Enumerable.Range(0, 16).Select(t => new Thread(() =>
        {
            start.SignalAndWait();
            for (int i = 0; i < TinyRun.Pictures; i++)
            {
                int picture = ((7 * i) + t) % TinyRun.Pictures;
                try
                {
                    // Every fifth picture of a thread is broken: its own caller hears of it, nobody else.
                    wrong[t] += i % 5 == 4
                        ? classifier.Classify((byte[])[1, 2]).Count
                        : classifier.Classify((byte[])[(byte)picture]).SequenceEqual(alone[picture]) ? 0 : 1;
                }
                catch (RectifyException) when (i % 5 == 4)
                {
                }
            }
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        Assert.Equal(new int[16], wrong);
    }

    [Fact]
    public async Task ClassifyAsync_ManyAtOnce_GivesTheSameBits()
    {
        using TinyRun run = new();
        using Classifier classifier = run.Load(new ClassifierOptions { Top = 10 });
        Task<IReadOnlyList<Prediction>>[] asked = [.. Enumerable.Range(0, TinyRun.Pictures).Select(i => classifier.ClassifyAsync(new MemoryStream([(byte)i])))];
        Assert.Equal(run.Alone(), await Task.WhenAll(asked));
    }

    [Fact]
    public async Task Classify_CancelledToken_Throws()
    {
        using TinyRun run = new();
        using Classifier classifier = run.Load();
        CancellationToken cancelled = new(canceled: true);
        _ = Assert.ThrowsAny<OperationCanceledException>(() => classifier.Classify(TinyRun.Picture(0), cancelled));
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => classifier.ClassifyAsync(new MemoryStream([1]), cancelled));
        Assert.Equal(5, classifier.Classify(TinyRun.Picture(0)).Count);
    }

    [Fact]
    public void Dispose_WhileSixteenThreadsAsk_EndsThemAll()
    {
        using TinyRun run = new();
        Classifier classifier = run.Load();
        using CountdownEvent asking = new(16);
        Exception?[] ends = new Exception?[16];
        Thread[] threads = [.. Enumerable.Range(0, 16).Select(t => new Thread(() =>
        {
            _ = classifier.Classify(TinyRun.Picture(t));
            _ = asking.Signal();
            try
            {
                while (true)
                {
                    _ = classifier.Classify(TinyRun.Picture(t));
                }
            }
            catch (ObjectDisposedException e)
            {
                ends[t] = e;
            }
        }))];
        Array.ForEach(threads, t => t.Start());
        asking.Wait();
        classifier.Dispose();
        classifier.Dispose();
        Array.ForEach(threads, t => t.Join());
        Assert.All(ends, e => Assert.IsType<ObjectDisposedException>(e));
    }

    [Fact]
    public void Load_WeightThatIsNoNumber_NamesCheckpointAndParameter()
    {
        using TinyRun run = new(network => network.Parameters[0].Values[5] = float.NaN);
        string message = Assert.Throws<RectifyException>(() => run.Load()).Message;
        Assert.Contains(run.CheckpointPath, message, StringComparison.Ordinal);
        Assert.Contains("conv1", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classify_ScoresThatOverflow_NamesTheCheckpoint()
    {
        using TinyRun run = new(network =>
        {
            foreach (Parameter parameter in network.Parameters)
            {
                foreach (ref float value in parameter.Values)
                {
                    value *= 1e6f;
                }
            }
        });
        using Classifier classifier = run.Load();
        string message = Assert.Throws<RectifyException>(() => classifier.Classify(TinyRun.Picture(0))).Message;
        Assert.Contains(run.CheckpointPath, message, StringComparison.Ordinal);
        Assert.Contains("not finite", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WrongOptions_SaysSo()
    {
        using TinyRun run = new();
        Assert.Contains("Top is 0", Assert.Throws<RectifyException>(() => run.Load(new ClassifierOptions { Top = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("worst", Assert.Throws<UsageException>(() => run.Load(new ClassifierOptions { Checkpoint = "worst" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AsInTheReadme_ClassifiesAPhoto()
    {
        Assert.SkipUnless(SpngDecoder.IsAvailable, "libspng is not installed: apt install libspng0");
        using TinyRun run = new();
        using MemoryStream stream = new(Convert.FromBase64String(Png));
        using var classifier = Classifier.Load(run.Path); var top = classifier.Classify(stream);
        Assert.Equal(5, top.Count);
        Assert.Contains("using var classifier = Classifier.Load(\"runs/mine\");", File.ReadAllText(Path.Combine(Repository.Root, "README.md")), StringComparison.Ordinal);
    }
}
