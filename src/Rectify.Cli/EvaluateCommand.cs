using System.CommandLine;
using System.Globalization;
using Rectify.Data;
using Rectify.Evaluation;
using Rectify.Imaging;
using Rectify.Kernels;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>rectify evaluate.</summary>
internal static class EvaluateCommand
{
    private const string Help =
        """
        Counts a trained network's errors on images: each image once, the center view.

        Example: rectify evaluate --run small14-1 --data photos/test
        Example: rectify evaluate --run small14-1 --data photos/ --split test
        PATH may be all that rectify train takes after --data. Of a folder with parts (train, val or validation, test) the validation part is taken, else test.
        """;

    public static Command Create()
    {
        Option<string> run = new("--run") { Description = "The run: a name under runs/ or a path.", Required = true, HelpName = "NAME" };
        Option<string?> data = new("--data") { Description = "Images: a folder or .tar of class folders, a .csv, CIFAR's .bin, ImageNet's archives, or builtin[:COUNT] (default: builtin for a run on builtin).", HelpName = "PATH" };
        Option<string?> split = new("--split") { Description = "Which part of a folder with parts: train, validation or test (default: validation, else test).", HelpName = "PART" };
        Option<string?> checkpoint = new("--checkpoint") { Description = "best, last or last-1 (default: best where there is one).", HelpName = "NAME" };
        Option<int> batch = new("--batch") { Description = "Images at a time (it does not change the result).", DefaultValueFactory = _ => 128, HelpName = "N" };
        Option<int> workers = new("--workers") { Description = "Threads that read pictures.", DefaultValueFactory = _ => 2, HelpName = "N" };
        Option<bool> json = new("--json") { Description = "Print one JSON object as the last line of standard output." };
        EngineOptions engine = new();
        Command command = new("evaluate", Help) { run, data, split, checkpoint, batch, workers, json };
        engine.AddTo(command);
        command.SetAction(result =>
        {
            CheckpointFolder.CheckName(result.GetValue(checkpoint));
            int batchSize = result.GetValue(batch);
            int loaders = result.GetValue(workers);
            if (batchSize < 1 || loaders is < 1 or > 1024)
            {
                throw new Tensors.UsageException($"--batch {batchSize} --workers {loaders}: both must be at least 1, the workers at most 1024.");
            }

            DatasetPart? part = result.GetValue(split) switch
            {
                null => null,
                "train" => DatasetPart.Training,
                "validation" or "val" => DatasetPart.Validation,
                "test" => DatasetPart.Test,
                { } other => throw new Tensors.UsageException($"--split {other}: choose train, validation or test."),
            };
            using TrainedNetwork trained = RunFolder.Open(result.GetValue(run)!).Load(result.GetValue(checkpoint));
            string from = result.GetValue(data)
                ?? (trained.Recipe.Data.StartsWith(DataSource.Builtin, StringComparison.Ordinal)
                    ? DataSource.Builtin
                    : throw new Tensors.UsageException("--data is missing: say on which images the run is to be evaluated."));
            if (from.StartsWith(DataSource.Builtin, StringComparison.Ordinal))
            {
                GivenOptions.Refuse(result, "is for a folder with parts: the built-in pictures have none.", split);
            }

            KernelContext context = engine.Open(result);
            using (context.Workers)
            using (PhotoDecoder decoder = new())
            using (Evaluator evaluator = new(trained.Network, context, new EvaluatorOptions { BatchSize = batchSize, LoaderWorkers = loaders }))
            using (StopSignals interruption = new(result.InvocationConfiguration.Error))
            {
                TextWriter people = result.GetValue(json) ? result.InvocationConfiguration.Error : result.InvocationConfiguration.Output;
                IDataset images = ClassMap.Apply(DataSource.OpenOne(from, trained.Recipe.Size, decoder, part, out string place, people), trained.Recipe.Classes);
                if (place != from)
                {
                    people.WriteLine($"evaluating on {place}");
                }

                DataSource.TellMissing(images, "images", people);
                int done = 0;
                try
                {
                    SampleTransform view = new Preprocessing(trained.Recipe.Size).Evaluation(trained.Mean);
                    Print(result, evaluator.Run(images, view, count => done = count, interruption.Token), trained, result.GetValue(json));
                    return CommandTree.Done;
                }
                catch (OperationCanceledException)
                {
                    result.InvocationConfiguration.Error.WriteLine(string.Create(
                        CultureInfo.InvariantCulture, $"rectify: interrupted after {done:N0} of {images.Count:N0} images; no errors are counted."));
                    return CommandTree.Interrupted;
                }
            }
        });
        return command;
    }

    private static void Print(ParseResult result, EvaluationResult evaluation, TrainedNetwork trained, bool json)
    {
        TextWriter people = json ? result.InvocationConfiguration.Error : result.InvocationConfiguration.Output;
        people.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"top-1 error {evaluation.Top1ErrorPercent:F2} %, top-5 error {evaluation.Top5ErrorPercent:F2} % on {evaluation.Images:N0} images "
            + $"({trained.Recipe.Model}, checkpoint {trained.Checkpoint}, center view; {evaluation.ImagesPerSecond:N0} images/s)"));
        if (evaluation.Unreadable > 0)
        {
            people.WriteLine($"{evaluation.Unreadable} of them could not be read and count as errors.");
        }

        if (json)
        {
            JsonLine.Write(result.InvocationConfiguration.Output, j =>
            {
                j.WriteNumber("images", evaluation.Images);
                j.WriteNumber("top1Error", evaluation.Top1ErrorPercent);
                j.WriteNumber("top5Error", evaluation.Top5ErrorPercent);
            });
        }
    }
}
