namespace Rectify.Evaluation;

/// <summary>Where the time of dense testing goes, in seconds.</summary>
/// <param name="Input">Memory laid out for the photo's size, its pixels less the mean written.</param>
/// <param name="Convolution">The layers before the windows.</param>
/// <param name="Pooling">Maxima, and the windows put together.</param>
/// <param name="Scoring">The fully connected layers, softmax and sums.</param>
/// <param name="Windows">How many windows were pooled.</param>
public sealed record DenseTimes(double Input, double Convolution, double Pooling, double Scoring, long Windows)
{
    /// <summary>All parts.</summary>
    public double Seconds => Input + Convolution + Pooling + Scoring;

    /// <summary>What came on top of an earlier count.</summary>
    public DenseTimes Since(DenseTimes earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return new DenseTimes(
            Input - earlier.Input, Convolution - earlier.Convolution, Pooling - earlier.Pooling, Scoring - earlier.Scoring, Windows - earlier.Windows);
    }
}
