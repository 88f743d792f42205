namespace Rectify.Initialization;

/// <summary>The standard deviations that the paper derives and those that it compares with.</summary>
public static class InitializationMath
{
    /// <summary>√(2 / ((1+a²)·n)): keeps the variance of responses (equations 10 and 15) or, with n̂, of gradients (equation 14 and its PReLU form).</summary>
    /// <param name="fan">n = k²c for the forward signal, n̂ = k²d for the backward one.</param>
    /// <param name="slope">a of the rectifier that the signal has passed: 0 for ReLU, 1 for none.</param>
    public static double HeStd(int fan, double slope) => Math.Sqrt(2.0 / ((1.0 + (slope * slope)) * fan));

    /// <summary>√(1/n): what the paper calls Xavier, in its forward case.</summary>
    public static double XavierStd(int fanIn) => Math.Sqrt(1.0 / fanIn);

    /// <summary>√(2/(1+a²))/√max(n,K): the std of orthogonal filters whose gain is He's; equation 10's where there are no more filters K than connections n.</summary>
    public static double OrthogonalStd(int fanIn, int filters, double slope) => HeStd(Math.Max(fanIn, filters), slope);

    /// <summary>(1/range)^(1/L): the factor on the std of L layers that brings inputs in [−range, range] to 1 at the end (section 2.2, "ᴸ√(1/128) on L layers").</summary>
    /// <param name="range">The input's range, 128 for pixels.</param>
    /// <param name="layers">L.</param>
    public static double InputFactor(double range, int layers) => Math.Pow(1.0 / range, 1.0 / layers);

    /// <summary>√(2/(n+n̂)): Glorot and Bengio's own average of both directions; drawn uniformly it is U(±√(6/(n+n̂))).</summary>
    public static double GlorotStd(int fanIn, int fanOut) => Math.Sqrt(2.0 / (fanIn + fanOut));
}
