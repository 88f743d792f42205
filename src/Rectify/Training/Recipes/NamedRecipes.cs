using Rectify.Data;
using Rectify.Models;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>The recipes that go by a name.</summary>
public static class NamedRecipes
{
    /// <summary>The paper's training.</summary>
    public const string Paper = "paper";

    /// <summary>That of docs/results/cifar10.md.</summary>
    public const string Cifar = "cifar";

    /// <summary>From trained weights to new classes.</summary>
    public const string FineTune = "finetune";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [Paper, Cifar, FineTune];

    /// <summary>A recipe by its name.</summary>
    /// <param name="name">One of <see cref="All"/>.</param>
    /// <param name="model">The model to train; null for the recipe's own. The paper's epochs and scales depend on it.</param>
    /// <exception cref="UsageException">There is no such recipe or model.</exception>
    public static RecipeDraft Find(string name, string? model = null) => name switch
    {
        Paper => new RecipeDraft(
            Paper,
            ForPaper(model ?? "a"),
            ["model", "width", "size", "activation", "training.epochs", "training.learningRateDrops"]),
        Cifar => new RecipeDraft(
            Cifar,
            new Recipe
            {
                Model = ModelCatalog.Find(model ?? "small14").Name,
                Width = 0.5,
                Size = 32,
                Training = new TrainerOptions { Epochs = 40, LearningRateDrops = [28, 36] },
            },
            ["model", "width", "size", "activation", "training.epochs", "training.learningRateDrops"]),
        FineTune => new RecipeDraft(
            FineTune,
            new Recipe
            {
                Model = ModelCatalog.Find(model ?? "small14").Name,
                Training = new TrainerOptions { Epochs = 20, BatchSize = 64, LearningRate = 0.001, LearningRateDrops = [15] },
            },
            ["training.epochs", "training.learningRateDrops"])
        {
            NeedsWeights = true,
        },
        _ => throw new UsageException($"There is no recipe '{name}': choose one of {string.Join(", ", All)}, or a JSON file such as a run's recipe.json."),
    };

    /// <summary>How the paper trains a model (section 3; Table 2 for the small ones).</summary>
    /// <exception cref="UsageException">There is no such model.</exception>
    internal static Recipe ForPaper(string model)
    {
        string name = ModelCatalog.Find(model).Name;
        bool small = IsSmall(name);
        (int least, int most) = new Preprocessing(Preprocessing.PaperCrop).PaperScales;
        return new Recipe
        {
            Model = name,
            Size = Preprocessing.PaperCrop,
            Augmentation = new Augmentation
            {
                ScaleMin = least,
                ScaleMax = small ? least : most,
                ColourSigma = Augmentation.PaperColourSigma,
            },
            Training = new TrainerOptions
            {
                Epochs = small ? 75 : 80,
                BatchSize = 128,
                LearningRate = 0.01,
                Plateau = new PlateauOptions(),
                Momentum = 0.9,
                WeightDecay = 0.0005,
            },
        };
    }

    /// <summary>Whether a model is one of Table 1 and its longer form, which train at one scale.</summary>
    internal static bool IsSmall(string model) => model.StartsWith("small", StringComparison.Ordinal);
}
