using Rectify.Diagnostics;
using Rectify.Layers;
using Rectify.Training;

namespace Rectify.Reports;

/// <summary>What a checkpoint says of its network.</summary>
/// <param name="Checkpoint">Which checkpoint.</param>
/// <param name="Parameters">Numbers that are learned.</param>
/// <param name="SlopeCount">Those of them that are slopes.</param>
/// <param name="MultiplyAdds">Multiply-adds of a forward pass of one crop.</param>
/// <param name="Slopes">Slopes by layer.</param>
/// <param name="Filters">The first convolution's filters; null where it does not read RGB.</param>
public sealed record NetworkFacts(
    string Checkpoint, long Parameters, long SlopeCount, long MultiplyAdds, IReadOnlyList<SlopeStatistics> Slopes, FilterBank? Filters)
{
    /// <summary>Those of a trained network.</summary>
    public static NetworkFacts Of(TrainedNetwork trained)
    {
        ArgumentNullException.ThrowIfNull(trained);
        Network network = trained.Network;
        return new NetworkFacts(
            trained.Checkpoint,
            network.ParameterCount,
            network.SlopeCount,
            network.MultiplyAdds(network.Input),
            SlopeStatistics.Of(network),
            FilterBank.Of(network));
    }
}
