using Rectify.Reports;
using Rectify.Training;

namespace Rectify.Tests.Reports;

public sealed class CurvesTests
{
    [Fact]
    public void Averages_OfManySteps_AreMeans()
    {
        RunHistory history = new([], [.. Enumerable.Range(1, 10).Select(i => new StepPoint(i, 1, i, 1))], null);
        Assert.Equal([(0.15, 1.5), (0.35, 3.5), (0.55, 5.5), (0.75, 7.5), (0.95, 9.5)], LossCurves.Averages(history, 5));
    }

    [Fact]
    public void Of_Numbers_AreBlocksFromTheLeastToTheMost()
    {
        Assert.Equal("▁▅█", Sparkline.Of([0, 0.5, 1], 10));
        Assert.Equal("▁█", Sparkline.Of([0, 0, 9, 9], 2));
        Assert.Equal("▁ ▁", Sparkline.Of([3, double.NaN, 3], 3));
        Assert.Equal("", Sparkline.Of([], 3));
    }
}
