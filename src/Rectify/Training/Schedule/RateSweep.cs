namespace Rectify.Training;

/// <summary>What a network's loss did while the learning rate grew: the curve of a learning-rate finder (Smith 2017).</summary>
/// <param name="Points">Step by step, up to the end or to where the loss ran away.</param>
/// <param name="RanAway">Whether it did.</param>
public sealed record RateSweep(IReadOnlyList<RatePoint> Points, bool RanAway)
{
    // A slope is taken over so many steps to either side.
    private const int Reach = 5;

    private const double MinimumShare = 0.1;

    // A fall by less is chance.
    private const double LeastFall = 0.01;

    /// <summary>The rate at which the smoothed loss falls most steeply in log ε, before its minimum, but no more than a tenth of the rate of that minimum; null where
    /// it never falls by more than 1 %.</summary>
    /// <remarks>A network that stays at chance for its first steps falls most steeply just before it runs away: small14 at a quarter of the width on CIFAR-10 at 0.04,
    /// where two epochs end at 59 % error, and at 51 % with 0.008.</remarks>
    public double? Suggestion
    {
        get
        {
            if (Points.Count < (2 * Reach) + 2)
            {
                return null;
            }

            int least = Enumerable.Range(0, Points.Count).MinBy(i => Points[i].Smoothed);
            double before = Points.Take(Math.Max(1, least)).Max(point => point.Smoothed);
            if (Points[least].Smoothed > (1.0 - LeastFall) * before)
            {
                return null;
            }

            int steepest = Enumerable.Range(Reach, Math.Max(1, Math.Min(least, Points.Count - 1 - Reach) - Reach + 1)).MinBy(Slope);
            return Math.Min(Points[steepest].Rate, MinimumShare * Points[least].Rate);
        }
    }

    /// <summary>The rate of the last step: where the loss ran away, if it did.</summary>
    public double LargestRate => Points.Count > 0 ? Points[^1].Rate : 0.0;

    private double Slope(int i) =>
        (Points[i + Reach].Smoothed - Points[i - Reach].Smoothed) / (Math.Log(Points[i + Reach].Rate) - Math.Log(Points[i - Reach].Rate));
}

/// <summary>A step of a sweep.</summary>
/// <param name="Rate">ε.</param>
/// <param name="Loss">The mini-batch's mean loss before the step.</param>
/// <param name="Smoothed">A running mean of the losses so far.</param>
public readonly record struct RatePoint(double Rate, double Loss, double Smoothed);
