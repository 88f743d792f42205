using Rectify.Benchmarks;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Layers;
using Rectify.Training;

namespace Rectify.Reproduction;

/// <summary>How long runs will take on this machine, from a few training steps of each network.</summary>
/// <remarks>Validation counts as a third of a training step an image. Loading counts as nothing: it has threads of its own.</remarks>
/// <param name="context">Threads, vector width and which kernels.</param>
public sealed class RunEstimate(KernelContext context)
{
    // Enough to measure, and few enough that the paper's models fit into modest memories.
    private const int LargeCrop = 96;
    private const int FewImages = 8;
    private const int Classes = 10;

    private readonly Dictionary<(string Model, double Width, int Size), double> _secondsPerImage = [];

    /// <summary>Seconds of a run from its first step to its last.</summary>
    /// <param name="recipe">Its recipe.</param>
    /// <param name="data">How many pictures it has.</param>
    public double SecondsOf(Recipe recipe, ReproductionData data)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(data);
        int images = CountOf(recipe.Data) ?? data.Images;
        return recipe.Training.Epochs * (images + (data.ValidationImages / 3.0)) * SecondsPerImage(recipe);
    }

    private double SecondsPerImage(Recipe recipe)
    {
        if (_secondsPerImage.TryGetValue((recipe.Model, recipe.Width, recipe.Size), out double known))
        {
            return known;
        }

        int batch = recipe.Size < LargeCrop ? recipe.Training.BatchSize : FewImages;
        using Network network = (recipe with { Classes = [.. Enumerable.Range(0, Classes).Select(i => $"{i}")] }).BuildNetwork();
        Initializer.Apply(network, recipe.BuildInitialization(), recipe.Training.Seed, context.Workers);
        using TrainingStepBenchmark benchmark = new(network, context, batch);
        _ = benchmark.RunOnce();
        double seconds = Math.Min(benchmark.RunOnce(), benchmark.RunOnce()) / batch;
        return _secondsPerImage[(recipe.Model, recipe.Width, recipe.Size)] = seconds;
    }

    // "builtin:COUNT"
    private static int? CountOf(string data) =>
        data.StartsWith(ReproductionData.Builtin + ":", StringComparison.Ordinal) && int.TryParse(data.AsSpan(ReproductionData.Builtin.Length + 1), out int count) ? count : null;
}
