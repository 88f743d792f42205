using Rectify.Data;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Tensors;
using Rectify.Tests.Data;
using Rectify.Training;

namespace Rectify.Tests.Training;

public sealed class RunRecorderTests
{
    private static readonly Recipe Recipe = new() { Width = 0.02, Size = 16, Classes = ["a", "b"], Training = new TrainerOptions { Epochs = 3 } };

    private static readonly StepReport Step = new(1, 3, 1, 2, 1, 0.5, 0.5, 10, 0.01, 100, 0, 0, TimeSpan.Zero, TimeSpan.Zero);

    [Fact]
    public void EpochDone_DiskThatFailsForAWhile_IsReportedAndSavedLater()
    {
        using TemporaryFolder folder = new();
        (RunFolder run, RunLock taken) = RunFolder.Create(folder.At("run"), "x");
        using Workers workers = new(1);
        using Network network = Recipe.BuildNetwork();
        using Trainer trainer = new(network, new KernelContext(workers, IsaDetection.Widest), Recipe.Training);
        List<string> heard = [];
        RecorderOptions options = new() { SaveEvery = TimeSpan.FromHours(1), RetryAfter = TimeSpan.Zero, Report = heard.Add };
        RunRecorder recorder = new(run, taken, Recipe, trainer, MeanImage.Zero(16), options);
        using (taken)
        {
            // A file where the folder should be stands for a disk that does not take it.
            File.WriteAllText(run.Checkpoints.FullPath, "");
            trainer.Position = new TrainingPosition(1, 0, 2, 7);
            recorder.EpochDone(new EpochReport(1, Step, null, IsBest: true));
            Assert.All(heard, sentence => Assert.Contains("cannot be written", sentence, StringComparison.Ordinal));
            Assert.Equal(2, heard.Count);
            Assert.Equal(int.MaxValue, trainer.Position.BestTop1Errors);
            RectifyException e = Assert.Throws<RectifyException>(recorder.SaveLast);
            Assert.Contains("step 2", e.Message, StringComparison.Ordinal);
            Assert.Throws<RectifyException>(recorder.Finish);

            File.Delete(run.Checkpoints.FullPath);
            recorder.StepDone(Step);
            Assert.Contains("saved again", heard[^1], StringComparison.Ordinal);
            Assert.Equal(2, run.Checkpoints.Newest(out _)?.Position.TotalSteps);
            Assert.Equal(["epoch", "step"], File.ReadLines(run.LogPath).Select(line => line.Contains("\"epoch\",", StringComparison.Ordinal) ? "epoch" : "step"));
            recorder.Finish();
        }
    }

    [Fact]
    public void EpochDone_OfWhichNothingWasLeft_SaysNothingOfItsTraining()
    {
        // Stopped behind an epoch's last step: what goes on has its validation alone.
        using TemporaryFolder folder = new();
        (RunFolder run, RunLock taken) = RunFolder.Create(folder.At("run"), "x");
        using Workers workers = new(1);
        using Network network = Recipe.BuildNetwork();
        using Trainer trainer = new(network, new KernelContext(workers, IsaDetection.Widest), Recipe.Training);
        using (taken)
        {
            trainer.Position = new TrainingPosition(0, 2, 2, 7);
            RunRecorder recorder = new(run, taken, Recipe, trainer, MeanImage.Zero(16), new RecorderOptions());
            recorder.EpochDone(new EpochReport(1, Step with { EpochImages = 0 }, null, IsBest: false));
            recorder.EpochDone(new EpochReport(2, Step with { EpochImages = 5 }, null, IsBest: false));
        }

        RunHistory history = RunHistory.Read(run.LogPath);
        Assert.Equal([null, 0.5], history.Epochs.Select(epoch => epoch.TrainingLoss));
        Assert.Equal([null, 10], history.Epochs.Select(epoch => epoch.TrainingTop1Error));
        Assert.Contains("{\"kind\":\"resumed\",\"epoch\":1,\"step\":2}", File.ReadAllLines(run.LogPath));
    }

    [Fact]
    public void Open_FolderWithASlashBehind_HasItsName()
    {
        using TemporaryFolder folder = new();
        (RunFolder made, RunLock taken) = RunFolder.Create(folder.At("run") + Path.DirectorySeparatorChar, "x");
        using (taken)
        {
            Recipe.Save(made.RecipePath);
        }

        RunFolder opened = RunFolder.Open(folder.At("run") + Path.DirectorySeparatorChar);
        Assert.Equal(("run", folder.At("run")), (opened.Name, opened.FullPath));
    }

    [Fact]
    public void Create_FolderThatHoldsALockAlone_IsTaken()
    {
        using TemporaryFolder folder = new();
        (_, RunLock first) = RunFolder.Create(folder.At("run"), "x");
        Assert.Contains("Another process", Assert.Throws<RectifyException>(() => RunFolder.Create(folder.At("run"), "x")).Message, StringComparison.Ordinal);
        first.Dispose();
        (RunFolder run, RunLock second) = RunFolder.Create(folder.At("run"), "x");
        using (second)
        {
            Recipe.Save(run.RecipePath);
            Assert.Contains("a run in", Assert.Throws<RectifyException>(() => RunFolder.Create(folder.At("run"), "x")).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Create_WhereAProcessWasKilledWhileItWroteTheRecipe_BeginsAnew()
    {
        using TemporaryFolder folder = new();
        (RunFolder killed, RunLock first) = RunFolder.Create(folder.At("run"), "x");
        File.WriteAllText(killed.RecipePath + ".0123456789ab.tmp", "{");
        first.Dispose();
        (RunFolder run, RunLock second) = RunFolder.Create(folder.At("run"), "x");
        using (second)
        {
            Assert.All(Directory.EnumerateFileSystemEntries(run.FullPath), entry => Assert.StartsWith(".lock", Path.GetFileName(entry), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Load_DamagedCheckpoint_NamesAGoodOne()
    {
        using TemporaryFolder folder = new();
        (RunFolder run, RunLock taken) = RunFolder.Create(folder.At("run"), "x");
        using Workers workers = new(1);
        using Network network = Recipe.BuildNetwork();
        using Trainer trainer = new(network, new KernelContext(workers, IsaDetection.Widest), Recipe.Training);
        using (taken)
        {
            Recipe.Save(run.RecipePath);
            Assert.Contains("--resume", Assert.Throws<RectifyException>(() => run.Load()).Message, StringComparison.Ordinal);
            run.Checkpoints.SaveLast(network, MeanImage.Zero(16), trainer.Optimizer, new TrainingPosition(0, 1, 1, 9));
            run.Checkpoints.SaveLast(network, MeanImage.Zero(16), trainer.Optimizer, new TrainingPosition(0, 2, 2, 9));
        }

        run.Load().Dispose();
        byte[] bytes = File.ReadAllBytes(run.Checkpoints.WeightsPath("last"));
        bytes[^1] ^= 1;
        File.WriteAllBytes(run.Checkpoints.WeightsPath("last"), bytes);
        string message = Assert.Throws<RectifyException>(() => run.Load()).Message;
        Assert.Contains("last.safetensors is damaged", message, StringComparison.Ordinal);
        Assert.Contains("--checkpoint last-1", message, StringComparison.Ordinal);
        run.Load("last-1").Dispose();
        Assert.Contains("it has last, last-1", Assert.Throws<RectifyException>(() => run.Load("best")).Message, StringComparison.Ordinal);
    }
}
