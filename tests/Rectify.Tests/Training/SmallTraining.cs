using Rectify.Data;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Tests.Data;
using Rectify.Training;

namespace Rectify.Tests.Training;

/// <summary>A small network in training on 48 built-in pictures.</summary>
internal sealed class SmallTraining : IDisposable
{
    public const int Size = 16;

    private readonly RenderedDataset _data = new(48, Size, 7);
    private readonly RenderedDataset _validation = new(30, Size, 8);
    private readonly Workers _workers;

    public SmallTraining(TrainerOptions options, int threads = 1)
    {
        _workers = new Workers(threads);
        Context = new KernelContext(_workers, IsaDetection.Widest);
        Network = ModelBuilder.Build("small14", new ModelOptions { Classes = 10, Crop = Size, Width = 0.1 });
        Initializer.Apply(Network, new InitializationOptions { PaperLinear = false }, options.Seed);
        Mean = MeanImage.Compute(_data, Size, Size);
        Trainer = new Trainer(Network, Context, options with { LearningRate = options.LearningRate * 1e-3 });
    }

    public KernelContext Context { get; }

    public Network Network { get; }

    public MeanImage Mean { get; }

    public Trainer Trainer { get; }

    public IDataset Data => _data;

    public TrainingResult Run(ITrainingObserver? observer = null, bool validate = true, CancellationToken cancellation = default) =>
        Trainer.Run(_data, validate ? _validation : null, new PadCropFlip(Size, Mean), new CenterCrop(Size, Size, Mean), observer, cancellation);

    public byte[] Bytes(TemporaryFolder folder)
    {
        string path = folder.At("bytes.safetensors");
        Checkpoint.SaveWeights(path, Network, Mean, Trainer.Position);
        return File.ReadAllBytes(path);
    }

    public Dictionary<string, float[]> Values() => Network.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Values.ToArray());

    public void Dispose()
    {
        Trainer.Dispose();
        Network.Dispose();
        _workers.Dispose();
    }

    /// <summary>Hears of epochs and steps, and stops after one of the latter.</summary>
    internal sealed class Listener(int stopAfter = int.MaxValue, CancellationTokenSource? cancel = null) : ITrainingObserver
    {
        public List<EpochReport> Epochs { get; } = [];

        public List<double> Rates { get; } = [];

        public void StepDone(StepReport report)
        {
            Rates.Add(report.Rate);
            if (report.TotalSteps == stopAfter)
            {
                cancel?.Cancel();
            }
        }

        public void EpochDone(EpochReport report) => Epochs.Add(report);
    }
}
