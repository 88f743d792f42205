using Rectify.Execution;

namespace Rectify.Benchmarks;

/// <summary>What a number of cores is reckoned to reach.</summary>
/// <param name="Cores">How many.</param>
/// <param name="Parts">The parts of a run.</param>
public sealed record ScalingPoint(int Cores, IReadOnlyList<ScalingPart> Parts)
{
    /// <summary>Time of a run.</summary>
    public double Seconds => Parts.Sum(part => part.Seconds(Cores));

    /// <summary>Time that one core takes for the work as it is cut for these cores.</summary>
    public double WorkSeconds => Parts.Sum(part => part.WorkSeconds + part.SerialSeconds);
}

/// <summary>A part of a run.</summary>
/// <param name="Name">The layer; "network" for what is done to all of it at once.</param>
/// <param name="Pass">Which part of its work.</param>
/// <param name="WorkSeconds">Its jobs, on one core.</param>
/// <param name="SerialSeconds">What lies between them.</param>
/// <param name="UnevenSeconds">Cores that wait, for the chunks are no multiple of them.</param>
/// <param name="HandingSeconds">Handing jobs out.</param>
/// <param name="MemorySeconds">By how much memory is slower than the cores.</param>
public sealed record ScalingPart(
    string Name, StepPass Pass, double WorkSeconds, double SerialSeconds, double UnevenSeconds, double HandingSeconds, double MemorySeconds)
{
    /// <summary>Its time on a number of cores.</summary>
    public double Seconds(int cores) => (WorkSeconds / cores) + SerialSeconds + UnevenSeconds + HandingSeconds + MemorySeconds;
}
