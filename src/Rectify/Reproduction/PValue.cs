using System.Globalization;

namespace Rectify.Reproduction;

/// <summary>A test's p in words.</summary>
internal static class PValue
{
    // What 1 − CDF can tell from 0 in double precision.
    private const double Least = 1e-15;

    // Four decimals say no more below.
    private const double Small = 1e-4;

    /// <summary>"p = 0.0132", "p = 1.27e-5", "p &lt; 1e-15"; of one seed, which has no spread, "no p".</summary>
    public static string Text(double p) => double.IsNaN(p) ? "no p" : p < Least ? "p < 1e-15" : $"p = {p.ToString(p < Small ? "0.##e+0" : "0.####", CultureInfo.InvariantCulture)}";
}
