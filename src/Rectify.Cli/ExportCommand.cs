using System.CommandLine;
using System.Globalization;
using Rectify.Evaluation;
using Rectify.Formats;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Onnx.Export;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>rectify export.</summary>
internal static class ExportCommand
{
    private const string Help =
        """
        Writes a run's network, mean or log, or a file of scores, in formats of other programs.

        Example: rectify export --run small14-1 --format onnx --verify
        Example: rectify export --run vgg19-1 --format safetensors --names torchvision --out vgg19.safetensors
        Example: rectify export --run small14-1 --format csv --out curves.csv
        Example: rectify export --scores runs/a-1/scores/val-center-256.scores.safetensors --format npy
        onnx: the network, with mean and softmax, for pixels 0..255 [batch,3,height,width]. safetensors: the weights. npy: the mean, or scores [images,classes] and their
        labels. csv, json: the log, to standard output unless --out names a file.
        """;

    private const string Formats = "onnx, safetensors, npy, csv or json";

    public static Command Create()
    {
        Option<string?> run = new("--run") { Description = "The run: a name under runs/ or a path.", HelpName = "NAME" };
        Option<string?> scores = new("--scores") { Description = "A file of scores instead, by evaluate --save-scores; for --format npy.", HelpName = "FILE" };
        Option<string> format = new("--format") { Description = $"{Formats}.", Required = true, HelpName = "NAME" };
        Option<string?> to = new("--out") { Description = "The file to write (default: the run's name, in the current folder).", HelpName = "FILE" };
        Option<string?> checkpoint = new("--checkpoint") { Description = "best, last or last-1 (default: best where there is one).", HelpName = "NAME" };
        Option<string> names = new("--names") { Description = $"Names and shapes in safetensors: {TensorNamings.All}.", DefaultValueFactory = _ => "rectify", HelpName = "NAME" };
        Option<bool> verify = new("--verify") { Description = "Read the ONNX file back, run it, and fail where its scores differ from the network's by more than 1e-4." };
        Option<bool> json = new("--json") { Description = "Print one JSON object as the last line of standard output." };
        Command command = new("export", Help) { run, scores, format, to, checkpoint, names, verify, json };
        command.SetAction(result =>
        {
            CheckpointFolder.CheckName(result.GetValue(checkpoint));
            string kind = result.GetValue(format)!;
            UsageException.Require(kind is "onnx" or "safetensors" or "npy" or "csv" or "json", $"--format {kind}: choose {Formats}.");
            UsageException.Require(
                (result.GetValue(run) is null) != (result.GetValue(scores) is null), $"name what is to be written: a run with --run, or a file of scores with --scores.");
            TensorNaming naming = TensorNamings.Parse(result.GetValue(names)!);
            if (kind != "safetensors")
            {
                GivenOptions.Refuse(result, "is for --format safetensors.", names);
            }

            if (kind != "onnx")
            {
                GivenOptions.Refuse(result, "is for --format onnx.", verify);
            }

            string? given = result.GetValue(to);
            if (result.GetValue(scores) is { } table)
            {
                UsageException.Require(kind == "npy", $"--format {kind}: scores are written as npy.");
                GivenOptions.Refuse(result, "is a run's: name it with --run, or leave it out.", checkpoint);
                WriteScores(result, table, given ?? $"{Path.GetFileName(table).Replace(ScoreFile.Extension, "", StringComparison.Ordinal)}.npy", result.GetValue(json));
                return;
            }

            if (kind is "csv" or "json")
            {
                GivenOptions.Refuse(result, $"cannot be given with --format {kind}: that writes the run's log and nothing else.", checkpoint, json);
            }

            RunFolder folder = RunFolder.Open(result.GetValue(run)!);
            if (kind is "csv" or "json")
            {
                LogTable.Write(folder, given, result.InvocationConfiguration.Output, kind == "csv" ? RunLogCsv.Write : RunLogJson.Write);
                return;
            }

            string path = OutputFile.Prepare("--out", given ?? (kind == "npy" ? $"{folder.Name}-mean.npy" : $"{folder.Name}.{kind}"));
            using TrainedNetwork trained = folder.Load(result.GetValue(checkpoint));
            switch (kind)
            {
                case "onnx":
                    OnnxExport.Write(path, trained);
                    break;
                case "safetensors":
                    WeightsExport.Write(path, trained, naming);
                    break;
                default:
                    NpyFile.Write(path, MeanArray(trained.Mean));
                    break;
            }

            Tell(result, result.GetValue(json), kind, [path], result.GetValue(verify) ? Verified(path, trained) : null);
        });
        return command;
    }

    private static double Verified(string path, TrainedNetwork trained)
    {
        using Workers workers = new(Environment.ProcessorCount);
        double difference = OnnxVerification.LargestDifference(path, trained, new KernelContext(workers, IsaDetection.Widest));
        return difference <= OnnxVerification.Limit
            ? difference
            : throw new RectifyException(string.Create(
                CultureInfo.InvariantCulture,
                $"{path} was written, but its scores differ from the network's by {difference:g2} of the largest, and rounding explains {OnnxVerification.Limit:g2} at most; "
                + $"do not use it, and please report it."));
    }

    // A mean a channel stays three numbers.
    private static NpyArray MeanArray(Data.MeanImage mean) => mean.Kind == Data.MeanKind.PerChannel
        ? NpyArray.Of(mean.Values[..3], 3)
        : NpyArray.Of(mean.Values, mean.Size, mean.Size, 3);

    private static void WriteScores(ParseResult result, string table, string path, bool json)
    {
        ScoreTable scores = ScoreFile.Load(table);
        float[] values = new float[checked(scores.Images * scores.Classes.Count)];
        for (int i = 0; i < scores.Images; i++)
        {
            scores.Scores(i).CopyTo(values.AsSpan(i * scores.Classes.Count));
        }

        NpyFile.Write(OutputFile.Prepare("--out", path), NpyArray.Of(values, scores.Images, scores.Classes.Count));
        string labels = Path.ChangeExtension(path, ".labels.npy");
        NpyFile.Write(labels, NpyArray.Of([.. scores.Labels.ToArray().Select(label => (long)label)], scores.Images));
        Tell(result, json, "npy", [path, labels]);
    }

    private static void Tell(ParseResult result, bool json, string format, string[] files, double? difference = null)
    {
        (TextWriter output, TextWriter errors) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        foreach (string file in files)
        {
            (json ? errors : output).WriteLine($"written: {file}");
        }

        if (difference is { } share)
        {
            (json ? errors : output).WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"verified: read back, its scores differ from the network's by at most {share:g2} of the largest"));
        }

        if (json)
        {
            JsonLine.Write(output, writer =>
            {
                writer.WriteString("format", format);
                if (difference is { } largest)
                {
                    writer.WriteNumber("largestDifference", largest);
                }

                writer.WriteStartArray("files");
                foreach (string file in files)
                {
                    writer.WriteStringValue(Path.GetFullPath(file));
                }

                writer.WriteEndArray();
            });
        }
    }
}
