using Rectify.Data;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Tests.Data;
using Rectify.Tests.Formats;
using Rectify.Training;

namespace Rectify.Tests.Training;

public sealed class RunEventsTests : IDisposable
{
    private const int Steps = 50;

    private readonly TemporaryFolder _folder = new();
    private readonly Workers _workers = new(1);
    private readonly Recipe _recipe = new()
    {
        Width = 0.02,
        Size = 16,
        Classes = [.. new RenderedDataset(1, 16, 1).Classes],
        Training = new TrainerOptions { Epochs = 2, BatchSize = 2, LearningRate = 0.001, LearningRateDrops = [1] },
    };

    public void Dispose()
    {
        _workers.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Run_TwoEpochs_AreOnTheCharts()
    {
        (List<string> heard, Network network) = Train(new RecorderOptions());
        Assert.Empty(heard);
        IReadOnlyList<RecordedEvent> events = Events();
        Assert.Equal("brain.Event:2", events[0].Version);
        Assert.Equal((1, 1L), (events[1].SessionStatus, events[1].Step));
        Dictionary<string, (long Step, float Value)[]> charts = events.SelectMany(e => e.Scalars.Select(s => (s.Tag, e.Step, s.Value)))
            .GroupBy(s => s.Tag, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Select(s => (s.Step, s.Value)).ToArray());
        Assert.Equal(Enumerable.Range(1, 2 * Steps).Select(i => (long)i), charts["training/loss"].Select(p => p.Step));
        Assert.All(charts["training/loss"], p => Assert.InRange(p.Value, 0.1f, 10f));
        Assert.Equal([(1, 0.001f), (Steps, 0.001f), (Steps + 1, 0.0001f), (2 * Steps, 0.0001f)], charts["training/rate"]);
        foreach (string tag in (string[])["training/top1Error", "validation/loss", "validation/top1Error", "validation/top5Error", "slope/conv1.rectifier"])
        {
            Assert.Equal([Steps, 2 * Steps], charts[tag].Select(p => p.Step));
        }

        // The monitor looks at each 20th step, at the first one first.
        Assert.Equal([1, 21, 41, 61, 81], charts["gradientStd/conv1"].Select(p => p.Step));
        Assert.All(charts["gradientStd/conv1"], p => Assert.InRange(p.Value, 1e-9f, 10f));
        Assert.Equal([1, 21, 41, Steps, 61, 81, 2 * Steps], charts["training/imagesPerSecond"].Select(p => p.Step));
        Assert.Equal(network.Nodes.Count(node => node.Layer is PReLU), charts.Keys.Count(tag => tag.StartsWith("slope/", StringComparison.Ordinal)));
        Assert.Equal(network.Nodes.Count(node => node.Weight is not null), charts.Keys.Count(tag => tag.StartsWith("gradientStd/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Run_WithoutEvents_LeavesNone()
    {
        _ = Train(new RecorderOptions { Events = false });
        Assert.Empty(Directory.EnumerateFiles(_folder.At("run"), "*tfevents*"));
        Assert.NotEmpty(File.ReadAllLines(_folder.At("run/log.jsonl")));
    }

    [Fact]
    public void Run_EventsThatCannotBeWritten_AreToldOnceAndStopNothing()
    {
        // A folder where the file should be stands for a disk that does not take it.
        (List<string> heard, _) = Train(
            new RecorderOptions { FlushEvery = TimeSpan.Zero },
            run => Directory.CreateDirectory(Rectify.Formats.EventFile.NewPath(run.FullPath, FixedClock.Now, Environment.MachineName)));
        string sentence = Assert.Single(heard);
        Assert.Contains("tfevents", sentence, StringComparison.Ordinal);
        Assert.Contains("Training goes on", sentence, StringComparison.Ordinal);
        Assert.Equal((2 * Steps) + 2, File.ReadAllLines(_folder.At("run/log.jsonl")).Length);
    }

    private (List<string> Heard, Network Network) Train(RecorderOptions options, Action<RunFolder>? meanwhile = null)
    {
        List<string> heard = [];
        (RunFolder run, RunLock taken) = RunFolder.Create(_folder.At("run"), "x");
        using Network network = _recipe.BuildNetwork();
        Initializer.Apply(network, InitializationOptions.Paper, seed: 1);
        using Trainer trainer = new(network, new KernelContext(_workers, IsaDetection.Widest), _recipe.Training);
        using (taken)
        {
            MeanImage mean = MeanImage.Zero(16);
            RunRecorder recorder = new(run, taken, _recipe, trainer, mean, options with { Clock = new FixedClock(), Report = heard.Add });
            meanwhile?.Invoke(run);
            _ = trainer.Run(new RenderedDataset(2 * Steps, 16, 1), new RenderedDataset(6, 16, 2), new CenterCrop(16, 16, mean), new CenterCrop(16, 16, mean), recorder);
            recorder.Finish();
        }

        return (heard, network);
    }

    private IReadOnlyList<RecordedEvent> Events() =>
        RecordedEvent.Read(File.ReadAllBytes(Assert.Single(Directory.EnumerateFiles(_folder.At("run"), "events.out.tfevents.1700000000.*"))));
}
