using Rectify.Data;
using Rectify.Layers;

namespace Rectify.Evaluation;

/// <summary>A network that is evaluated, alone or with others.</summary>
/// <param name="Name">What to call it: its run's name.</param>
/// <param name="Network">The network.</param>
/// <param name="Mean">What is subtracted from its input; of its crop's size.</param>
/// <param name="Classes">The names of its outputs.</param>
/// <param name="Weight">How much its scores count among several, above 0.</param>
public sealed record ViewMember(string Name, Network Network, MeanImage Mean, IReadOnlyList<string> Classes, double Weight = 1);
