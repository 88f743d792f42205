namespace Rectify.Reproduction.Experiments;

/// <summary>The trained models of the paper's Tables 4 to 7 and Figures 4 to 7.</summary>
internal static class LargeModels
{
    internal const string ReluA = "A, ReLU";
    internal const string PreluA = "A, PReLU";
    internal const string PreluB = "B, PReLU";
    internal const string PreluC = "C, PReLU";

    private static readonly Dictionary<string, (string Model, string Activation)> Recipes = new()
    {
        [ReluA] = ("a", "relu"),
        [PreluA] = ("a", "prelu"),
        [PreluB] = ("b", "prelu"),
        [PreluC] = ("c", "prelu"),
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [ReluA, PreluA, PreluB, PreluC];

    /// <summary>How many seeds: a training takes longer than all those of the small models together.</summary>
    public static int SeedsAt(ReproductionScale scale) => scale == ReproductionScale.Cifar ? 3 : 1;

    /// <summary>The trainings of some of them, seed by seed.</summary>
    public static IReadOnlyList<PlannedRun> Plan(ReproductionScale scale, ReproductionData data, int seeds, IReadOnlyList<string> variants) =>
    [
        .. Enumerable.Range(1, seeds).SelectMany(seed => variants.Select(variant => new PlannedRun(
            variant, seed, ScaleRecipes.Jittered(scale, data, Recipes[variant].Model, Recipes[variant].Activation, seed)))),
    ];
}
