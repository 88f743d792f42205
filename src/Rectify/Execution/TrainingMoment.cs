namespace Rectify.Execution;

/// <summary>Where training stands: what dropout's masks are drawn from.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Step">Training step.</param>
/// <param name="FirstSample">Index of the workspace's first image within the mini-batch.</param>
public readonly record struct TrainingMoment(ulong Seed, uint Step, int FirstSample = 0);
