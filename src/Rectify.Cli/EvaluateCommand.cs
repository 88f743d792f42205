using System.CommandLine;
using System.Globalization;
using Rectify.Data;
using Rectify.Evaluation;
using Rectify.Imaging;
using Rectify.Kernels;
using Rectify.Kernels.Threading;
using Rectify.Onnx.Conversion;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>rectify evaluate.</summary>
internal static class EvaluateCommand
{
    private const string Help =
        """
        Counts the errors of a trained network, or of several together, on images: each image once.

        Example: rectify evaluate --run small14-1 --data photos/test
        Example: rectify evaluate --run small14-1 --data photos/ --split test
        Example: rectify evaluate --run a-1 --data imagenet/ --view dense --scales 256,384,480
        Example: rectify evaluate --run a-1,a-2,b-1 --weights 1,1,2 --data photos/ --view 10-view --save-scores three.scores.safetensors
        Example: rectify evaluate --onnx net.onnx --input imagenet --data photos/      (a model of another program; docs/formats.md says which)
        PATH may be all that rectify train takes after --data. Of a folder with parts (train, val or validation, test) the validation part is taken, else test.
        """;

    public static Command Create()
    {
        Option<string?> run = new("--run") { Description = "The run: a name under runs/ or a path; several with commas between.", HelpName = "NAME" };
        Option<string?> onnx = new("--onnx") { Description = "An ONNX model instead of a run.", HelpName = "FILE" };
        Option<int?> size = new("--size") { Description = "Crop in pixels of an ONNX model that takes any (default: what the file says).", HelpName = "N" };
        OnnxModelOptions model = new();
        Option<string?> data = new("--data")
        {
            Description = "Images: a folder or .tar of class folders, a .csv, CIFAR's .bin, ImageNet's archives, or builtin[:COUNT] (default: builtin for a run on builtin).",
            HelpName = "PATH",
        };
        Option<string?> split = new("--split")
        {
            Description = "Which part of a folder with parts: train, validation or test (default: validation, else test).",
            HelpName = "PART",
        };
        Option<string?> checkpoint = new("--checkpoint") { Description = "best, last or last-1 (default: best where there is one).", HelpName = "NAME" };
        ViewCommandOptions views = new();
        Option<string?> save = new("--save-scores")
        {
            Description = "Save the scores, for rectify combine and compare; without FILE in the run's folder, in scores/.",
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "FILE",
        };
        Option<bool> classes = new("--classes") { Description = "Show the errors class by class." };
        Option<int> batch = new("--batch") { Description = "Crops at a time (it does not change the result).", DefaultValueFactory = _ => 128, HelpName = "N" };
        Option<int> workers = new("--workers") { Description = "Threads that read pictures.", DefaultValueFactory = _ => 2, HelpName = "N" };
        Option<bool> json = new("--json") { Description = "Print one JSON object as the last line of standard output." };
        EngineOptions engine = new();
        Command command = new("evaluate", Help) { run, onnx, data, split, checkpoint, save, classes, batch, workers, json };
        command.Add(size);
        model.AddTo(command);
        views.AddTo(command);
        engine.AddTo(command);
        command.SetAction(result =>
        {
            CheckpointFolder.CheckName(result.GetValue(checkpoint));
            (int batchSize, int loaders) = (result.GetValue(batch), result.GetValue(workers));
            UsageException.Require(
                batchSize >= 1 && loaders is >= 1 and <= 1024, $"--batch {batchSize} --workers {loaders}: both must be at least 1, the workers at most 1024.");
            bool saves = GivenOptions.Has(result, save), shows = result.GetValue(classes);
            ViewOptions options = views.Read(result) with { LoaderWorkers = loaders, Keep = saves || shows ? KeptScores.Combined : KeptScores.None };
            if (options.Keep != KeptScores.None)
            {
                GivenOptions.Refuse(result, "cannot be given with --save-scores or --classes: tables of scores count an image that cannot be read as an error.", views.Skip);
            }

            UsageException.Require(
                (result.GetValue(run) is null) != (result.GetValue(onnx) is null), $"say what is to be evaluated: a run with --run, or an ONNX model with --onnx.");
            GivenOptions.Refuse(result, "is for a run or for an ONNX model, and not for the other.", result.GetValue(onnx) is null ? [.. model.All, size] : [checkpoint]);
            DatasetPart? part = PartOf(result.GetValue(split));
            KernelContext context = engine.Open(result);
            using Workers threads = context.Workers;
            using EvaluatedRuns runs = result.GetValue(onnx) is { } path
                ? new(path, OnnxNetwork.Load(path, model.Read(result, result.GetValue(size)), context))
                : new(result.GetValue(run)!, result.GetValue(checkpoint));
            IReadOnlyList<ViewMember> members = runs.Members(views.Weights(result, runs.Networks.Count));
            UsageException.Require(
                !saves || result.GetValue(save) is not null || (members.Count == 1 && runs.First is not null),
                $"--save-scores: name a file for the scores of {(runs.First is null ? "a model" : "several runs together")}.");
            if (result.GetValue(save) is { } file)
            {
                ScoreFile.CheckPath(file);
            }

            string from = result.GetValue(data) ?? DefaultData(runs);
            if (DataSource.IsBuiltin(from))
            {
                GivenOptions.Refuse(result, "is for a folder with parts: the built-in pictures have none.", split);
            }

            return Ranks.Run(result.InvocationConfiguration, (communicator, output, errors) =>
            {
                TextWriter people = result.GetValue(json) ? errors : output;
                using PhotoDecoder decoder = new();
                using StopSignals interruption = new(errors);
                IDataset found = DataSource.OpenOne(from, runs.Size, decoder, part, out string place, people);
                if (runs.First is null && members[0].Classes.SequenceEqual(OnnxNetwork.Numbers(members[0].Classes.Count)))
                {
                    UsageException.Require(
                        found.Classes.Count == members[0].Classes.Count,
                        $"{runs.Names[0]} does not name its {members[0].Classes.Count} classes, and the data has {found.Classes.Count}; name them with --class-names.");
                    people.WriteLine("the model does not name its classes: they are taken for those of the data, in their order");
                    members = [members[0] with { Classes = found.Classes }];
                }

                IDataset images = ClassMap.Apply(found, members[0].Classes);
                if (place != from)
                {
                    people.WriteLine($"evaluating on {place}");
                }

                DataSource.TellMissing(images, "images", people);
                SharedState.Require(
                    communicator,
                    $"version {RunOrigin.Version}\nimages {DatasetFingerprint.Compute(images)}\nvectors {context.Isa}\n"
                        + string.Join('\n', members.Select(member => $"weights {ModelFingerprint.Of(member.Network, member.Mean)}")));
                int done = 0;
                try
                {
                    // Small sets need no memory for more crops than they have.
                    int crops = (int)Math.Min(batchSize, 10L * images.Count);
                    options = options with { BatchSize = options.Kind == ViewKind.Center ? Math.Min(crops, images.Count) : crops };
                    using ViewEvaluator evaluator = new(members, context, options, communicator);
                    CountProgress progress = new(errors, "evaluated");
                    ViewEvaluation evaluation = evaluator.Run(images, place, count => progress.Report(done = count, images.Count), interruption.Token);
                    EvaluationPrinter.Name(errors, evaluation.Failures);
                    EvaluationPrinter.Print(people, evaluation, options, runs);
                    if (shows)
                    {
                        ClassErrorPrinter.Print(people, evaluation.Scores!, TopFor(members), DataSource.WordsOf(from));
                    }

                    if (saves && communicator.IsFirst)
                    {
                        Save(people, evaluation.Scores!, result.GetValue(save), runs);
                    }

                    if (result.GetValue(json))
                    {
                        EvaluationPrinter.WriteJson(output, evaluation, options, writer =>
                        {
                            if (shows)
                            {
                                ClassErrorPrinter.Write(writer, evaluation.Scores!, TopFor(members));
                            }
                        });
                    }

                    return CommandTree.Done;
                }
                catch (OperationCanceledException) when (!communicator.IsShared)
                {
                    errors.WriteLine(string.Create(
                        CultureInfo.InvariantCulture, $"rectify: interrupted after {done:N0} of {images.Count:N0} images; no errors are counted."));
                    return CommandTree.Interrupted;
                }
            });
        });
        return command;
    }

    private static DatasetPart? PartOf(string? name) => name switch
    {
        null => null,
        "train" => DatasetPart.Training,
        "validation" or "val" => DatasetPart.Validation,
        "test" => DatasetPart.Test,
        _ => throw new UsageException($"--split {name}: choose train, validation or test."),
    };

    private static string DefaultData(EvaluatedRuns runs) =>
        runs.Networks.All(network => DataSource.IsBuiltin(network.Recipe.Data))
            ? DataSource.Builtin
            : throw new UsageException("--data is missing: say on which images the run is to be evaluated.");

    // The paper's order of classes is by top-5 errors; of few classes there are none.
    private static int TopFor(IReadOnlyList<ViewMember> members) => members[0].Classes.Count > 5 ? 5 : 1;

    private static void Save(TextWriter people, ScoreTable scores, string? file, EvaluatedRuns runs)
    {
        string path = file ?? Path.Combine(runs.First!.ScoresPath, ScoreFile.NameFor(scores.Origin));
        ScoreFile.Save(scores, path);
        people.WriteLine($"scores saved: {path}");
    }
}
