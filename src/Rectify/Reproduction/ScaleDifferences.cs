using Rectify.Models;
using Rectify.Training;

namespace Rectify.Reproduction;

/// <summary>What differs from the paper in an experiment's data and networks: printed with each result.</summary>
internal static class ScaleDifferences
{
    private const string ImageNet = "instead of ImageNet 2012 (1000 classes, 1.28 million photos).";

    /// <summary>The differences, a sentence each.</summary>
    /// <param name="scale">The scale.</param>
    /// <param name="runs">The experiment's runs.</param>
    /// <param name="centerView">Whether errors of one view stand beside the paper's of ten.</param>
    public static IReadOnlyList<string> Of(ReproductionScale scale, IReadOnlyList<PlannedRun> runs, bool centerView)
    {
        List<string> sentences = [];
        switch (scale)
        {
            case ReproductionScale.Builtin:
                sentences.Add($"Data: built-in pictures of ten shapes {ImageNet}");
                break;
            case ReproductionScale.Cifar:
                sentences.Add($"Data: CIFAR-10 (10 classes, 50,000 pictures of 32×32; a tenth of each class is held out for validation) {ImageNet}");
                break;
            case ReproductionScale.Photos:
                sentences.Add($"Data: a small set of photos {ImageNet}");
                break;
            default:
                sentences.Add(
                    "Not stated in the paper, and so ours: when an error plateaus, the padding of the 14- and 30-layer models, the σ of colour altering (docs/paper-map.md).");
                break;
        }

        if (scale != ReproductionScale.ImageNet)
        {
            sentences.AddRange(runs.DistinctBy(run => run.Recipe.Model).Select(run => Network(run.Recipe)));
        }

        if (centerView)
        {
            sentences.Add("Errors are of one center view; the paper's are of 10 views.");
        }

        return sentences;
    }

    private static string Network(Recipe recipe)
    {
        TrainerOptions training = recipe.Training, paper = NamedRecipes.ForPaper(recipe.Model).Training;
        string form = recipe.Size < ModelSpecification.SmallCrop && ModelCatalog.Find(recipe.Model).SmallParts is not null
            ? ", in its form for small crops (stride 1, fewer bins and hidden outputs)"
            : "";

        // The paper does not give the epochs of its 30 layers.
        string epochs = recipe.Model == "small30" ? "" : FormattableString.Invariant($" instead of {paper.Epochs}");
        string batch = training.BatchSize == paper.BatchSize ? "" : $", batches of {training.BatchSize} instead of {paper.BatchSize}";
        return FormattableString.Invariant($"{recipe.Model} with {recipe.Width:0.###} of the paper's filters and hidden outputs, on crops of {recipe.Size}{form}; ")
            + FormattableString.Invariant($"{training.Epochs} epochs{epochs}{batch}, from a rate of {training.LearningRate:g4}.");
    }
}
