using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Random colour altering: a shift of R, G and B, the same for all pixels of a crop, along the principal components of the training pictures' colours.</summary>
/// <remarks>
/// <para>shift = Σᵢ αᵢ · √λᵢ · pᵢ with αᵢ ~ N(0, σ²), i = 1, 2, 3; pᵢ and λᵢ are eigenvectors and eigenvalues of the 3×3 covariance of R, G, B on 0..255. So the
/// shift along each component has σ times the standard deviation that pixels have along it.</para>
/// <para>Krizhevsky et al. 2012 (section 4.1) write αᵢ · λᵢ, which depends on the unit: on 0..255 the first component of natural pictures has λ ≈ 14,000, and σ = 0.1
/// would shift by 1,400 levels; on 0..1 the same formula shifts by 5.5 levels. Their code (cuda-convnet2) multiplies by what it calls the components' standard
/// deviations. Those, √λ, are the form that means the same on every scale, and the one here: about 12 levels along the first component of natural pictures for
/// σ = 0.1. Ports of fb.resnet.torch multiply by eigenvalues on 0..1 (0.2175, 0.0188, 0.0045): they shift half as far along the first component,
/// a seventh and a fifteenth as far along the others.</para>
/// <para>Nothing is clipped to 0..255. Immutable.</para>
/// </remarks>
public sealed class ColourShift
{
    /// <summary>Three components' shifts of R, G and B.</summary>
    internal const int StepCount = 9;

    private readonly double[] _steps = new double[StepCount];

    /// <summary>Altering by given components.</summary>
    /// <param name="eigenvalues">[3] variances along the components, on 0..255; taken as float32, so that a file of statistics gives the same bits.</param>
    /// <param name="eigenvectors">[3,3]: row i is the unit vector of component i over R, G, B; as float32 too.</param>
    /// <param name="sigma">σ, above 0.</param>
    /// <exception cref="ArgumentException">There are not three components, or a value is negative where that makes no sense.</exception>
    public ColourShift(IReadOnlyList<double> eigenvalues, double[,] eigenvectors, double sigma)
    {
        ArgumentNullException.ThrowIfNull(eigenvalues);
        ArgumentNullException.ThrowIfNull(eigenvectors);
        if (eigenvalues.Count != 3 || eigenvectors.GetLength(0) != 3 || eigenvectors.GetLength(1) != 3 || !(sigma > 0) || eigenvalues.Any(v => !(v >= 0)))
        {
            throw new ArgumentException("Colour altering takes three eigenvalues of at least 0, their eigenvectors over R, G, B, and a σ above 0.", nameof(eigenvalues));
        }

        Sigma = sigma;
        for (int i = 0; i < 3; i++)
        {
            for (int c = 0; c < 3; c++)
            {
                _steps[(3 * i) + c] = sigma * Math.Sqrt((float)eigenvalues[i]) * (float)eigenvectors[i, c];
            }
        }
    }

    /// <summary>Altering along the components of a data set.</summary>
    public ColourShift(DatasetStatistics statistics, double sigma)
        : this((statistics ?? throw new ArgumentNullException(nameof(statistics))).Eigenvalues, statistics.Eigenvectors, sigma)
    {
    }

    private ColourShift(ReadOnlySpan<double> steps, double sigma)
    {
        Sigma = sigma;
        steps.CopyTo(_steps);
    }

    /// <summary>σ: standard deviation of a shift along a component, in standard deviations of the pixels along it.</summary>
    public double Sigma { get; }

    /// <summary>[component][R, G, B]: σ√λᵢ pᵢ, the shift for αᵢ = σ.</summary>
    internal ReadOnlySpan<double> Steps => _steps;

    /// <summary>The same altering from its steps.</summary>
    internal static ColourShift Of(ReadOnlySpan<double> steps, double sigma) => new(steps, sigma);

    /// <summary>Draws a shift in levels: α₁, α₂, α₃, in this order.</summary>
    public (float Red, float Green, float Blue) Draw(ref RandomStream random)
    {
        double red = 0, green = 0, blue = 0;
        for (int i = 0; i < _steps.Length; i += 3)
        {
            double alpha = random.NextGaussian();
            red += alpha * _steps[i];
            green += alpha * _steps[i + 1];
            blue += alpha * _steps[i + 2];
        }

        return ((float)red, (float)green, (float)blue);
    }
}
