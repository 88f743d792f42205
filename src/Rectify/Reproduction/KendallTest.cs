namespace Rectify.Reproduction;

/// <summary>Whether values fall or rise with their place: Kendall's rank correlation with its exact distribution.</summary>
/// <param name="Tau">Pairs in rising order less those in falling order, over all pairs; equal values count as neither.</param>
/// <param name="PValue">Two-sided: the share of all orders of so many different values whose |τ| is at least this one.</param>
internal sealed record KendallTest(double Tau, double PValue)
{
    /// <summary>Tests values in the order of their places.</summary>
    /// <exception cref="ArgumentException">There are fewer than two.</exception>
    public static KendallTest Of(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        int n = values.Count;
        if (n < 2)
        {
            throw new ArgumentException("A rank correlation needs at least two values.", nameof(values));
        }

        int score = 0;
        for (int i = 0; i < n; i++)
        {
            for (int j = i + 1; j < n; j++)
            {
                score += Math.Sign(values[j] - values[i]);
            }
        }

        int pairs = n * (n - 1) / 2;
        double[] share = InversionShares(n);
        double p = Enumerable.Range(0, pairs + 1).Where(inversions => Math.Abs(pairs - (2 * inversions)) >= Math.Abs(score)).Sum(inversions => share[inversions]);
        return new KendallTest((double)score / pairs, Math.Min(1.0, p));
    }

    // The share of the n! orders that have k inversions: the next value, put in at any of its places with equal chance, adds 0 to its place's number.
    private static double[] InversionShares(int n)
    {
        double[] share = [1.0];
        for (int placed = 1; placed < n; placed++)
        {
            double[] next = new double[share.Length + placed];
            for (int k = 0; k < share.Length; k++)
            {
                for (int added = 0; added <= placed; added++)
                {
                    next[k + added] += share[k] / (placed + 1);
                }
            }

            share = next;
        }

        return share;
    }
}
