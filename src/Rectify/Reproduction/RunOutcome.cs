using Rectify.Training;

namespace Rectify.Reproduction;

/// <summary>A finished run of an experiment.</summary>
/// <param name="Planned">What it stands for.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="History">How it went.</param>
/// <param name="Test">Its errors on the test images; null where the experiment does not ask for them.</param>
internal sealed record RunOutcome(PlannedRun Planned, RunFolder Folder, RunHistory History, TestErrors? Test)
{
    /// <summary>What it stands for in the experiment.</summary>
    public string Variant => Planned.Variant;

    /// <summary>Its seed.</summary>
    public int Seed => Planned.Seed;

    /// <summary>Top-1 error on the test images in percent.</summary>
    public double Top1ErrorPercent => Test!.Top1ErrorPercent;
}
