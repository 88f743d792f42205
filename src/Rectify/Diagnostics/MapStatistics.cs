using Rectify.Tensors;

namespace Rectify.Diagnostics;

/// <summary>Mean, standard deviation and root mean square of the numbers of a map.</summary>
/// <param name="Mean">Mean.</param>
/// <param name="Std">√(E[x²] − mean²).</param>
/// <param name="Rms">√E[x²]: what the theory's variances, of zero mean, are compared with.</param>
public readonly record struct MapStatistics(double Mean, double Std, double Rms)
{
    /// <summary>Of a map's numbers, surplus lanes left out.</summary>
    /// <param name="shape">The map.</param>
    /// <param name="values">Its numbers, at least one.</param>
    public static MapStatistics Of(MapShape shape, ReadOnlySpan<float> values)
    {
        double sum = 0.0;
        double squares = 0.0;
        for (int pixel = 0; pixel < shape.Pixels; pixel++)
        {
            foreach (float value in values.Slice(pixel * shape.Pitch, shape.C))
            {
                sum += value;
                squares += (double)value * value;
            }
        }

        double count = (double)shape.Pixels * shape.C;
        return Of(sum / count, squares / count);
    }

    internal static MapStatistics Of(double mean, double meanSquare) => new(mean, Math.Sqrt(Math.Max(0.0, meanSquare - (mean * mean))), Math.Sqrt(meanSquare));
}
