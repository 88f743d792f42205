using System.CommandLine;
using Rectify.Data;
using Rectify.Diagnostics;
using Rectify.Imaging;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Models;
using Rectify.Onnx.Conversion;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>rectify diagnose.</summary>
internal static class DiagnoseCommand
{
    private const int MostImages = 1024;

    private const string Help =
        """
        Says whether a network will learn, before the first step or in the midst of a run: where the signal fades, and what to change.

        Example: rectify diagnose --model small30 --init xavier --activation relu
        Example: rectify diagnose --model small30 --compare he-out,xavier,lsuv,orthogonal
        Example: rectify diagnose --model b --init xavier --data photos/      rectify diagnose --run small14-1 --checkpoint last
        Example: rectify diagnose net.onnx --input imagenet --data photos/      (a model of another program; docs/formats.md says which)
        It makes one forward and one backward pass. Give the --size and --width that you will train with: the answer depends on them.
        """;

    public static Command Create()
    {
        Argument<string?> file = new("FILE") { Description = "An ONNX model instead.", Arity = ArgumentArity.ZeroOrOne };
        OnnxModelOptions foreign = new();
        Option<string?> model = new("--model") { Description = $"One of {string.Join(", ", ModelCatalog.All.Select(m => m.Name))} (default small14).", HelpName = "NAME" };
        Option<string?> run = new("--run") { Description = "A run's network with what it has learned instead.", HelpName = "NAME" };
        Option<string?> checkpoint = new("--checkpoint") { Description = "With --run: best, last or last-1 (default: best where there is one).", HelpName = "NAME" };
        Option<string> initialization = new("--init") { Description = $"One of {InitializationScheme.Names}.", DefaultValueFactory = _ => "he-out", HelpName = "NAME" };
        Option<string?> compare = new("--compare") { Description = "Several initializations in one table, with commas between them.", HelpName = "A,B,…" };
        Option<string> activation = new("--activation") { Description = $"One of {ActivationNames.All}.", DefaultValueFactory = _ => "prelu", HelpName = "NAME" };
        Option<string?> data = new("--data") { Description = "Pictures: all that rectify train takes (default builtin, or the run's).", HelpName = "PATH" };
        Option<double> width = new("--width") { Description = "Factor on all channels.", DefaultValueFactory = _ => 1.0, HelpName = "X" };
        Option<int?> size = new("--size")
        {
            Description = "Crop in pixels (default 32 for pictures under 96 pixels and, on built-in ones, for small14 and small30; else 224).",
            HelpName = "N",
        };
        Option<int?> images = new("--images") { Description = $"Pictures to look at, 8 to {MostImages} (default 64; 16 for crops of 96 pixels and more).", HelpName = "N" };
        Option<double?> rate = new("--lr") { Description = "The learning rate that you will train with (default 0.01, or the run's).", HelpName = "X" };
        Option<ulong> seed = new("--seed") { Description = "Seed of weights and of which pictures.", DefaultValueFactory = _ => 1UL, HelpName = "N" };
        Option<bool> json = new("--json") { Description = "Print one JSON object as the last line of standard output." };
        EngineOptions engine = new();
        Command command = new("diagnose", Help) { file, model, run, checkpoint, initialization, compare, activation, data, width, size, images, rate, seed, json };
        foreign.AddTo(command);
        engine.AddTo(command);
        command.SetAction(result =>
        {
            CheckpointFolder.CheckName(result.GetValue(checkpoint));
            if (result.GetValue(file) is { } given)
            {
                GivenOptions.Refuse(result, $"cannot be given with {given}: the file says what its network is.", run, model, initialization, compare, activation, width);
            }
            else
            {
                GivenOptions.Refuse(result, "is for an ONNX model: name its file.", foreign.All);
            }

            if (result.GetValue(run) is not null)
            {
                GivenOptions.Refuse(
                    result, "cannot be given with --run: the run's recipe and checkpoint say what its network is.", model, initialization, compare, activation, width, size);
            }
            else
            {
                GivenOptions.Refuse(result, "is a run's: name it with --run, or leave it out.", checkpoint);
            }

            if (result.GetValue(compare) is not null)
            {
                GivenOptions.Refuse(result, "cannot be given with --compare: name all initializations there.", initialization);
            }

            if (result.GetValue(images) is < 8 or > MostImages)
            {
                throw new UsageException($"--images {result.GetValue(images)}: choose 8 to {MostImages}.");
            }

            if (result.GetValue(rate) is { } asked && !(double.IsFinite(asked) && asked > 0))
            {
                throw new UsageException($"--lr {asked}: the learning rate must be a positive number; the paper starts at 0.01.");
            }

            InitializationScheme[] schemes = Schemes(result.GetValue(compare) ?? result.GetValue(initialization)!, result.GetValue(compare) is not null);
            KernelContext context = engine.Open(result);
            using (context.Workers)
            using (PhotoDecoder decoder = new())
            using (TrainedNetwork? trained = result.GetValue(file) is { } path
                ? OnnxNetwork.Load(path, foreign.Read(result, result.GetValue(size)), context)
                : result.GetValue(run) is { } name ? RunFolder.Open(name).Load(result.GetValue(checkpoint)) : null)
            {
                Recipe recipe = trained?.Recipe ?? NewRecipe(result.GetValue(model) ?? "small14", result.GetValue(activation)!, result.GetValue(width));
                string from = result.GetValue(data) ?? (trained is null || recipe.Data.Length == 0 ? DataSource.Builtin : recipe.Data);
                int crop = trained?.Recipe.Size ?? result.GetValue(size) ?? DefaultCrop(recipe.Model, from, decoder);

                // Options that make no sense are found before any data is read.
                if (trained is null)
                {
                    (recipe with { Size = crop, Classes = ["one", "other"] }).BuildNetwork().Dispose();
                }

                string validation = from == recipe.Data ? recipe.Validation : DataSource.DefaultValidation(from);
                IDataset pictures = DataSource.OpenTraining(from, validation, crop, decoder, result.InvocationConfiguration.Error);
                recipe = recipe with { Size = crop, Classes = trained is null ? [.. pictures.Classes] : ClassesOf(trained, pictures) };
                DiagnosisSubject subject = new(recipe, ClassMap.Apply(pictures, recipe.Classes), trained, result.GetValue(rate) ?? recipe.Training.LearningRate)
                {
                    Images = result.GetValue(images) ?? (crop < Preprocessing.SmallCrop ? 64 : 16),
                    Seed = result.GetValue(seed),
                };
                TextWriter output = result.InvocationConfiguration.Output;
                TextWriter people = result.GetValue(json) ? result.InvocationConfiguration.Error : output;
                people.WriteLine(subject.Describe(from, result.GetValue(compare) is null ? schemes[0] : null));
                if (result.GetValue(compare) is null)
                {
                    Diagnosis diagnosis = subject.Diagnose(context, schemes[0]);
                    DiagnosisPrinter.Write(people, diagnosis);
                    if (result.GetValue(json))
                    {
                        DiagnosisPrinter.WriteJson(output, diagnosis);
                    }
                }
                else
                {
                    (InitializationScheme Scheme, Diagnosis Diagnosis)[] all = [.. schemes.Select(scheme => (scheme, subject.Diagnose(context, scheme)))];
                    DiagnosisPrinter.WriteComparison(people, all);
                    if (result.GetValue(json))
                    {
                        DiagnosisPrinter.WriteComparisonJson(output, all);
                    }
                }
            }
        });
        return command;
    }

