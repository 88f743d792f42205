using System.CommandLine;
using Rectify.Data;
using Rectify.Imaging;
using Rectify.Inference;
using Rectify.Kernels.Simd;
using Rectify.Onnx.Conversion;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>rectify predict.</summary>
internal static class PredictCommand
{
    private const string Help =
        """
        Says what photos show: a line a photo, in the order given, with the most probable classes.

        Example: rectify predict --run small14-1 photos/1.jpg photos/2.png
        Example: rectify predict --onnx net.onnx --input imagenet --class-names synset_words.txt photos/      (docs/formats.md says which models)
        PHOTO is a JPEG or PNG, or a folder of them. A lone - reads standard input: one picture's bytes,
        or a list of paths, one a line; without PHOTOs, what is piped in is read in the same way.
        A photo that cannot be read does not stop the others; the exit code is 1 then.
        """;

    private const string Dash = "-";

    /// <param name="openInput">Standard input; null where it is a terminal.</param>
    public static Command Create(Func<Stream?> openInput)
    {
        Argument<string[]> photos = new("PHOTO") { Description = "JPEG and PNG files, folders of them, or - for standard input.", Arity = ArgumentArity.ZeroOrMore };
        Option<string?> run = new("--run") { Description = "The run: a name under runs/ or a path.", HelpName = "NAME" };
        Option<string?> onnx = new("--onnx") { Description = "An ONNX model instead of a run.", HelpName = "FILE" };
        OnnxModelOptions model = new();
        Option<int?> size = new("--size") { Description = "Crop of an ONNX model in pixels (default: what the file says).", HelpName = "N" };
        Option<int> top = new("--top") { Description = "Classes in an answer.", DefaultValueFactory = _ => 5, HelpName = "N" };
        Option<bool> json = new("--json") { Description = "Print one JSON object a photo: {\"file\", \"labels\": [{\"name\", \"probability\"}]}, or {\"file\", \"error\"}." };
        Option<string?> checkpoint = new("--checkpoint") { Description = "best, last or last-1 (default: best where there is one).", HelpName = "NAME" };
        Option<int> batch = new("--batch") { Description = "Photos at a time, at most (it does not change the result).", DefaultValueFactory = _ => 32, HelpName = "N" };
        EngineOptions engine = new();
        Command command = new("predict", Help) { photos, run, onnx, top, json, checkpoint, batch, size };
        model.AddTo(command);
        engine.AddTo(command);
        command.SetAction(result =>
        {
            CheckpointFolder.CheckName(result.GetValue(checkpoint));
            (string? name, string? file) = (result.GetValue(run), result.GetValue(onnx));
            UsageException.Require((name is null) != (file is null), $"say what is to answer: a run with --run, or an ONNX model with --onnx.");
            GivenOptions.Refuse(result, "is for a run or for an ONNX model, and not for the other.", file is null ? [.. model.All, size] : [checkpoint]);
            (int threads, Isa isa, bool exact) = engine.Read(result);
            ClassifierOptions options = new()
            {
                Top = AtLeastOne("--top", result.GetValue(top)),
                MaxBatch = AtLeastOne("--batch", result.GetValue(batch)),
                Checkpoint = result.GetValue(checkpoint),
                Threads = threads,
                MaxIsa = isa,
                Exact = exact,
            };
            string[] named = result.GetValue(photos) ?? [];
            Stream? input = InputFor(named, openInput);
            using StopSignals interruption = new(result.InvocationConfiguration.Error);
            using PhotoDecoder decoder = new();
            using Classifier classifier = file is null
                ? Classifier.Load(name!, decoder, options)
                : OnnxClassifier.Load(file, model.Read(result, result.GetValue(size)), decoder, options);
            IReadOnlyDictionary<string, string> words = name is null ? new Dictionary<string, string>() : ClassWords.Read(RunFolder.Open(name).WordsPath);
            TextWriter output = StandardOutput.ThatTells(result.InvocationConfiguration.Output);
            PredictionWriter writer = new(output, result.InvocationConfiguration.Error, result.GetValue(json), classifier.Classes, words);
            try
            {
                Answer(classifier, named, input, writer, interruption.Token);
            }
            catch (IOException e) when (StandardOutput.HasNoReader(e))
            {
                // Who reads has read enough, as head does.
                return CommandTree.Done;
            }

            return writer.Failed == 0 ? CommandTree.Done : CommandTree.Failed;
        });
        return command;
    }

    private static int AtLeastOne(string option, int value) => value >= 1 ? value : throw new UsageException($"{option} {value}: choose 1 or more.");

    // Null where the photos are named.
    private static Stream? InputFor(string[] named, Func<Stream?> openInput)
    {
        if (named is [] or [Dash])
        {
            return openInput() ?? (named is [Dash]
                ? Console.OpenStandardInput()
                : throw new UsageException("no PHOTO is named: name JPEG or PNG files or folders of them, or pipe in a picture or a list of paths."));
        }

        return named.Contains(Dash)
            ? throw new UsageException("- reads standard input and stands alone: leave it out, or the other PHOTOs.")
            : null;
    }

    private static void Answer(Classifier classifier, string[] named, Stream? input, PredictionWriter writer, CancellationToken cancellation)
    {
        IEnumerable<string> paths = named;
        if (input is not null)
        {
            // A read of a pipe cannot be cancelled: it is left behind.
            StandardInput standard = Task.Run(() => StandardInput.Open(input), cancellation).WaitAsync(cancellation).GetAwaiter().GetResult();
            if (standard.IsPicture)
            {
                writer.Write(AnswerPicture(classifier, standard.Stream, cancellation));
                return;
            }

            paths = standard.Lines();
        }

        PhotoList list = new(paths);
        foreach (FileAnswer answer in classifier.ClassifyFilesAsync(list.Files(), cancellation).ToBlockingEnumerable(cancellation))
        {
            writer.Write(list.ProblemOf(answer.File) is { } problem ? answer with { Error = problem } : answer);
        }

        if (writer.Count == 0)
        {
            throw new RectifyException("Standard input names no photo: pipe in a picture, or a list of paths, one a line.");
        }
    }

    private static FileAnswer AnswerPicture(Classifier classifier, Stream picture, CancellationToken cancellation)
    {
        try
        {
            IReadOnlyList<Prediction> labels =
                Task.Run(() => classifier.Classify(picture, cancellation), cancellation).WaitAsync(cancellation).GetAwaiter().GetResult();
            return new FileAnswer(Dash, labels, null);
        }
        catch (RectifyException e)
        {
            return new FileAnswer(Dash, [], e.Message);
        }
    }
}
