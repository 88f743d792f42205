using Rectify.Data;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Tensors;
using Rectify.Tests.Data;
using Rectify.Training;

namespace Rectify.Tests.Training;

public sealed class TrainerTests
{
    private const int Size = 16;

    private static readonly TrainerOptions Options = new() { Epochs = 2, BatchSize = 16, LearningRateDrops = [1], Seed = 5 };

    [Fact]
    public void Run_AnyNumberOfThreads_GivesTheSameBitsOfTheCheckpoint()
    {
        using TemporaryFolder folder = new();
        byte[] first = TrainedBytes(folder, Options, threads: 1);
        foreach ((int threads, int loaders) in ((int, int)[])[(1, 1), (2, 1), (4, 4), (1, 4)])
        {
            Assert.True(first.AsSpan().SequenceEqual(TrainedBytes(folder, Options with { LoaderWorkers = loaders }, threads)), $"{threads} threads, {loaders} loaders");
        }

        Assert.False(first.AsSpan().SequenceEqual(TrainedBytes(folder, Options with { Seed = 6 }, threads: 1)), "the seed changes nothing");
    }

    [Fact]
    public void Run_InterruptedAndResumed_EndsInTheSameBits()
    {
        using TemporaryFolder folder = new();
        byte[] whole = TrainedBytes(folder, Options, threads: 1);
        for (int stop = 1; stop <= 5; stop += 2)
        {
            string path = Path.Combine(folder.Root, "half.safetensors");
            using (Session session = new(Options, threads: 2))
            using (CancellationTokenSource cancel = new())
            {
                TrainingResult result = session.Run(new StopAfter(stop, cancel), cancel.Token);
                Assert.True(result.Interrupted);
                Assert.Equal(stop, result.Position.TotalSteps);
                string weights = Checkpoint.SaveWeights(path, session.Network, session.Mean, session.Trainer.Position);
                Checkpoint.SaveState(path + ".state", session.Network, session.Trainer.Optimizer, session.Trainer.Position, weights);
            }

            using Session again = new(Options with { Seed = Options.Seed }, threads: 1);
            Checkpoint.LoadWeights(path, again.Network);
            again.Trainer.Position = Checkpoint.LoadState(path + ".state", again.Network, again.Trainer.Optimizer);
            Assert.False(again.Run(null, CancellationToken.None).Interrupted);
            Assert.True(whole.AsSpan().SequenceEqual(again.Bytes(folder)), $"stopped after step {stop}");
        }
    }

    [Fact]
    public void Run_MicroBatches_GiveTheGradientOfTheWhole()
    {
        using TemporaryFolder folder = new();
        TrainerOptions one = Options with { Epochs = 1 };
        float[] whole = TrainedWeights(one);
        float[] parts = TrainedWeights(one with { MicroBatch = 5 });
        double worst = whole.Zip(parts, (a, b) => Math.Abs(a - b)).Max();
        double scale = Math.Sqrt(whole.Average(w => (double)w * w));
        Assert.True(worst < 1e-4 * scale, $"differ by {worst} of {scale}");
        Assert.True(worst > 0, "summing in another order changes no bit: the micro-batch is not used");
    }

    [Fact]
    public void Run_BatchLargerThanTheData_SaysSo()
    {
        using Session session = new(Options with { BatchSize = 500 }, threads: 1);
        UsageException e = Assert.Throws<UsageException>(() => session.Run(null, CancellationToken.None));
        Assert.Contains("500", e.Message, StringComparison.Ordinal);
        Assert.Contains("48", e.Message, StringComparison.Ordinal);
    }

    // Two whole epochs have 3 steps of 16 images each; the sums begin anew where training was resumed.
    [Fact]
    public void Run_ResumedWithinAnEpoch_SaysHowManyImagesItsLossCovers()
    {
        using Session session = new(Options, threads: 1);
        Epochs whole = new();
        session.Run(whole, CancellationToken.None);
        Assert.Equal([48, 48], whole.Reports.Select(report => report.ImagesCounted));

        using Session again = new(Options, threads: 1);
        using CancellationTokenSource cancel = new();
        again.Run(new StopAfter(2, cancel), cancel.Token);
        Epochs rest = new();
        again.Run(rest, CancellationToken.None);
        Assert.Equal([16, 48], rest.Reports.Select(report => report.ImagesCounted));
        Assert.Equal(16, rest.Reports[0].Last.EpochImages);
        Assert.NotEqual(whole.Reports[0].Last.EpochLoss, rest.Reports[0].Last.EpochLoss);
        Assert.Equal(whole.Reports[1].Last.EpochLoss, rest.Reports[1].Last.EpochLoss);
    }

