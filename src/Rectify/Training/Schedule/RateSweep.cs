namespace Rectify.Training;

/// <summary>What a network's loss did while the learning rate grew: the curve of a learning-rate finder (Smith 2017).</summary>
/// <param name="Points">Step by step, up to the end or to where the loss ran away.</param>
/// <param name="RanAway">Whether it did.</param>
public sealed record RateSweep(IReadOnlyList<RatePoint> Points, bool RanAway)
{
    private const int FewestPoints = 12;

    private const double MinimumShare = 0.1;

    // A fall by less is chance.
    private const double LeastFall = 0.01;

    /// <summary>A tenth of the rate at which the smoothed loss is least; null where it never falls by more than 1 %.</summary>
    /// <remarks>Where it falls most steeply is no guide for these networks. In one that stays at chance for its first steps that is just before it runs away; in another
    /// it is at a thousandth of what it bears, where the biases learn how many pictures each class has.</remarks>
    public double? Suggestion
    {
        get
        {
            if (Points.Count < FewestPoints)
            {
                return null;
            }

            int least = Enumerable.Range(0, Points.Count).MinBy(i => Points[i].Smoothed);
            double before = Points.Take(Math.Max(1, least)).Max(point => point.Smoothed);
            if (Points[least].Smoothed > (1.0 - LeastFall) * before)
            {
                return null;
            }

            return MinimumShare * Points[least].Rate;
        }
    }

    /// <summary>The rate of the last step: where the loss ran away, if it did.</summary>
    public double LargestRate => Points.Count > 0 ? Points[^1].Rate : 0.0;
}

/// <summary>A step of a sweep.</summary>
/// <param name="Rate">ε.</param>
/// <param name="Loss">The mini-batch's mean loss before the step.</param>
/// <param name="Smoothed">A running mean of the losses so far.</param>
public readonly record struct RatePoint(double Rate, double Loss, double Smoothed);
