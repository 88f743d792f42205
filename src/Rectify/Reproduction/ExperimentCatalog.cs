using Rectify.Reproduction.Experiments;
using Rectify.Tensors;

namespace Rectify.Reproduction;

/// <summary>All experiments, in the paper's order.</summary>
public static class ExperimentCatalog
{
    /// <summary>Stands for all that can be run.</summary>
    public const string Everything = "all";

    /// <summary>The experiments.</summary>
    public static IReadOnlyList<Experiment> All { get; } =
    [
        new Table1(),
        new Table2(),
        new TheoryNumbers(),
        new Figure2(),
        new Figure3(),
        new InitAccuracy(),
        new Degradation(),
        new Table3(),
        new Table4(),
        new Table5(),
        new Table6(),
        new Table7(),
        new Figure4(),
        new Figure5(),
        new Figure6(),
        new Figure7(),
        new Scaling(),
    ];

    /// <summary>The experiment of a name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static Experiment Find(string name) =>
        All.FirstOrDefault(experiment => experiment.Name == name)
        ?? throw new UsageException($"There is no experiment '{name}'; choose one of {string.Join(", ", All.Select(experiment => experiment.Name))}, or {Everything}.");
}
