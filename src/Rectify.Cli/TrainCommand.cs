using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Rectify.Imaging;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Models;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>rectify train.</summary>
internal static class TrainCommand
{
    private const string Help =
        """
        Trains a network from scratch and evaluates it after each epoch.

        Without options: a small PReLU network on built-in pictures, in under two minutes on two cores.
        Example: rectify train --data photos/ --model small14 --width 0.5 --epochs 30 --lr-drop 20,27
        DATA is a folder (or a .tar) of class folders with JPEG or PNG files.
        """;

    public static Command Create(string[] arguments)
    {
        Option<string> data = new("--data") { Description = "Training images: a folder or .tar of class folders, or builtin[:COUNT].", DefaultValueFactory = _ => DataSource.Builtin, HelpName = "PATH" };
        Option<string> validation = new("--val") { Description = "Validation images: a path, none, or split: a tenth of each class.", DefaultValueFactory = _ => DataSource.Split, HelpName = "PATH|none" };
        Option<string> model = new("--model") { Description = $"One of {string.Join(", ", ModelCatalog.All.Select(m => m.Name))}.", DefaultValueFactory = _ => "small14", HelpName = "NAME" };
        Option<double?> width = new("--width") { Description = "Factor on all channels (default 1; 0.25 on built-in pictures).", HelpName = "X" };
        Option<int?> size = new("--size") { Description = "Crop in pixels (default 32 for images under 96 pixels, else 224).", HelpName = "N" };
        Option<string> activation = new("--activation") { Description = $"One of {ActivationNames.All}.", DefaultValueFactory = _ => "prelu", HelpName = "NAME" };
        Option<string> initialization = new("--init") { Description = $"One of {InitializationScheme.Names}.", DefaultValueFactory = _ => "he-out", HelpName = "NAME" };
        Option<float> dropout = new("--dropout") { Description = "Dropout of the hidden fully connected layers.", DefaultValueFactory = _ => 0.5f, HelpName = "P" };
        Option<int?> epochs = new("--epochs") { Description = "Passes over the training images (default 10).", HelpName = "N" };
        Option<int> batch = new("--batch") { Description = "Images of a mini-batch, in all.", DefaultValueFactory = _ => 128, HelpName = "N" };
        Option<int> microBatch = new("--micro-batch") { Description = "Images at a time; the gradient is the mini-batch's (0: chosen).", DefaultValueFactory = _ => 0, HelpName = "N" };
        Option<double> rate = new("--lr") { Description = "Learning rate at the start.", DefaultValueFactory = _ => 0.01, HelpName = "X" };
        Option<string?> drops = new("--lr-drop") { Description = "Epochs after which the rate is divided by 10, e.g. 20,27.", HelpName = "E1,E2" };
        Option<double> momentum = new("--momentum") { Description = "Momentum.", DefaultValueFactory = _ => 0.9, HelpName = "X" };
        Option<double> decay = new("--weight-decay") { Description = "Weight decay of weights; slopes never decay.", DefaultValueFactory = _ => 0.0005, HelpName = "X" };
        Option<int> workers = new("--workers") { Description = "Threads that read pictures (they do not change the result).", DefaultValueFactory = _ => 2, HelpName = "N" };
        Option<ulong> seed = new("--seed") { Description = "Seed of weights, order, augmentation and dropout.", DefaultValueFactory = _ => 1, HelpName = "N" };
        Option<string?> run = new("--run") { Description = "Name of the run's folder under runs/ (default: the next free MODEL-N).", HelpName = "NAME" };
        Option<string?> resume = new("--resume") { Description = "Continue an interrupted run; all else is taken from its recipe.", HelpName = "NAME" };
        Option<bool> json = new("--json") { Description = "Print one JSON object as the last line of standard output; all else goes to standard error." };
        EngineOptions engine = new();
        Command command = new("train", Help)
        {
            data, validation, model, width, size, activation, initialization, dropout, epochs, batch, microBatch, rate, drops, momentum, decay, workers, seed, run, resume, json,
        };
        engine.AddTo(command);
        command.SetAction(result =>
        {
            KernelContext context = engine.Open(result);
            using (context.Workers)
            using (PhotoDecoder decoder = new())
            {
                TrainingSession session = new(context, decoder, result.InvocationConfiguration.Output, result.InvocationConfiguration.Error, result.GetValue(json));
                if (result.GetValue(resume) is { } name)
                {
                    return session.Resume(name);
                }

                string from = result.GetValue(data)!;
                bool builtin = from == DataSource.Builtin;
                Recipe recipe = new()
                {
                    Version = Version,
                    Command = ["rectify", .. arguments],
                    Machine = $"{RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}",
                    Isa = context.Isa.ToString(),
                    Threads = context.Workers.Count,
                    Model = ModelCatalog.Find(result.GetValue(model)!).Name,
                    Width = result.GetValue(width) ?? (builtin ? BuiltinRun.Width : 1.0),
                    Size = result.GetValue(size) ?? DataSource.DefaultCrop(from, decoder),
                    Activation = ActivationNames.NameOf(ActivationNames.Parse(result.GetValue(activation)!)),
                    Initialization = InitializationScheme.Parse(result.GetValue(initialization)!).ToString(),
                    Dropout = result.GetValue(dropout),
                    Data = from,
                    Validation = result.GetValue(validation)!,
                    Training = new TrainerOptions
                    {
                        Epochs = result.GetValue(epochs) ?? (builtin ? BuiltinRun.Epochs : 10),
                        BatchSize = result.GetValue(batch),
                        MicroBatch = result.GetValue(microBatch),
                        LearningRate = result.GetValue(rate),
                        LearningRateDrops = result.GetValue(drops) is { } text ? ParseDrops(text) : builtin && result.GetValue(epochs) is null ? BuiltinRun.Drops : [],
                        Momentum = result.GetValue(momentum),
                        WeightDecay = result.GetValue(decay),
                        Seed = result.GetValue(seed),
                        LoaderWorkers = result.GetValue(workers),
                    },
                };
                recipe.Training.Validate();
                return session.Start(recipe, result.GetValue(run));
            }
        });
        return command;
    }

    private static string Version => typeof(TrainCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

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

    // What `rectify train` does when nothing is asked for: an end to end run of under two minutes on two cores.
    private static class BuiltinRun
    {
        public const double Width = 0.25;
        public const int Epochs = 16;

        public static int[] Drops { get; } = [13];
    }
}
