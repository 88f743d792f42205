using System.Globalization;

namespace Rectify.Reproduction;

/// <summary>The ratio of two quantities that were measured in pairs, with its interval: both of the logarithms, by Student's t.</summary>
/// <param name="Count">Pairs.</param>
/// <param name="Ratio">Geometric mean of second over first.</param>
/// <param name="Low">Lower end of the 95 % interval; NaN for a single pair.</param>
/// <param name="High">Its upper end; NaN for a single pair.</param>
/// <param name="PairedT">Two-sided p of the paired t-test of "the ratio is 1"; NaN for a single pair.</param>
internal sealed record RatioInterval(int Count, double Ratio, double Low, double High, double PairedT)
{
    /// <summary>Of pairs of positive numbers.</summary>
    /// <exception cref="ArgumentException">They are not as many, or none.</exception>
    public static RatioInterval Of(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        PairedDifference logs = PairedDifference.Of([.. first.Select(value => Math.Log(value))], [.. second.Select(value => Math.Log(value))]);
        return new RatioInterval(
            logs.Count, Math.Exp(logs.Mean), Math.Exp(logs.Mean - logs.HalfInterval), Math.Exp(logs.Mean + logs.HalfInterval), logs.PairedT);
    }

    /// <summary>"1.15 (1.12 to 1.18)", or the ratio alone.</summary>
    public override string ToString() => Count == 1
        ? string.Create(CultureInfo.InvariantCulture, $"{Ratio:F2}")
        : string.Create(CultureInfo.InvariantCulture, $"{Ratio:F2} ({Low:F2} to {High:F2})");
}