    [Fact]
    public void Check_MoreThanTheMachineHas_SaysSo()
    {
        using Session session = new(Options with { BatchSize = 40, MicroBatch = 30 }, threads: 1);
        session.Check(40, Size);
        foreach (int crop in (int[])[8000, 4096 * Size])
        {
            RectifyException e = Assert.Throws<RectifyException>(() => session.Check(40, crop));
            Assert.Contains("30 images", e.Message, StringComparison.Ordinal);
            Assert.Contains("--micro-batch", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void RateIn_Drops_DivideByTen()
    {
        TrainerOptions options = new() { LearningRate = 0.01, LearningRateDrops = [2, 3] };
        Assert.Equal([0.01, 0.01, 0.001, 0.0001], Enumerable.Range(0, 4).Select(epoch => Math.Round(options.RateIn(epoch), 10)));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.PositiveInfinity)]
    public void Validate_RateThatMakesNoSense_SaysSo(double rate)
    {
        UsageException e = Assert.Throws<UsageException>(() => (Options with { LearningRate = rate }).Validate());
        Assert.Contains("--lr", e.Message, StringComparison.Ordinal);
    }

    // The paper's stds of the fully connected layers belong to inputs of about ±128: there small14 leaves ln(classes), near ±2 it stays.
    [Fact]
    public void Small14_ThreeHundredStepsOnPixels_LeavesChance()
    {
        TrainerOptions options = new() { Epochs = 1, BatchSize = 64, Seed = 1 };
        RenderedDataset data = new(300 * options.BatchSize, Size, 1);
        using Network network = ModelBuilder.Build("small14", new ModelOptions { Classes = 10, Crop = Size, Width = 0.5 });
        Initializer.Apply(network, InitializationOptions.Paper, 1);
        using Workers workers = new(Math.Min(2, Environment.ProcessorCount));
        using Trainer trainer = new(network, new KernelContext(workers, IsaDetection.Widest), options);
        MeanImage mean = MeanImage.Compute(data, Size, Size, samples: 500);
        LastLosses losses = new(50);
        TrainingResult result = trainer.Run(data, null, new PadCropFlip(Size, mean), new CenterCrop(Size, Size, mean), losses);
        Assert.Equal(300, result.Position.TotalSteps);
        // At chance the mean over so many pictures stays within some thousandths; when it is left depends on the last bits of the sums, so on the vector width.
        Assert.True(losses.Mean < Math.Log(10) - 0.03, $"the loss of the last 50 steps is {losses.Mean}, ln 10 is {Math.Log(10)}");
    }

    private static byte[] TrainedBytes(TemporaryFolder folder, TrainerOptions options, int threads)
    {
        using Session session = new(options, threads);
        session.Run(null, CancellationToken.None);
        return session.Bytes(folder);
    }

    private static float[] TrainedWeights(TrainerOptions options)
    {
        using Session session = new(options, threads: 1);
        session.Run(null, CancellationToken.None);
        return session.Network.Parameters[0].Values.ToArray();
    }

    private sealed class Session : IDisposable
    {
        private readonly RenderedDataset _data = new(48, Size, 7);
        private readonly Workers _workers;

        public Session(TrainerOptions options, int threads)
        {
            _workers = new Workers(threads);
            Network = ModelBuilder.Build("small14", new ModelOptions { Classes = 10, Crop = Size, Width = 0.1 });
            Initializer.Apply(Network, new InitializationOptions { PaperLinear = false }, options.Seed);
            Mean = MeanImage.Compute(_data, Size, Size);
            Trainer = new Trainer(Network, new KernelContext(_workers, IsaDetection.Widest), options with { LearningRate = options.LearningRate * 1e-3 });
        }

        public Network Network { get; }

        public MeanImage Mean { get; }

        public Trainer Trainer { get; }

        public TrainingResult Run(ITrainingObserver? observer, CancellationToken cancellation) =>
            Trainer.Run(_data, null, new PadCropFlip(Size, Mean), new CenterCrop(Size, Size, Mean), observer, cancellation);

        public void Check(int images, int crop) => Trainer.Check(new RenderedDataset(images, Size, 7), crop);

        public byte[] Bytes(TemporaryFolder folder)
        {
            string path = Path.Combine(folder.Root, "whole.safetensors");
            Checkpoint.SaveWeights(path, Network, Mean, Trainer.Position);
            return File.ReadAllBytes(path);
        }

        public void Dispose()
        {
            Trainer.Dispose();
            Network.Dispose();
            _workers.Dispose();
        }
    }

    private sealed class StopAfter(int steps, CancellationTokenSource cancel) : ITrainingObserver
    {
        public void StepDone(StepReport report)
        {
            if (report.TotalSteps == steps)
            {
                cancel.Cancel();
            }
        }
    }

    private sealed class Epochs : ITrainingObserver
    {
        public List<EpochReport> Reports { get; } = [];

        public void EpochDone(EpochReport report) => Reports.Add(report);
    }

    private sealed class LastLosses(int count) : ITrainingObserver
    {
        private readonly Queue<double> _losses = new();

        public double Mean => _losses.Average();

        public void StepDone(StepReport report)
        {
            _losses.Enqueue(report.Loss);
            if (_losses.Count > count)
            {
                _losses.Dequeue();
            }
        }
    }
}
