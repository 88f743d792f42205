namespace Rectify.Initialization;

/// <summary>Where weights are drawn from: zero mean, with a standard deviation; normal, or uniform in ±√3·std.</summary>
/// <param name="Std">Standard deviation.</param>
/// <param name="Uniform">Uniform instead of normal.</param>
public readonly record struct WeightDistribution(double Std, bool Uniform = false);
