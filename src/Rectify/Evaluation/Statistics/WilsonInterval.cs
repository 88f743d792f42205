namespace Rectify.Evaluation;

/// <summary>Where an error rate lies, given the errors that were counted: Wilson's score interval at 95 %, in percent.</summary>
/// <remarks>
/// (p + z²/2n ± z√(p(1−p)/n + z²/4n²)) / (1 + z²/n) with p = errors/images, n = images, z = 1.96: E. B. Wilson, <i>Probable inference, the law of succession, and
/// statistical inference</i>, 1927. It holds where p ± z√(p(1−p)/n) does not: for few images, and for error rates near 0 or 100 %. It is about the choice of images
/// alone, as if they had been drawn at random; not about what another training of the same network would give.
/// </remarks>
/// <param name="Lower">Percent; 0 where there are no errors.</param>
/// <param name="Upper">Percent; 100 where there are only errors.</param>
public readonly record struct WilsonInterval(double Lower, double Upper)
{
    // The normal distribution's quantile at 97.5 %.
    private const double Z = 1.959963984540054;

    /// <summary>The interval of an error rate.</summary>
    /// <param name="errors">Errors counted.</param>
    /// <param name="images">Images looked at.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no images, or the errors are negative or more than the images.</exception>
    public static WilsonInterval Of(int errors, int images)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(images, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(errors);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(errors, images);
        double n = images;
        double p = errors / n;
        double middle = p + (Z * Z / (2 * n));
        double half = Z * Math.Sqrt((p * (1 - p) / n) + (Z * Z / (4 * n * n)));
        double scale = 100 / (1 + (Z * Z / n));
        return new WilsonInterval(errors == 0 ? 0 : scale * (middle - half), errors == images ? 100 : scale * (middle + half));
    }
}
