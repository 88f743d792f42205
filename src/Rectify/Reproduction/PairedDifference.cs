using System.Globalization;
using MathNet.Numerics.Distributions;

namespace Rectify.Reproduction;

/// <summary>Two variants compared over the same seeds: the mean of the differences, its interval, and two tests of "no difference".</summary>
/// <param name="Count">Pairs.</param>
/// <param name="Mean">Mean of second minus first.</param>
/// <param name="HalfInterval">Half of the 95 % interval of the mean by Student's t; NaN for fewer than two pairs.</param>
/// <param name="PairedT">Two-sided p of the paired t-test; NaN for fewer than two pairs.</param>
/// <param name="SignFlip">Two-sided p of the sign-flip permutation test, exact up to 20 pairs and NaN beyond.</param>
internal sealed record PairedDifference(int Count, double Mean, double HalfInterval, double PairedT, double SignFlip)
{
    /// <summary>Below this a difference counts as shown.</summary>
    public const double Level = 0.05;

    private const int MostFlipped = 20;

    /// <summary>Whether the paired t-test tells the variants apart.</summary>
    public bool IsShown => PairedT < Level;

    /// <summary>Compares pairs.</summary>
    /// <param name="first">A value a seed.</param>
    /// <param name="second">A value a seed, in the same order.</param>
    /// <exception cref="ArgumentException">They are not as many, or none.</exception>
    public static PairedDifference Of(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count != second.Count || first.Count == 0)
        {
            throw new ArgumentException($"{first.Count} values and {second.Count} make no pairs.", nameof(second));
        }

        double[] differences = [.. first.Zip(second, (a, b) => b - a)];
        MeanInterval mean = MeanInterval.Of(differences);
        double standardError = mean.Spread / Math.Sqrt(differences.Length);
        double t = standardError == 0.0
            ? mean.Mean == 0.0 ? 1.0 : 0.0
            : 2.0 * StudentT.CDF(0.0, 1.0, Math.Max(1, differences.Length - 1), -Math.Abs(mean.Mean) / standardError);
        return new PairedDifference(differences.Length, mean.Mean, mean.HalfInterval, differences.Length < 2 ? double.NaN : t, SignFlips(differences));
    }

    /// <summary>Mean, interval and both p.</summary>
    public override string ToString() => Count < 2
        ? string.Create(CultureInfo.InvariantCulture, $"{Mean:+0.00;-0.00} (one seed)")
        : string.Create(CultureInfo.InvariantCulture, $"{Mean:+0.00;-0.00} ± {HalfInterval:F2}, {PValue.Text(PairedT)} (sign flips {SignFlip:0.####})");

    // The share of all 2ⁿ choices of signs whose sum is as far from 0 as the one found.
    private static double SignFlips(double[] differences)
    {
        if (differences.Length > MostFlipped)
        {
            return double.NaN;
        }

        double found = Math.Abs(differences.Sum());
        double rounding = 1e-12 * differences.Sum(Math.Abs);
        int asFar = 0;
        for (int signs = 0; signs < 1 << differences.Length; signs++)
        {
            double sum = 0.0;
            for (int i = 0; i < differences.Length; i++)
            {
                sum += (signs >> i & 1) == 0 ? differences[i] : -differences[i];
            }

            asFar += Math.Abs(sum) >= found - rounding ? 1 : 0;
        }

        return (double)asFar / (1 << differences.Length);
    }
}
