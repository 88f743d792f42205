using Rectify.Data;
using Rectify.Diagnostics;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Layers;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>What a run begins with: weights, drawn or taken over, and the mean image. The same bits each time.</summary>
internal static class FirstWeights
{
    /// <summary>Gives a network its first weights.</summary>
    /// <param name="network">The recipe's network.</param>
    /// <param name="data">Recipe and images.</param>
    /// <param name="statistics">Those of the images; null to compute the mean alone.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <param name="people">Hears what was taken over from other weights.</param>
    /// <returns>The mean image.</returns>
    public static MeanImage Set(Network network, TrainingData data, DatasetStatistics? statistics, KernelContext context, TextWriter people)
    {
        Recipe recipe = data.Recipe;
        InitializationOptions initialization = recipe.BuildInitialization();
        Initializer.Apply(network, initialization, recipe.Training.Seed, context.Workers);
        if (recipe.From.Length > 0)
        {
            TakeOver(recipe, network, people);
        }

        MeanImage mean = statistics is not null
            ? statistics.Mean.As(recipe.MeanKind)
            : MeanImage.Compute(data.Training, recipe.Size, new Preprocessing(recipe.Size).EvaluationScale, recipe.MeanKind, workers: context.Workers);
        if (initialization.Scheme.Rule == InitializationRule.Lsuv)
        {
            LayerSequentialUnitVariance.Apply(network, context, data.Training, data.View(mean), recipe.Training.Seed);
        }

        return mean;
    }

    // What is not taken over is listed: nothing in silence.
    private static void TakeOver(Recipe recipe, Network network, TextWriter people)
    {
        WarmStart weights = WarmStart.Open(recipe.From);
        if (recipe.FromChecksum.Length > 0 && recipe.FromChecksum != weights.Checksum())
        {
            throw new RectifyException(
                $"{recipe.From} has changed since the recipe was written, so it would not begin in the same weights; bring the file back, or name it anew with --from.");
        }

        WarmStartReport report = weights.Apply(network, recipe.Classes);
        CommandTree.Tell(people, $"{report.Loaded.Count} of {network.Parameters.Count} parameters begin as in {recipe.From}");
        foreach (IGrouping<string, LeftParameter> left in report.Left.GroupBy(left => left.Reason))
        {
            CommandTree.Tell(people, $"  drawn anew: {string.Join(", ", left.Select(each => each.Name))}: {left.Key}");
        }

        if (report.Unused.Count > 0)
        {
            CommandTree.Tell(people, $"  not used: {string.Join(", ", report.Unused)}");
        }
    }
}
