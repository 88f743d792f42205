using FsCheck;
using FsCheck.Fluent;
using Rectify.Evaluation;

namespace Rectify.Tests.Evaluation;

public sealed class WilsonIntervalTests
{
    // R. G. Newcombe, Two-sided confidence intervals for the single proportion (1998), Table I, method 3.
    [Theory]
    [InlineData(81, 263, 25.53, 36.62)]
    [InlineData(15, 148, 6.24, 16.05)]
    [InlineData(0, 20, 0.00, 16.11)]
    [InlineData(1, 29, 0.61, 17.18)]
    public void Of_PublishedExamples_AreTheSame(int errors, int images, double lower, double upper)
    {
        WilsonInterval interval = WilsonInterval.Of(errors, images);
        Assert.Equal((lower, upper), (Math.Round(interval.Lower, 2), Math.Round(interval.Upper, 2)));
    }

    // Where its bounds lie, the observed share is exactly z standard deviations away: (p − q)² = z² q(1−q)/n.
    [Fact]
    public void Of_Bounds_SolveItsEquation() => Prop.ForAll<ushort, ushort>((a, b) =>
    {
        int images = 1 + Math.Max(a, b);
        int errors = Math.Min(a, b);
        WilsonInterval interval = WilsonInterval.Of(errors, images);
        double p = errors / (double)images;
        bool Solves(double percent)
        {
            double q = percent / 100;
            return Math.Abs(((p - q) * (p - q)) - (1.959963984540054 * 1.959963984540054 * q * (1 - q) / images)) < 1e-12;
        }

        return Solves(interval.Lower) && Solves(interval.Upper) && interval.Lower <= 100 * p && interval.Upper >= 100 * p && interval.Lower >= 0 && interval.Upper <= 100;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_ErrorsOfOtherCounts_MirrorAndRefuse()
    {
        WilsonInterval low = WilsonInterval.Of(3, 10);
        WilsonInterval high = WilsonInterval.Of(7, 10);
        Assert.Equal(100 - low.Lower, high.Upper, 10);
        Assert.Equal((0.0, 100.0), (WilsonInterval.Of(0, 1).Lower, WilsonInterval.Of(1, 1).Upper));
        Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(-1, 1));
    }
}
