namespace Rectify.Initialization;

/// <summary>Where weights are drawn from: zero mean, with a standard deviation; normal, uniform in ±√3·std, or orthogonal.</summary>
/// <param name="Std">Standard deviation.</param>
/// <param name="Uniform">Uniform instead of normal.</param>
/// <param name="Orthogonal">Filters at right angles to each other, all of one length; where there are more filters than connections, the connections' weights are.</param>
public readonly record struct WeightDistribution(double Std, bool Uniform = false, bool Orthogonal = false);
