using System.CommandLine;
using System.Globalization;
using Rectify.Data;
using Rectify.Initialization;
using Rectify.Models;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>The options of rectify train, and the recipe that they make.</summary>
internal sealed class TrainingOptions
{
    // What `rectify train` does when nothing is asked for: an end to end run of about two minutes on two cores.
    private const double BuiltinWidth = 0.25;
    private const int BuiltinEpochs = 16;
    private const int BuiltinDrop = 13;
    private const int DefaultEpochs = 10;

    private static readonly TrainerOptions Defaults = new();

    private readonly Option<string?> _recipe = new("--recipe")
    {
        Description = $"{string.Join(", ", NamedRecipes.All)}, or a JSON file such as a run's recipe.json; options given beside it override it.",
        HelpName = "NAME|FILE",
    };

    private readonly Option<string?> _from = new("--from")
    {
        Description = "Begin with the weights of a run or a .safetensors file, by name; what does not fit is listed and drawn anew.",
        HelpName = "RUN|FILE",
    };

    private readonly Option<string?> _freeze = new("--freeze")
    {
        Description = "Layers or parameters that are not trained, e.g. conv1,conv2_*.",
        HelpName = "NAMES",
    };

    private readonly Option<string> _data = new("--data")
    {
        Description = "Training images: a folder or .tar of class folders, a folder with parts, a .csv, CIFAR's .bin files, ImageNet's archives, or builtin[:COUNT].",
        DefaultValueFactory = _ => DataSource.Builtin,
        HelpName = "PATH",
    };

    private readonly Option<string?> _validation = new("--val")
    {
        Description = "Validation images: a path, none, or split: a tenth of each class (default: the data's val, validation or test part, else split).",
        HelpName = "PATH|none|split",
    };

    private readonly Option<string> _model = new("--model")
    {
        Description = $"One of {string.Join(", ", ModelCatalog.All.Select(m => m.Name))}.",
        DefaultValueFactory = _ => "small14",
        HelpName = "NAME",
    };

    private readonly Option<double?> _width = new("--width")
    {
        Description = "Factor on all channels (default 1; 0.25 on built-in pictures).",
        HelpName = "X",
    };

    private readonly Option<int?> _size = new("--size")
    {
        Description = "Crop in pixels (default 32 for images under 96 pixels, else 224).",
        HelpName = "N",
    };

    private readonly Option<string> _activation = new("--activation")
    {
        Description = $"One of {ActivationNames.All}.",
        DefaultValueFactory = _ => "prelu",
        HelpName = "NAME",
    };

    private readonly Option<string> _initialization = new("--init")
    {
        Description = $"One of {InitializationScheme.Names}.",
        DefaultValueFactory = _ => "he-out",
        HelpName = "NAME",
    };

    private readonly Option<float> _dropout = new("--dropout")
    {
        Description = "Dropout of the hidden fully connected layers.",
        DefaultValueFactory = _ => 0.5f,
        HelpName = "P",
    };

    private readonly Option<int?> _epochs = new("--epochs")
    {
        Description = "Passes over the training images (default 10; 16 on built-in pictures).",
        HelpName = "N",
    };

    private readonly Option<int> _batch = new("--batch")
    {
        Description = "Images of a mini-batch, in all.",
        DefaultValueFactory = _ => Defaults.BatchSize,
        HelpName = "N",
    };

    private readonly Option<int> _microBatch = new("--micro-batch")
    {
        Description = "Images at a time; the gradient is the mini-batch's (0: chosen).",
        DefaultValueFactory = _ => 0,
        HelpName = "N",
    };

    private readonly Option<double> _rate = new("--lr")
    {
        Description = "Learning rate at the start.",
        DefaultValueFactory = _ => Defaults.LearningRate,
        HelpName = "X",
    };

    private readonly Option<string?> _drops = new("--lr-drop")
    {
        Description = "Epochs after which the rate is divided by 10, e.g. 20,27.",
        HelpName = "E1,E2",
    };

    private readonly Option<int?> _plateau = new("--lr-plateau")
    {
        Description = $"Divide the rate by 10, twice at most, when the validation error has not improved for EPOCHS (default {new PlateauOptions().Patience}).",
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "EPOCHS",
    };

