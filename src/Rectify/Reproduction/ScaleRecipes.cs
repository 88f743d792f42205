using Rectify.Data;
using Rectify.Training;

namespace Rectify.Reproduction;

/// <summary>How networks are trained at each scale: fixed before the runs, see docs/reproduction.md. All but what is named here are a recipe's defaults.</summary>
internal static class ScaleRecipes
{
    // Filters and hidden outputs at small scales; the paper's are 1.
    private const double SmallWidth = 0.25;
    private const double LargeWidth = 0.125;

    /// <summary>The complete recipe of a network.</summary>
    /// <param name="scale">The scale.</param>
    /// <param name="data">Its pictures.</param>
    /// <param name="model">small14, small30, or one of the large models.</param>
    /// <param name="activation">Its rectifiers.</param>
    /// <param name="initialization">Its initialization.</param>
    /// <param name="seed">The seed.</param>
    public static Recipe Of(ReproductionScale scale, ReproductionData data, string model, string activation, string initialization, int seed)
    {
        Recipe recipe = NamedRecipes.IsSmall(model) ? Small(scale, model) : Large(scale, model);
        return recipe with
        {
            Activation = activation,
            Initialization = initialization,
            Data = data.Training,
            Validation = data.Validation,
            DataFingerprint = data.TrainingFingerprint,
            ValidationFingerprint = data.ValidationFingerprint,
            Training = recipe.Training with { Seed = (ulong)seed },
        };
    }

    /// <summary>The complete recipe of a large model that is to be tested at several scales: its crops come from several scales too, as the paper's do.</summary>
    /// <inheritdoc cref="Of" path="/param"/>
    public static Recipe Jittered(ReproductionScale scale, ReproductionData data, string model, string activation, int seed)
    {
        Recipe recipe = Of(scale, data, model, activation, "he-out", seed);
        if (scale == ReproductionScale.ImageNet)
        {
            return recipe;
        }

        (int least, int most) = new Preprocessing(recipe.Size).PaperScales;
        return recipe with
        {
            Augmentation = new Augmentation { ScaleMin = least, ScaleMax = most, ColourSigma = Augmentation.PaperColourSigma },
            Training = scale == ReproductionScale.Photos
                ? recipe.Training with { Epochs = 28, LearningRateDrops = [19, 25] }
                : recipe.Training with { Epochs = 15, LearningRateDrops = [10, 13] },
        };
    }

    /// <summary>The setting of an experiment's runs in words: whatever they differ in but the model is told elsewhere.</summary>
    public static string Describe(IEnumerable<Recipe> recipes) =>
        string.Join("; ", recipes.GroupBy(SettingOf).Select(group => $"{string.Join(", ", group.Select(recipe => recipe.Model).Distinct())} {group.Key}"));

    private static string SettingOf(Recipe recipe)
    {
        TrainerOptions training = recipe.Training;
        string rate = training.Plateau is not null ? "divided by 10 where the validation error plateaus, twice at most"
            : training.LearningRateDrops.Count == 0 ? "the same throughout"
            : $"divided by 10 after epochs {string.Join(" and ", training.LearningRateDrops)}";
        return FormattableString.Invariant(
            $"× {recipe.Width:0.###}, crops of {recipe.Size}, {training.Epochs} epochs, batch {training.BatchSize}, rate {training.LearningRate:g4}, {rate}; ")
            + FormattableString.Invariant($"momentum {training.Momentum:g3}, weight decay {training.WeightDecay:g3}, dropout {recipe.Dropout:g3}");
    }

    private static Recipe Small(ReproductionScale scale, string model) => scale switch
    {
        ReproductionScale.Builtin => new Recipe
        {
            Model = model,
            Width = SmallWidth,
            Size = 32,
            Training = new TrainerOptions { Epochs = 16, LearningRateDrops = [13] },
        },
        ReproductionScale.Cifar => new Recipe
        {
            Model = model,
            Width = SmallWidth,
            Size = 32,
            Training = new TrainerOptions { Epochs = 15, LearningRateDrops = [10, 13] },
        },
        ReproductionScale.Photos => new Recipe
        {
            Model = model,
            Width = SmallWidth,
            Size = 224,
            Training = new TrainerOptions { Epochs = 28, BatchSize = 32, LearningRate = 0.002, LearningRateDrops = [19, 25] },
        },
        _ => NamedRecipes.ForPaper(model),
    };

    private static Recipe Large(ReproductionScale scale, string model) => scale switch
    {
        ReproductionScale.Builtin or ReproductionScale.Cifar => new Recipe
        {
            Model = model,
            Width = LargeWidth,
            Size = 64,
            Training = new TrainerOptions { Epochs = 8 },
        },
        ReproductionScale.Photos => new Recipe
        {
            Model = model,
            Width = LargeWidth,
            Size = 224,
            Training = new TrainerOptions { Epochs = 12, BatchSize = 32, LearningRate = 0.002 },
        },
        _ => NamedRecipes.ForPaper(model),
    };
}
