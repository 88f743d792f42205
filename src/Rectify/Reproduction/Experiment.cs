using Rectify.Kernels;
using Rectify.Training;

namespace Rectify.Reproduction;

/// <summary>A table, a figure or a statement of the paper that can be run: what it claims, the trainings that it needs, and the test that judges it.</summary>
public abstract class Experiment
{
    private protected Experiment()
    {
    }

    /// <summary>What the command calls it.</summary>
    public abstract string Name { get; }

    /// <summary>Where it stands in the paper.</summary>
    public abstract string Place { get; }

    /// <summary>What it shows, with the paper's numbers.</summary>
    public abstract string Shows { get; }

    /// <summary>Whether it trains networks, at one of the scales; otherwise it computes or measures, and needs no data.</summary>
    public virtual bool Trains => true;

    /// <summary>Whether the errors on the test images are counted.</summary>
    public virtual bool CountsTestErrors => true;

    /// <summary>Minutes of what trains nothing, on two cores.</summary>
    public virtual double MinutesAt(ReproductionScale scale) => 0.0;

    /// <summary>Seeds unless told otherwise.</summary>
    public abstract int SeedsAt(ReproductionScale scale);

    /// <summary>The trainings that it needs.</summary>
    /// <param name="scale">The scale.</param>
    /// <param name="data">Its pictures.</param>
    /// <param name="seeds">How many seeds, which count from 1.</param>
    public abstract IReadOnlyList<PlannedRun> Runs(ReproductionScale scale, ReproductionData data, int seeds);

    /// <summary>The same by a machine's kernels: exact ones make runs of their own.</summary>
    /// <param name="context">The kernels.</param>
    /// <param name="scale">The scale.</param>
    /// <param name="data">Its pictures.</param>
    /// <param name="seeds">How many seeds.</param>
    public IReadOnlyList<PlannedRun> RunsWith(KernelContext context, ReproductionScale scale, ReproductionData data, int seeds)
    {
        ArgumentNullException.ThrowIfNull(context);
        IReadOnlyList<PlannedRun> runs = Runs(scale, data, seeds);
        return context.Exact ? [.. runs.Select(run => run with { Recipe = run.Recipe with { Kernels = Recipe.ExactKernels } })] : runs;
    }

    /// <summary>What follows from the finished runs: claims, tables, curves, differences.</summary>
    internal abstract ExperimentResult Conclude(ExperimentInput input);

    /// <summary>Runs of every variant for every seed, seed by seed.</summary>
    private protected static IReadOnlyList<PlannedRun> Plan(
        ReproductionScale scale, ReproductionData data, int seeds, params IReadOnlyList<(string Variant, string Model, string Activation, string Initialization)> variants) =>
    [
        .. Enumerable.Range(1, seeds).SelectMany(seed => variants.Select(variant =>
            new PlannedRun(variant.Variant, seed, ScaleRecipes.Of(scale, data, variant.Model, variant.Activation, variant.Initialization, seed)))),
    ];
}