    private readonly Option<double?> _gain = new("--lr-gain")
    {
        Description = string.Create(
            CultureInfo.InvariantCulture, $"With a plateau: the least improvement, in points of the top-1 error (default {new PlateauOptions().LeastGain})."),
        HelpName = "X",
    };

    private readonly Option<double> _momentum = new("--momentum")
    {
        Description = "Momentum.",
        DefaultValueFactory = _ => Defaults.Momentum,
        HelpName = "X",
    };

    private readonly Option<double> _decay = new("--weight-decay")
    {
        Description = "Weight decay of weights; slopes never decay.",
        DefaultValueFactory = _ => Defaults.WeightDecay,
        HelpName = "X",
    };

    private readonly Option<int> _workers = new("--workers")
    {
        Description = "Threads that read pictures (they do not change the result).",
        DefaultValueFactory = _ => Defaults.LoaderWorkers,
        HelpName = "N",
    };

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "Seed of weights, order, augmentation and dropout.",
        DefaultValueFactory = _ => Defaults.Seed,
        HelpName = "N",
    };

    private readonly AugmentationOptions _augmentation = new();

    /// <summary>All of them.</summary>
    public Option[] All =>
    [
        _recipe, _from, _freeze, _data, _validation, _model, _width, _size, _activation, _initialization, _dropout, _epochs, _batch, _microBatch, _rate, _drops,
        _plateau, _gain, _momentum, _decay, _workers, _seed, .. _augmentation.All,
    ];

    public void AddTo(Command command)
    {
        foreach (Option option in All)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Those that say how the rate goes, which a search for a rate does itself.</summary>
    public Option[] Schedule => [_epochs, _rate, _drops, _plateau, _gain];

    /// <summary>The recipe that a command line asks for: what is written there goes before the recipe that it names, and that before the weights' own and the
    /// defaults. What belongs to machine and version is left as it is in the recipe.</summary>
    public Recipe ToRecipe(ParseResult result, IImageDecoder decoder)
    {
        T Pick<T>(Option<T> option, T otherwise) => GivenOptions.Has(result, option) ? result.GetValue(option)! : otherwise;

        string? model = GivenOptions.Has(result, _model) ? ModelCatalog.Find(result.GetValue(_model)!).Name : null;
        RecipeDraft draft = result.GetValue(_recipe) is { } name ? RecipeDraft.Open(name, model) : RecipeDraft.Empty;
        Recipe start = draft.Recipe;
        WarmStart? warm = Weights(result, draft);
        T PickOwn<T>(string key, T own, Func<Recipe, T> weights, T otherwise) => draft.Sets(key) ? own : warm?.Recipe is { } recipe ? weights(recipe) : otherwise;

        string data = Pick(_data, start.Data.Length > 0 ? start.Data : DataSource.Builtin);
        bool builtin = DataSource.IsBuiltin(data);
        bool otherData = GivenOptions.Has(result, _data);
        bool otherValidation = otherData || GivenOptions.Has(result, _validation);
        string? validation = result.GetValue(_validation) ?? (otherData || start.Validation.Length == 0 ? null : start.Validation);
        bool builtinEpochs = builtin && !GivenOptions.Has(result, _epochs) && !draft.Sets("training.epochs");
        PlateauOptions? plateau = Plateau(result, start.Training);
        IReadOnlyList<int> ownDrops = builtinEpochs && !draft.Sets("training.learningRateDrops") ? [BuiltinDrop] : start.Training.LearningRateDrops;
        Recipe recipe = start with
        {
            Model = model ?? PickOwn("model", start.Model, of => of.Model, start.Model),
            Width = result.GetValue(_width) ?? PickOwn("width", start.Width, of => of.Width, builtin ? BuiltinWidth : 1.0),
            Activation = ActivationNames.NameOf(ActivationNames.Parse(Pick(_activation, PickOwn("activation", start.Activation, of => of.Activation, start.Activation)))),
            Initialization = InitializationScheme.Parse(Pick(_initialization, start.Initialization)).ToString(),
            Dropout = Pick(_dropout, start.Dropout),
            From = warm?.Path ?? "",
            FromChecksum = GivenOptions.Has(result, _from) ? "" : start.FromChecksum,
            Data = DataSource.Absolute(data),
            Validation = DataSource.Absolute(validation ?? DataSource.DefaultValidation(data)),
            DataFingerprint = otherValidation ? "" : start.DataFingerprint,
            ValidationFingerprint = otherValidation ? "" : start.ValidationFingerprint,
            Training = start.Training with
            {
                Epochs = result.GetValue(_epochs) ?? (draft.Sets("training.epochs") ? start.Training.Epochs : builtin ? BuiltinEpochs : DefaultEpochs),
                BatchSize = Pick(_batch, start.Training.BatchSize),
                MicroBatch = Pick(_microBatch, start.Training.MicroBatch),
                LearningRate = Pick(_rate, start.Training.LearningRate),
                LearningRateDrops = result.GetValue(_drops) is { } text ? ParseDrops(text) : plateau is not null ? [] : ownDrops,
                Plateau = plateau,
                Freeze = result.GetValue(_freeze) is { } names ? ParseNames(names) : start.Training.Freeze,
                Momentum = Pick(_momentum, start.Training.Momentum),
                WeightDecay = Pick(_decay, start.Training.WeightDecay),
                Seed = Pick(_seed, start.Training.Seed),
                LoaderWorkers = Pick(_workers, start.Training.LoaderWorkers),
            },
        };
        recipe.Training.Validate();
        int size = result.GetValue(_size)
            ?? (draft.Sets("size") ? start.Size : warm?.Recipe?.Size ?? DataSource.DefaultCrop(data, decoder, result.InvocationConfiguration.Error));
        Augmentation drafted = draft.IsNamed ? Scaled(start.Augmentation, start.Size, size) : start.Augmentation;
        (Augmentation augmentation, string mean) = _augmentation.Read(result, drafted, start.Mean);
        augmentation.Validate(size);
        return recipe with { Size = size, Augmentation = augmentation, Mean = mean };
    }

    private WarmStart? Weights(ParseResult result, RecipeDraft draft)
    {
        string from = result.GetValue(_from) ?? draft.Recipe.From;
        if (from.Length == 0 && draft.NeedsWeights)
        {
            throw new UsageException($"--recipe {draft.Name} begins with trained weights; name them with --from RUN or --from FILE.safetensors.");
        }

        return from.Length > 0 ? WarmStart.Open(from) : null;
    }

    private PlateauOptions? Plateau(ParseResult result, TrainerOptions start)
    {
        bool given = GivenOptions.Has(result, _plateau);
        PlateauOptions? plateau = given ? start.Plateau ?? new PlateauOptions() : GivenOptions.Has(result, _drops) ? null : start.Plateau;
        if (given)
        {
            GivenOptions.Refuse(result, "cannot be given with --lr-plateau: the rate falls at a plateau or after fixed epochs.", _drops);
            plateau = plateau! with { Patience = result.GetValue(_plateau) ?? plateau.Patience };
        }

        if (plateau is null)
        {
            GivenOptions.Refuse(result, "is for a rate that falls at a plateau: add --lr-plateau, or leave it out.", _gain);
        }

        return plateau is null ? null : plateau with { LeastGain = result.GetValue(_gain) ?? plateau.LeastGain };
    }

    // A named recipe's scales belong to its crop and go with another one; small crops have an augmentation of their own.
    private static Augmentation Scaled(Augmentation augmentation, int crop, int size)
    {
        int Scale(int scale) => size < Preprocessing.SmallCrop ? 0 : (int)Math.Round((double)scale * size / crop);

        return size == crop ? augmentation : augmentation with { ScaleMin = Scale(augmentation.ScaleMin), ScaleMax = Scale(augmentation.ScaleMax) };
    }

    private static string[] ParseNames(string text) => text.Split(',', StringSplitOptions.TrimEntries);

    private static int[] ParseDrops(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        int[] drops = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            drops[i] = int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out int epoch)
                ? epoch
                : throw new UsageException($"--lr-drop {text}: write epochs with commas between them, e.g. 20,27.");
        }

        return drops;
    }
}
