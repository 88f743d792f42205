using Rectify.Data;
using Rectify.Training;

namespace Rectify.Tests.Training;

public sealed class RateFinderTests
{
    // A loss that falls like a logistic curve in log ε, least at 10^-1.5, and runs away at the end.
    [Fact]
    public void Suggestion_CurveOfAKnownShape_IsATenthOfTheMinimumsRate()
    {
        RatePoint[] points = [.. Enumerable.Range(0, 121).Select(i =>
        {
            double log = -6 + (i / 24.0);
            double loss = log <= -1.5 ? 2.3 - (1.5 / (1 + Math.Exp(-4 * (log + 3)))) : 9;
            return new RatePoint(Math.Pow(10, log), loss, loss);
        })];
        RateSweep sweep = new(points, RanAway: true);
        Assert.Equal(Math.Pow(10, -2.5), sweep.Suggestion!.Value, 1e-9);
        Assert.Equal(points[^1].Rate, sweep.LargestRate);
    }

    [Fact]
    public void Suggestion_LossThatNeverFalls_IsNone()
    {
        RatePoint[] points = [.. Enumerable.Range(0, 100).Select(i => new RatePoint(Math.Pow(10, -6 + (i / 20.0)), 2.3, i < 90 ? 2.3 - (0.001 * (i % 3)) : 9))];
        Assert.Null(new RateSweep(points, RanAway: true).Suggestion);
        Assert.Null(new RateSweep([], RanAway: true).Suggestion);
        Assert.Null(new RateSweep(points[..5], RanAway: false).Suggestion);
    }

    [Fact]
    public void Run_MoreStepsThanMiniBatches_GoesOnAndStopsWhereTheLossRunsAway()
    {
        using SmallTraining session = new(new TrainerOptions { BatchSize = 16, Seed = 5 });
        PadCropFlip crops = new(SmallTraining.Size, session.Mean);
        List<RatePoint> heard = [];
        RateSweep sweep = new RateFinder(session.Network, session.Context, session.Trainer.Options) { Steps = 40 }.Run(session.Data, crops, heard.Add);
        Assert.Equal(heard, sweep.Points);
        Assert.True(sweep.RanAway, "a rate of 1 is far too much for this network");
        Assert.InRange(sweep.Points.Count, 4, 39);
        Assert.Equal(RateFinder.Least, sweep.Points[0].Rate, 1e-15);
        double factor = Math.Pow(RateFinder.Most / RateFinder.Least, 1.0 / 39);
        Assert.All(sweep.Points.Zip(sweep.Points.Skip(1)), pair => Assert.Equal(factor, pair.Second.Rate / pair.First.Rate, 1e-9));
    }
}
