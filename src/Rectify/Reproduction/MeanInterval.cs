using System.Globalization;
using MathNet.Numerics.Distributions;

namespace Rectify.Reproduction;

/// <summary>A mean over seeds with its interval.</summary>
/// <param name="Count">Values.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Spread">Their standard deviation, over n − 1; NaN for a single value.</param>
/// <param name="HalfInterval">Half of the 95 % interval of the mean: t(0.975; n − 1)·s/√n; NaN for a single value.</param>
internal sealed record MeanInterval(int Count, double Mean, double Spread, double HalfInterval)
{
    /// <summary>The mean of values.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static MeanInterval Of(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0)
        {
            throw new ArgumentException("No values have no mean.", nameof(values));
        }

        double mean = values.Average();
        if (values.Count == 1)
        {
            return new MeanInterval(1, mean, double.NaN, double.NaN);
        }

        double spread = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
        double quantile = StudentT.InvCDF(0.0, 1.0, values.Count - 1, 0.975);
        return new MeanInterval(values.Count, mean, spread, quantile * spread / Math.Sqrt(values.Count));
    }

    /// <summary>"12.34 ± 0.21", or the value alone.</summary>
    public override string ToString() => Count == 1
        ? string.Create(CultureInfo.InvariantCulture, $"{Mean:F2}")
        : string.Create(CultureInfo.InvariantCulture, $"{Mean:F2} ± {HalfInterval:F2}");
}
