using System.Text;
using Rectify.Tests.Data;
using Rectify.Training;

namespace Rectify.Tests.Training;

/// <summary>A log, read.</summary>
public sealed class RunHistoryTests
{
    [Fact]
    public void Read_Log_HasStepsEpochsAndTheWarning()
    {
        RunHistory history = Read(
            """
            {"kind":"step","epoch":1,"step":1,"loss":2.5,"rate":0.01}
            {"kind":"step","epoch":1,"step":2,"loss":2.25,"rate":0.01}
            {"kind":"warning","epoch":1,"step":2,"verdict":"vanishing"}
            {"kind":"epoch","epoch":1,"step":2,"trainingLoss":2.375,"trainingTop1Error":90,"seconds":7,"loss":2.3,"top1Error":85,"top5Error":40,"images":40}
            {"kind":"epoch","epoch":2,"step":4,"seconds":13}
            {"kind":"novelty","epoch":2}
            """);
        Assert.Equal([2.5, 2.25], history.Steps.Select(step => step.Loss));
        Assert.Equal(2, history.StepsPerEpoch);
        Assert.Equal(2, history.FadedAt);
        Assert.Equal([1, 2], history.Epochs.Select(epoch => epoch.Epoch));
        Assert.Equal((34, 16), (history.Best!.Top1Errors, history.Best.Top5Errors));
        Assert.Null(history.Epochs[1].TrainingLoss);
        Assert.Equal(13, history.Seconds);
    }

    [Fact]
    public void Seconds_OfAnInterruptedRun_AreThoseOfItsParts() =>
        Assert.Equal(30 + 12, Read(string.Join('\n', new[] { 10, 30, 12 }.Select((seconds, i) => $"{{\"kind\":\"epoch\",\"epoch\":{i + 1},\"seconds\":{seconds}}}"))).Seconds);

    [Fact]
    public void Seconds_OfARunThatWentOn_AreThoseOfItsParts()
    {
        // The second part took longer for its first epoch than the first: the clock alone does not show that it began anew.
        RunHistory history = Read(
            """
            {"kind":"epoch","epoch":1,"step":2,"seconds":100}
            {"kind":"resumed","epoch":2,"step":3}
            {"kind":"epoch","epoch":2,"step":4,"seconds":101}
            {"kind":"resumed","epoch":3,"step":4}
            {"kind":"resumed","epoch":3,"step":4}
            {"kind":"epoch","epoch":3,"step":6,"seconds":5}
            """);
        Assert.Equal([100.0, 201.0, 206.0], history.Epochs.Select(epoch => epoch.Seconds));
        Assert.Equal(206, history.Seconds);
    }

    [Fact]
    public void Read_TornAndForeignLines_ArePassedOver()
    {
        RunHistory history = Read(
            """
            [1]
            {"kind":7}

            {"kind":"step","epoch":"one","step":1,"rate":1}
            {"kind":"step","epoch":1,"step":1,"rate":0.5}
            {"kind":"ste
            """);
        Assert.Equal((1, null), (history.Steps.Count, history.Steps[0].Loss));
        Assert.Null(history.Best);
    }

    [Fact]
    public void Read_NoFile_IsEmpty() => Assert.Empty(RunHistory.Read("/no/such/log.jsonl").Epochs);

    private static RunHistory Read(string log)
    {
        using TemporaryFolder folder = new();
        return RunHistory.Read(folder.Add("log.jsonl", Encoding.UTF8.GetBytes(log)).At("log.jsonl"));
    }
}
