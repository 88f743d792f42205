namespace Rectify.Reproduction;

/// <summary>An experiment that trains nothing: it computes and measures, and needs no data.</summary>
internal abstract class Measurement : Experiment
{
    public sealed override bool Trains => false;

    public sealed override bool CountsTestErrors => false;

    public sealed override int SeedsAt(ReproductionScale scale) => 0;

    public sealed override IReadOnlyList<PlannedRun> Runs(ReproductionScale scale, ReproductionData data, int seeds) => [];

    /// <summary>Factor on the channels of networks that are timed: half where a look is asked for, the paper's where its pictures have their size.</summary>
    private protected static double WidthAt(ReproductionScale scale) => scale is ReproductionScale.Photos or ReproductionScale.ImageNet ? 1.0 : 0.5;

    /// <summary>What differs from the paper by that width; nothing at the paper's.</summary>
    private protected static IReadOnlyList<string> WidthDifference(ReproductionScale scale) => WidthAt(scale) == 1.0
        ? []
        : [FormattableString.Invariant($"The networks that are timed have {WidthAt(scale):0.##} of the paper's width; --scale imagenet times them whole.")];
}
