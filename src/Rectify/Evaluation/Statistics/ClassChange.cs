namespace Rectify.Evaluation;

/// <summary>A class's errors by two networks on the same images.</summary>
/// <param name="Class">The class's index.</param>
/// <param name="Name">Its name.</param>
/// <param name="Images">Its images.</param>
/// <param name="FirstErrors">Errors of the first network.</param>
/// <param name="SecondErrors">Errors of the second.</param>
public sealed record ClassChange(int Class, string Name, int Images, int FirstErrors, int SecondErrors)
{
    /// <summary>By how many points of percent the second network's error is lower; negative where it is higher.</summary>
    public double Reduction => 100.0 * (FirstErrors - SecondErrors) / Images;
}
