using Rectify.Kernels;

namespace Rectify.Reproduction;

/// <summary>What an experiment concludes from.</summary>
/// <param name="Scale">The scale.</param>
/// <param name="Seeds">How many seeds.</param>
/// <param name="Outcomes">Its finished runs, in the order in which they were planned.</param>
/// <param name="Context">Threads and vector width for what is measured now.</param>
/// <param name="Host">Opens pictures.</param>
internal sealed record ExperimentInput(
    ReproductionScale Scale, int Seeds, IReadOnlyList<RunOutcome> Outcomes, KernelContext Context, IReproductionHost Host)
{
    /// <summary>The runs of a variant, by seed.</summary>
    public IReadOnlyList<RunOutcome> Of(string variant) => [.. Outcomes.Where(outcome => outcome.Variant == variant).OrderBy(outcome => outcome.Seed)];
}
