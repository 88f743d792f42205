using System.Text;
using Rectify.Reports;
using Rectify.Tests.Data;

namespace Rectify.Tests.Reports;

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

    [Fact]
    public void Averages_OfManySteps_AreMeans()
    {
        string log = string.Join('\n', Enumerable.Range(1, 10).Select(i => $"{{\"kind\":\"step\",\"epoch\":1,\"step\":{i},\"loss\":{i},\"rate\":1}}"));
        Assert.Equal([(0.15, 1.5), (0.35, 3.5), (0.55, 5.5), (0.75, 7.5), (0.95, 9.5)], LossCurves.Averages(Read(log), 5));
    }

    [Fact]
    public void Of_Numbers_AreBlocksFromTheLeastToTheMost()
    {
        Assert.Equal("▁▅█", Sparkline.Of([0, 0.5, 1], 10));
        Assert.Equal("▁█", Sparkline.Of([0, 0, 9, 9], 2));
        Assert.Equal("▁ ▁", Sparkline.Of([3, double.NaN, 3], 3));
        Assert.Equal("", Sparkline.Of([], 3));
    }

    private static RunHistory Read(string log)
    {
        using TemporaryFolder folder = new();
        return RunHistory.Read(folder.Add("log.jsonl", Encoding.UTF8.GetBytes(log)).At("log.jsonl"));
    }
}
