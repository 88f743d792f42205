namespace Rectify.Evaluation;

/// <summary>Whether two networks differ on the same images by more than chance: McNemar's test, exact and two-sided.</summary>
/// <remarks>
/// <para>Only images on which one network is right and the other wrong count. If the networks were equally good, such an image would be as likely one's as the other's:
/// p = min(1, 2·Σ_{k≤min(b,c)} C(n,k) / 2ⁿ) with n = b+c. Q. McNemar, <i>Note on the sampling error of the difference between correlated proportions or
/// percentages</i>, 1947; the exact form by the binomial distribution. It sees far smaller differences than two intervals side by side do, as the images are the same.</para>
/// <para>It is about the choice of images. Trained again with another seed, each of the two would give other errors; that is not in p.</para>
/// </remarks>
/// <param name="FirstOnly">b: images on which only the first is wrong.</param>
/// <param name="SecondOnly">c: images on which only the second is wrong.</param>
/// <param name="P">The probability of so large a difference or a larger one, if both were equally good.</param>
public sealed record McNemarTest(int FirstOnly, int SecondOnly, double P)
{
    /// <summary>Below which p a difference counts as real here.</summary>
    public const double Level = 0.05;

    /// <summary>Whether chance alone would give such a difference less often than once in twenty times.</summary>
    public bool IsReal => P < Level;

    /// <summary>The test between two tables.</summary>
    /// <param name="first">Scores.</param>
    /// <param name="second">Scores of the same images.</param>
    /// <param name="top">1 or 5: which errors count.</param>
    /// <exception cref="Tensors.RectifyException">Images, labels or classes of the two differ.</exception>
    public static McNemarTest Between(ScoreTable first, ScoreTable second, int top)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        second = ScoreAlignment.To(new ScoreMember(first.Origin.Model, first), new ScoreMember(second.Origin.Model, second));
        (int firstOnly, int secondOnly) = (0, 0);
        for (int i = 0; i < first.Images; i++)
        {
            bool wrong = IsWrong(first, i, top);
            bool wrongToo = IsWrong(second, i, top);
            firstOnly += wrong && !wrongToo ? 1 : 0;
            secondOnly += !wrong && wrongToo ? 1 : 0;
        }

        return Of(firstOnly, secondOnly);
    }

    /// <summary>The test of two numbers.</summary>
    /// <param name="firstOnly">b.</param>
    /// <param name="secondOnly">c.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is negative.</exception>
    public static McNemarTest Of(int firstOnly, int secondOnly)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstOnly);
        ArgumentOutOfRangeException.ThrowIfNegative(secondOnly);
        long n = (long)firstOnly + secondOnly;
        long least = Math.Min(firstOnly, secondOnly);

        // Σ C(n,k) = C(n,m)·(1 + m/(n−m+1) + m(m−1)/((n−m+1)(n−m+2)) + …), largest term first.
        double sum = 0;
        double term = 1;
        for (long k = least; k >= 0 && term > sum * 1e-18; k--)
        {
            sum += term;
            term *= k / (double)(n - k + 1);
        }

        double logTerm = LogFactorial(n) - LogFactorial(least) - LogFactorial(n - least) - (n * Math.Log(2));
        return new McNemarTest(firstOnly, secondOnly, firstOnly == secondOnly ? 1 : Math.Min(1, 2 * sum * Math.Exp(logTerm)));
    }

    private static double LogFactorial(long n) => MathNet.Numerics.SpecialFunctions.GammaLn(n + 1.0);

    private static bool IsWrong(ScoreTable table, int image, int top) => !table.IsRead(image) || TopK.Rank(table.Scores(image), table.Labels[image]) >= top;
}
