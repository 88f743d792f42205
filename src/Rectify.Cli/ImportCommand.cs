using System.CommandLine;
using System.Globalization;
using Rectify.Data;
using Rectify.Formats;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Models;
using Rectify.Onnx.Conversion;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>rectify import.</summary>
internal static class ImportCommand
{
    private const string Help =
        """
        Makes a run of weights that another program has trained, for evaluate, predict, diagnose, export and train --from.

        Example: rectify import vgg19.safetensors --model vgg19 --classes synset_words.txt
        Example: rectify import mine.safetensors --model vgg16 --size 64 --width 0.25 --mean 0.5,0.5,0.5 --std 0.25,0.25,0.25 --run mine
        Example: rectify import vgg16.onnx --input imagenet --classes synset_words.txt
        FILE is a .safetensors file with torchvision's names (features.0.weight, classifier.0.weight), timm's (pre_logits.fc1.weight, head.fc.weight) or ours.
        torchvision's and timm's weights take (x/255 − mean)/std: that is folded into the first filters and the mean, so that the scores stay what they were.
        """;

    private const string Extension = ".safetensors";
    private const string ModelExtension = ".onnx";

    // An n and eight digits.
    private const int IdLength = 9;

    /// <param name="arguments">The command line, for the recipe.</param>
    public static Command Create(string[] arguments)
    {
        Argument<string> file = new("FILE") { Description = "Weights: a .safetensors file; or an .onnx model with the layers of one of the catalog." };
        Option<string?> input = new("--input") { Description = $"What an ONNX model takes: {InputScaling.Names} (default: what the file says).", HelpName = "NAME" };
        Option<string?> model = new("--model")
        {
            Description = $"Whose weights: one of {string.Join(", ", ModelCatalog.All.Select(m => m.Name))} (default: what the file says).",
            HelpName = "NAME",
        };
        Option<string?> classes = new("--classes")
        {
            Description = "Names of the classes in the order of the outputs, one a line, or ImageNet's lines ID WORDS (default: what the file says, else numbers).",
            HelpName = "FILE",
        };
        Option<int?> size = new("--size") { Description = "Crop in pixels (default: what the file says, else 224).", HelpName = "N" };
        Option<double?> width = new("--width") { Description = "Factor on all channels (default: what the file says, else 1).", HelpName = "X" };
        Option<string?> activation = new("--activation")
        {
            Description = $"One of {ActivationNames.All} (default: PReLU where the file has slopes, else ReLU).",
            HelpName = "NAME",
        };
        Option<string?> mean = new("--mean")
        {
            Description = "Red, green and blue in 0..1, with --std (default: what the file says, else ImageNet's 0.485,0.456,0.406); "
                + "or a .npy file in 0..255, [3] or [N,N,3], for weights whose input is divided by nothing.",
            HelpName = "R,G,B|FILE",
        };
        Option<string?> std = new("--std") { Description = "Red, green and blue in 0..1 (default: ImageNet's 0.229,0.224,0.225).", HelpName = "R,G,B" };
        Option<string?> run = new("--run") { Description = "Name of the run's folder under runs/, or a path (default: the next free MODEL-N).", HelpName = "NAME" };
        Option<bool> json = new("--json") { Description = "Print one JSON object as the last line of standard output." };
        Command command = new("import", Help) { file, model, classes, size, width, activation, mean, std, input, run, json };
        command.SetAction(result =>
        {
            string path = result.GetValue(file)!;
            if (path.EndsWith(ModelExtension, StringComparison.OrdinalIgnoreCase))
            {
                GivenOptions.Refuse(result, "is for weights: an ONNX model says it itself.", width, activation);
                UsageException.Require(
                    result.GetValue(input) is null || (result.GetValue(mean) is null && result.GetValue(std) is null),
                    $"--input cannot be given with --mean and --std: they say the same.");
                UsageException.Require(result.GetValue(mean) is not { } text || !IsArray(text), $"--mean: an ONNX model takes R,G,B in 0..1, with --std.");
                OnnxNetworkOptions asked = new()
                {
                    Size = result.GetValue(size) ?? 0,
                    Classes = result.GetValue(classes) is { } named ? ClassesOf(named).Names : null,
                    Input = result.GetValue(input) is { } kind ? InputScaling.Parse(kind)
                        : InputOf(result.GetValue(mean), result.GetValue(std)) is { } foreign ? InputScaling.Of(foreign.Mean, foreign.Std) : null,
                };
                ImportModel(result, path, asked, (result.GetValue(model), result.GetValue(run), result.GetValue(json)), arguments);
                return;
            }

            GivenOptions.Refuse(result, "is for ONNX models: weights take --mean and --std.", input);
            UsageException.Require(
                path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase),
                $"{path}: weights are read from {Extension} files and models from {ModelExtension} files; convert it to one.");
            (IReadOnlyList<string>? names, IReadOnlyDictionary<string, string> words) =
                result.GetValue(classes) is { } list ? ClassesOf(list) : (null, new Dictionary<string, string>());
            ImportOptions options = new()
            {
                Model = result.GetValue(model),
                Classes = names,
                Size = result.GetValue(size),
                Width = result.GetValue(width),
                Activation = result.GetValue(activation),
                Input = InputOf(result.GetValue(mean), result.GetValue(std)),
                Mean = result.GetValue(mean) is { } array && IsArray(array) ? MeanOf(array, result.GetValue(size)) : null,
            };
            UsageException.Require(options.Mean is null || result.GetValue(std) is null, $"--std cannot be given with a --mean of 0..255, whose input is divided by nothing.");
            using ImportedWeights read = WeightsImport.Read(path, options);
            ImportedWeights imported = read with { Recipe = read.Recipe with { Command = ["rectify", .. arguments], Machine = RunOrigin.Machine } };
            RunFolder folder = imported.Save(result.GetValue(run));
            ClassWords.Write(folder.WordsPath, imported.Recipe.Classes, words);
            Tell(result.GetValue(json) ? result.InvocationConfiguration.Error : result.InvocationConfiguration.Output, path, imported, folder);
            if (result.GetValue(json))
            {
                JsonLine.Write(result.InvocationConfiguration.Output, writer =>
                {
                    writer.WriteString("run", folder.FullPath);
                    writer.WriteString("names", TensorNamings.NameOf(imported.Naming));
                    writer.WriteNumber("tensors", imported.Tensors);
                    writer.WriteNumber("classes", imported.Recipe.Classes.Count);
                });
            }
        });
        return command;
    }

    private static void ImportModel(ParseResult result, string path, OnnxNetworkOptions options, (string? Model, string? Run, bool Json) asked, string[] arguments)
    {
        using Workers workers = new(Environment.ProcessorCount);
        using TrainedNetwork converted = OnnxNetwork.Load(path, options, new KernelContext(workers, IsaDetection.Widest));
        using TrainedNetwork found = CatalogSearch.Find(converted, asked.Model);
        TrainedNetwork imported = found with { Recipe = found.Recipe with { Command = ["rectify", .. arguments], Machine = RunOrigin.Machine } };
        RunFolder folder = imported.Save(asked.Run);
        Recipe recipe = imported.Recipe;
        (TextWriter output, TextWriter people) = (result.InvocationConfiguration.Output, asked.Json ? result.InvocationConfiguration.Error : result.InvocationConfiguration.Output);
        people.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{path} → {recipe.Model} × {recipe.Width:0.###}, {recipe.Activation}, {recipe.Size}×{recipe.Size} crops, {recipe.Classes.Count} classes"));
        people.WriteLine($"run: {folder.FullPath}");
        if (asked.Json)
        {
            JsonLine.Write(output, writer =>
            {
                writer.WriteString("run", folder.FullPath);
                writer.WriteString("model", recipe.Model);
                writer.WriteNumber("classes", recipe.Classes.Count);
            });
        }
    }

    private static void Tell(TextWriter people, string path, ImportedWeights imported, RunFolder folder)
    {
        Recipe recipe = imported.Recipe;
        people.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{path}: {imported.Tensors} tensors with {TensorNamings.NameOf(imported.Naming)}'s names → {recipe.Model} × {recipe.Width:0.###}, {recipe.Activation}, "
            + $"{recipe.Size}×{recipe.Size} crops, {recipe.Classes.Count} classes"));
        people.WriteLine(imported.Folded is { } folded ? $"its input {folded} is folded into the first filters and the mean" : "its input is 0..255 minus the mean, as ours");
        people.WriteLine($"run: {folder.FullPath}");
    }

    private static bool IsArray(string text) => text.EndsWith(".npy", StringComparison.OrdinalIgnoreCase);

    private static ForeignInput? InputOf(string? mean, string? std)
    {
        if ((mean is null && std is null) || (mean is not null && IsArray(mean)))
        {
            return null;
        }

        return new ForeignInput(
            mean is null ? ForeignInput.ImageNet.Mean : NumberList.Colours("--mean", mean),
            std is null ? ForeignInput.ImageNet.Std : NumberList.Colours("--std", std));
    }

    private static MeanImage MeanOf(string path, int? size)
    {
        NpyArray array = NpyFile.Read(path);
        return array.Dimensions switch
        {
            [3] => new MeanImage(size ?? Preprocessing.PaperCrop, MeanKind.PerChannel, array.ToFloats()),
            [> 0 and var rows, var columns, 3] when rows == columns && (size ?? rows) == rows => new MeanImage(rows, MeanKind.PerPixel, array.ToFloats()),
            _ => throw new UsageException($"--mean {path}: the array {array} is no mean; give [3], or [N,N,3] of the crop's size."),
        };
    }

    // A line is a class; lines "n01440764 tench, Tinca tinca" are a class and its words.
    private static (IReadOnlyList<string> Names, IReadOnlyDictionary<string, string> Words) ClassesOf(string path)
    {
        string[] lines;
        try
        {
            lines = [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--classes {path} cannot be read: {e.Message.TrimEnd('.')}.", e);
        }

        bool ids = lines.Length > 0 && lines.All(IsIdWithWords);
        return ids ? ([.. lines.Select(line => line[..IdLength])], ClassWords.Read(path)) : (lines, new Dictionary<string, string>());
    }

    private static bool IsIdWithWords(string line) =>
        line.Length > IdLength + 1 && line[0] == 'n' && line.AsSpan(1, IdLength - 1).IndexOfAnyExceptInRange('0', '9') < 0 && line[IdLength] is ' ' or '\t';
}
