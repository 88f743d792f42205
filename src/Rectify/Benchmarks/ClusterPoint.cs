using Rectify.Execution;

namespace Rectify.Benchmarks;

/// <summary>A part of a training step on one machine.</summary>
/// <param name="Name">The layer, or "network".</param>
/// <param name="Pass">Which part of its work.</param>
/// <param name="Seconds">Its time.</param>
public readonly record struct ClusterPart(string Name, StepPass Pass, double Seconds);

/// <summary>What a number of machines is reckoned to reach.</summary>
/// <param name="Nodes">How many.</param>
/// <param name="ComputeSeconds">Time of a step that is computed in, the machine with most work.</param>
/// <param name="WaitSeconds">Time that is waited in for what travels.</param>
/// <param name="BytesIn">Bytes that the busiest machine takes in at each step.</param>
public sealed record ClusterPoint(int Nodes, double ComputeSeconds, double WaitSeconds, double BytesIn)
{
    /// <summary>Time of a step.</summary>
    public double Seconds => ComputeSeconds + WaitSeconds;
}
