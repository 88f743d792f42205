using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Tests.Training;

public sealed class RunRecorderTests
{
    private static readonly StepReport Step = new(1, 3, 1, 2, 1, 0.5, 0.5, 10, 0.01, 100, 0, 0, TimeSpan.Zero, TimeSpan.Zero);

    [Fact]
    public void EpochDone_DiskThatFailsForAWhile_IsReportedAndSavedLater()
    {
        using NewRun run = new();
        List<string> heard = [];
        RunRecorder recorder = run.Recorder(new RecorderOptions { SaveEvery = TimeSpan.FromHours(1), RetryAfter = TimeSpan.Zero, Report = heard.Add });
        CheckpointFolder checkpoints = run.Folder.Checkpoints;

        // A file where the folder should be stands for a disk that does not take it.
        File.WriteAllText(checkpoints.FullPath, "");
        run.Trainer.Position = new TrainingPosition(1, 0, 2, 7);
        recorder.EpochDone(new EpochReport(1, Step, null, IsBest: true));
        Assert.All(heard, sentence => Assert.Contains("cannot be written", sentence, StringComparison.Ordinal));
        Assert.Equal(2, heard.Count);
        Assert.Equal(int.MaxValue, run.Trainer.Position.BestTop1Errors);
        RectifyException e = Assert.Throws<RectifyException>(recorder.SaveLast);
        Assert.Contains("step 2", e.Message, StringComparison.Ordinal);
        Assert.Throws<RectifyException>(recorder.Finish);

        File.Delete(checkpoints.FullPath);
        recorder.StepDone(Step);
        Assert.Contains("saved again", heard[^1], StringComparison.Ordinal);
        Assert.Equal(2, checkpoints.Newest(out _)?.Position.TotalSteps);
        Assert.Equal(["epoch", "step"], File.ReadLines(run.Folder.LogPath).Select(line => line.Contains("\"epoch\",", StringComparison.Ordinal) ? "epoch" : "step"));
        recorder.Finish();
    }

    [Fact]
    public void EpochDone_OfWhichNothingWasLeft_SaysNothingOfItsTraining()
    {
        // Stopped behind an epoch's last step: what goes on has its validation alone.
        using NewRun run = new();
        run.Trainer.Position = new TrainingPosition(0, 2, 2, 7);
        RunRecorder recorder = run.Recorder(new RecorderOptions());
        recorder.EpochDone(new EpochReport(1, Step with { EpochImages = 0 }, null, IsBest: false));
        recorder.EpochDone(new EpochReport(2, Step with { EpochImages = 5 }, null, IsBest: false));

        RunHistory history = RunHistory.Read(run.Folder.LogPath);
        Assert.Equal([null, 0.5], history.Epochs.Select(epoch => epoch.TrainingLoss));
        Assert.Equal([null, 10], history.Epochs.Select(epoch => epoch.TrainingTop1Error));
        Assert.Contains("{\"kind\":\"resumed\",\"epoch\":1,\"step\":2}", File.ReadAllLines(run.Folder.LogPath));
    }
}