    private static InitializationScheme[] Schemes(string text, bool several)
    {
        string[] names = several ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [text];
        return names.Length > 0
            ? [.. names.Select(InitializationScheme.Parse)]
            : throw new UsageException($"--compare {text}: name initializations with commas between them, e.g. he-out,xavier.");
    }

    // The classes of a model that does not name them matter to its loss alone: the data's come first.
    private static IReadOnlyList<string> ClassesOf(TrainedNetwork trained, IDataset pictures)
    {
        IReadOnlyList<string> own = trained.Recipe.Classes;
        return trained.Checkpoint == OnnxNetwork.Checkpoint && own.SequenceEqual(OnnxNetwork.Numbers(own.Count)) && pictures.Classes.Count <= own.Count
            ? [.. pictures.Classes, .. own.Skip(pictures.Classes.Count)]
            : own;
    }

    private static Recipe NewRecipe(string model, string activation, double width) => new()
    {
        Model = ModelCatalog.Find(model).Name,
        Activation = ActivationNames.NameOf(ActivationNames.Parse(activation)),
        Width = width,
    };

    private static int DefaultCrop(string model, string data, IImageDecoder decoder) =>
        !DataSource.IsBuiltin(data) || ModelCatalog.Find(model).SmallParts is not null ? DataSource.DefaultCrop(data, decoder) : 224;
}
