namespace Rectify.Tests.Kernels;

// Gradients against central differences of a scalar, in float64. A coordinate within its kink window is left out, and no more than half may be.
internal static class GradientCheck
{
    // The truncation error of a central difference is h²/6·f‴, its rounding error about 1e-16·|f|/h: with h = 1e-5 and |f| below 100 both stay below 1e-8.
    private const double Step = 1e-5;
    private const double Tolerance = 1e-7;

    public static void Run(string name, double[] at, double[] gradient, Func<double> objective, Func<int, double, bool>? kink = null)
    {
        Assert.Equal(at.Length, gradient.Length);
        int skipped = 0;
        for (int i = 0; i < at.Length; i++)
        {
            if (kink?.Invoke(i, 4 * Step) == true)
            {
                skipped++;
                continue;
            }

            double kept = at[i];
            at[i] = kept + Step;
            double above = objective();
            at[i] = kept - Step;
            double below = objective();
            at[i] = kept;
            double numeric = (above - below) / (2 * Step);
            double allowed = Tolerance * Math.Max(1.0, Math.Abs(numeric));
            Assert.True(
                Math.Abs(numeric - gradient[i]) <= allowed,
                $"{name}[{i}] at {kept:R}: the gradient is {gradient[i]:R}, the difference quotient {numeric:R}, allowed error {allowed:R}.");
        }

        Assert.True(2 * skipped <= at.Length, $"{name}: {skipped} of {at.Length} coordinates lie at a kink; draw others.");
    }

    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0.0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
