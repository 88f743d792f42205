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
    // What `rectify train` does when nothing is asked for: an end to end run of under two minutes on two cores.
    private const double BuiltinWidth = 0.25;
    private const int BuiltinEpochs = 16;
    private const int BuiltinDrop = 13;
    private const int DefaultEpochs = 10;

    private static readonly TrainerOptions Defaults = new();

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

    /// <summary>All of them.</summary>
    public Option[] All =>
    [
        _data, _validation, _model, _width, _size, _activation, _initialization, _dropout, _epochs, _batch, _microBatch, _rate, _drops, _momentum, _decay,
        _workers, _seed,
    ];

    public void AddTo(Command command)
    {
        foreach (Option option in All)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The recipe that a command line asks for; what belongs to machine and version is left open.</summary>
    public Recipe ToRecipe(ParseResult result, IImageDecoder decoder)
    {
        string data = result.GetValue(_data)!;
        bool builtin = DataSource.IsBuiltin(data);
        bool builtinSchedule = builtin && result.GetValue(_epochs) is null;
        Recipe recipe = new()
        {
            Model = ModelCatalog.Find(result.GetValue(_model)!).Name,
            Width = result.GetValue(_width) ?? (builtin ? BuiltinWidth : 1.0),
            Activation = ActivationNames.NameOf(ActivationNames.Parse(result.GetValue(_activation)!)),
            Initialization = InitializationScheme.Parse(result.GetValue(_initialization)!).ToString(),
            Dropout = result.GetValue(_dropout),
            Data = DataSource.Absolute(data),
            Validation = DataSource.Absolute(result.GetValue(_validation) ?? DataSource.DefaultValidation(data)),
            Training = new TrainerOptions
            {
                Epochs = result.GetValue(_epochs) ?? (builtin ? BuiltinEpochs : DefaultEpochs),
                BatchSize = result.GetValue(_batch),
                MicroBatch = result.GetValue(_microBatch),
                LearningRate = result.GetValue(_rate),
                LearningRateDrops = result.GetValue(_drops) is { } text ? ParseDrops(text) : builtinSchedule ? [BuiltinDrop] : [],
                Momentum = result.GetValue(_momentum),
                WeightDecay = result.GetValue(_decay),
                Seed = result.GetValue(_seed),
                LoaderWorkers = result.GetValue(_workers),
            },
        };
        recipe.Training.Validate();
        return recipe with { Size = result.GetValue(_size) ?? DataSource.DefaultCrop(data, decoder, result.InvocationConfiguration.Error) };
    }

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
