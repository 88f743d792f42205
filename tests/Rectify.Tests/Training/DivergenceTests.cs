using Rectify.Data;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Training;

namespace Rectify.Tests.Training;

/// <summary>Training that runs away stops before anything that is not finite is kept.</summary>
public sealed class DivergenceTests
{
    private const int Size = 16;

    private static readonly TrainerOptions Options = new() { Epochs = 1, BatchSize = 12, MicroBatch = 5, Seed = 5 };

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Run_WeightThatIsNotFinite_NamesIt(float bad)
    {
        using Session session = new(Options);
        Parameter conv = session.Network.Parameters[0];
        conv.Values[0] = bad;
        conv.Values[16] = bad;
        TrainingDivergedException e = session.MustDiverge();
        Assert.Equal((1, 1), (e.Step, e.Epoch));
        Assert.Equal(session.Network.Layers[0].Name, e.Layer);
        foreach (string part in (string[])[$"{conv.Name} has 2 numbers", "step 1 ", "epoch 1", "seed 5", "learning rate 1e-05", "earlier checkpoint"])
        {
            Assert.Contains(part, e.Message, StringComparison.Ordinal);
        }

        Assert.Equal(5, e.Files.Count);
        Assert.All(e.Files, file => Assert.StartsWith("built-in", file, StringComparison.Ordinal));
        Assert.Contains($"{e.Files[0]}, {e.Files[1]}, {e.Files[2]} and 2 more", e.Message, StringComparison.Ordinal);
    }

    // Weights that are finite and far too large: it begins in a layer in the midst.
    [Fact]
    public void Run_LossThatIsNotFinite_NamesTheLayerWhereItBegins()
    {
        using Session session = new(Options);
        Convolution[] convolutions = [.. session.Network.Layers.OfType<Convolution>()];
        convolutions[2].Weight.Values.Fill(3e38f);
        TrainingDivergedException e = session.MustDiverge();
        Assert.Equal(convolutions[2].Name, e.Layer);
        Assert.Contains($"the output of {e.Layer} has", e.Message, StringComparison.Ordinal);
        Assert.Contains("lower --lr", e.Message, StringComparison.Ordinal);
        Assert.NotEmpty(e.Files);
    }

    // Black pictures, no biases: the scores are 0 whatever the weights, so the loss is ln 10; but the last weights send 5.4e38 back, more than a float holds.
    [Fact]
    public void Run_GradientThatIsNotFinite_NamesItAndTouchesNoWeight()
    {
        using Session session = new(Options with { BatchSize = 1, MicroBatch = 1 }, MeanImage.Zero(Size), new Black());
        Linear last = session.Network.Layers.OfType<Linear>().Last();
        for (int k = 0; k < 10; k++)
        {
            for (int c = 0; c < last.Weight.Dimensions[1]; c++)
            {
                last.Weight.Values[last.Weight.StoredIndex(k, c, 0, 0)] = k == 0 ? -3e38f : 3e38f;
            }
        }

        TrainingDivergedException e = session.MustDiverge();
        Linear before = session.Network.Layers.OfType<Linear>().SkipLast(1).Last();
        Assert.Equal(before.Name, e.Layer);
        Assert.Contains($"The gradient of {before.Name}.", e.Message, StringComparison.Ordinal);
        Assert.Contains("the first such on the way back", e.Message, StringComparison.Ordinal);
        Assert.Contains("as before the step", e.Message, StringComparison.Ordinal);
        Assert.Equal(["black #0"], e.Files);
    }

    // The update after which no step and no validation comes.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_LastUpdateTooLarge_ReportsNoEpoch(bool cancelled)
    {
        using Session session = new(Options with { LearningRate = 1e44 });
        using CancellationTokenSource cancel = new();
        Observer observer = new(cancelled ? cancel : null);
        TrainingDivergedException e = Assert.Throws<TrainingDivergedException>(() => session.Run(observer, cancel.Token));
        Assert.Equal((1, 1), (e.Step, e.Epoch));
        Assert.Contains("after the update at step 1 ", e.Message, StringComparison.Ordinal);
        Assert.NotEmpty(e.Layer);
        Assert.Equal(1, observer.Steps);
        Assert.Equal(0, observer.Epochs);
    }

    [Fact]
    public void Run_HealthyTraining_IsNotStopped()
    {
        using Session session = new(Options);
        Assert.False(session.Run(null, CancellationToken.None).Interrupted);
    }

    private sealed class Session : IDisposable
    {
        private readonly IDataset _data;
        private readonly MeanImage _mean;
        private readonly Workers _workers = new(2);
        private readonly Trainer _trainer;

        public Session(TrainerOptions options, MeanImage? mean = null, IDataset? data = null)
        {
            // Two steps in an epoch where one cannot be the last, else one.
            _data = data ?? new RenderedDataset(options.LearningRate > 1 ? 12 : 24, Size, 7);
            _mean = mean ?? MeanImage.Compute(_data, Size, Size);
            Network = ModelBuilder.Build("small14", new ModelOptions { Classes = 10, Crop = Size, Width = 0.1 });
            Initializer.Apply(Network, new InitializationOptions { PaperLinear = false }, options.Seed);
            _trainer = new Trainer(Network, new KernelContext(_workers, IsaDetection.Widest), options with { LearningRate = options.LearningRate * 1e-3 });
        }

        public Network Network { get; }

        public TrainingResult Run(ITrainingObserver? observer, CancellationToken cancellation) =>
            _trainer.Run(_data, null, new PadCropFlip(Size, _mean), new CenterCrop(Size, Size, _mean), observer, cancellation);

        /// <summary>Nothing that is learned may change, nor a velocity.</summary>
        public TrainingDivergedException MustDiverge()
        {
            int[][] before = [.. Network.Parameters.Select(parameter => Bits(parameter.Values))];
            TrainingDivergedException e = Assert.Throws<TrainingDivergedException>(() => Run(null, CancellationToken.None));
            Assert.Equal(before, Network.Parameters.Select(parameter => Bits(parameter.Values)));
            Assert.All(Network.Parameters, parameter => Assert.True(_trainer.Optimizer.Velocity(parameter).IndexOfAnyExcept(0f) < 0, parameter.Name));
            Assert.Equal(0, _trainer.Position.TotalSteps);
            return e;
        }

        public void Dispose()
        {
            _trainer.Dispose();
            Network.Dispose();
            _workers.Dispose();
        }

        private static int[] Bits(ReadOnlySpan<float> values) => System.Runtime.InteropServices.MemoryMarshal.Cast<float, int>(values).ToArray();
    }

    private sealed class Observer(CancellationTokenSource? cancel) : ITrainingObserver
    {
        public int Steps { get; private set; }

        public int Epochs { get; private set; }

        public void StepDone(StepReport report)
        {
            Steps++;
            cancel?.Cancel();
        }

        public void EpochDone(EpochReport report) => Epochs++;
    }

    private sealed class Black : IDataset
    {
        public int Count => 1;

        public IReadOnlyList<string> Classes { get; } = [.. Enumerable.Range(0, 10).Select(k => $"class {k}")];

        public int Label(int index) => 0;

        public string Name(int index) => $"black #{index}";

        public RgbImage Read(int index, int shorterSide = 0) => new(Size, Size, new byte[3 * Size * Size]);
    }
}
