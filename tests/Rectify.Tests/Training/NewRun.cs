using Rectify.Data;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Tests.Data;
using Rectify.Training;

namespace Rectify.Tests.Training;

/// <summary>A run just made in a folder of its own, with the trainer of a very small network.</summary>
internal sealed class NewRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Workers _workers = new(1);
    private readonly Network _network;
    private readonly RunLock _taken;

    public NewRun()
    {
        (Folder, _taken) = RunFolder.Create(_folder.At("run"), "x");
        _network = Recipe.BuildNetwork();
        Trainer = new Trainer(_network, new KernelContext(_workers, IsaDetection.Widest), Recipe.Training);
    }

    public static Recipe Recipe { get; } = new() { Width = 0.02, Size = 16, Classes = ["a", "b"], Training = new TrainerOptions { Epochs = 3 } };

    public RunFolder Folder { get; }

    public Trainer Trainer { get; }

    public RunRecorder Recorder(RecorderOptions options) => new(Folder, _taken, Recipe, Trainer, MeanImage.Zero(Recipe.Size), options);

    public void Dispose()
    {
        Trainer.Dispose();
        _network.Dispose();
        _workers.Dispose();
        _taken.Dispose();
        _folder.Dispose();
    }
}
