namespace Rectify.Diagnostics;

/// <summary>The maximum of rectified normal numbers: what max pooling does to the second moment.</summary>
internal static class MaximumMath
{
    private const double Reach = 9.0;
    private const double Step = 1.0 / 256.0;

    /// <summary>E[M²; M>0] and E[M²; M≤0], M being the maximum of independent f(y), y standard normal, f a rectifier with slope a ≥ 0.</summary>
    /// <remarks>M = f(max y), for f does not fall; the density of max y is m·φ·Φ^(m−1). Checked: 1 + √3/π for m = 4, a = 1.</remarks>
    /// <param name="count">m.</param>
    /// <param name="slope">a.</param>
    public static (double Positive, double Negative) SecondMoments(double count, double slope)
    {
        double below = 0.0;
        double positive = 0.0;
        double negative = 0.0;
        for (double t = -Reach + (Step / 2); t < Reach; t += Step)
        {
            double mass = Math.Exp(-t * t / 2) / Math.Sqrt(2 * Math.PI) * Step;
            double density = Math.Pow(below + mass, count) - Math.Pow(below, count);
            below += mass;
            positive += t > 0 ? t * t * density : 0.0;
            negative += t > 0 ? 0.0 : slope * slope * t * t * density;
        }

        return (positive, negative);
    }
}
