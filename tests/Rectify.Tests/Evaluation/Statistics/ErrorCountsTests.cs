using Rectify.Evaluation;

namespace Rectify.Tests.Evaluation;

public sealed class ErrorCountsTests
{
    [Fact]
    public void Of_ATable_CountsAsByHand()
    {
        ScoreTable table = new(RandomScores.Origin(1), ["a", "b", "c", "d", "e", "f"], ["0", "1", "2", "3"], [0, 5, 1, 2]);
        table.Set(0, [0.5f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f]);
        table.Set(1, [0.5f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f]);
        table.Set(2, [0.5f, 0.5f, 0, 0, 0, 0]);
        ErrorCounts counts = ErrorCounts.Of(table);
        Assert.Equal((4, 3, 2, 1), (counts.Images, counts.Top1Errors, counts.Top5Errors, counts.Unreadable));
        Assert.Equal((75.0, 50.0), (counts.Top1ErrorPercent, counts.Top5ErrorPercent));
        Assert.Equal((Math.Log(2) + Math.Log(10) + Math.Log(2)) / 3, counts.MeanLoss, 6);
        Assert.Equal(WilsonInterval.Of(3, 4), counts.Interval(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => counts.Errors(3));
    }
}
