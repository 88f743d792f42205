using System.CommandLine;
using System.Globalization;
using Rectify.Benchmarks;
using Rectify.Data;
using Rectify.Imaging;
using Rectify.Inference;
using Rectify.Initialization;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Tensors;
using Spectre.Console;
using static System.FormattableString;

namespace Rectify.Cli;

/// <summary>rectify bench classify.</summary>
internal static class BenchClassifyCommand
{
    private const int MostCallers = 1024;
    private const int Pictures = 16;

    private const string Help =
        """
        Times a classifier as a server has it: so many callers, each of whom asks for a picture's classes again as soon as he is answered. Pictures per second, and how
        long an answer takes: the median, and what 99 of 100 stay below. Callers who wait at the same moment share a forward pass.

        Example: rectify bench classify --run small14-1 --photo photo.jpg
        Example: rectify bench classify --model a --classes 1000 --callers 1,8,32
        """;

    public static Command Create()
    {
        Option<string?> run = new("--run") { Description = "A run's network; without it a new one of --model.", HelpName = "NAME" };
        BenchModelOptions drawn = new("small14");
        Option<string?> photo = new("--photo") { Description = "A JPEG or PNG file, decoded for each question; without it a picture is resized.", HelpName = "FILE" };
        Option<string> callers = new("--callers") { Description = "Numbers of callers.", DefaultValueFactory = _ => "1,2,4,8", HelpName = "N,N" };
        Option<int> maxBatch = new("--max-batch")
        {
            Description = "The most pictures in a forward pass.",
            DefaultValueFactory = _ => new ClassifierOptions().MaxBatch,
            HelpName = "N",
        };
        Option<double> seconds = new("--seconds") { Description = "Measure each number of callers for about so long.", DefaultValueFactory = _ => 5.0, HelpName = "S" };
        Option<bool> json = new("--json") { Description = "Print one JSON object as the last line of standard output." };
        EngineOptions engine = new();
        Command command = new("classify", Help) { run, photo, callers, maxBatch, seconds, json };
        drawn.AddTo(command);
        engine.AddTo(command);
        command.SetAction(result =>
        {
            double duration = result.GetValue(seconds);
            UsageException.Require(duration is > 0 and <= 86400, $"--seconds {duration}: choose a number above 0, such as 5.");
            UsageException.Require(result.GetValue(maxBatch) >= 1, $"--max-batch {result.GetValue(maxBatch)}: choose 1 or more.");
            int[] numbers = NumberList.Ascending<int>(
                "--callers", result.GetValue(callers)!, number => number is >= 1 and <= MostCallers, $"numbers from 1 to {MostCallers} with commas between them, such as 1,8");
            (int threads, Kernels.Simd.Isa isa, bool exact) = engine.Read(result);
            ClassifierOptions options = new() { MaxBatch = result.GetValue(maxBatch), Threads = threads, MaxIsa = isa, Exact = exact };
            if (result.GetValue(run) is not null)
            {
                GivenOptions.Refuse(result, "belongs to the run; leave it out, or --run.", drawn.Model, drawn.Width, drawn.Size, drawn.Classes);
            }

            (string model, ModelOptions drawing) = drawn.Read(result);
            using PhotoDecoder decoder = new();
            using Classifier classifier = result.GetValue(run) is { } name
                ? Classifier.Load(name, decoder, options)
                : NewNetwork(model, drawing, decoder, options);
            Action<int> ask = Question(classifier, result.GetValue(photo), drawing.Crop);
            ask(0);
            TextWriter output = result.InvocationConfiguration.Output;
            TextWriter people = result.GetValue(json) ? result.InvocationConfiguration.Error : output;
            people.WriteLine(Invariant($"{result.GetValue(run) ?? model}, {classifier.Classes.Count} classes; {threads} threads, {EngineOptions.NameOf(isa)}, ")
                + Invariant($"{options.MaxBatch} pictures in a pass at most"));
            ClassifierMeasurement[] measured = [.. numbers.Select(number => ClassifierBenchmark.Measure(ask, number, TimeSpan.FromSeconds(duration)))];
            Print(people, measured);
            if (result.GetValue(json))
            {
                WriteJson(output, measured);
            }
        });
        return command;
    }

    private static Classifier NewNetwork(string model, ModelOptions options, PhotoDecoder decoder, ClassifierOptions how)
    {
        Network network = ModelBuilder.Build(model, options);
        Initializer.Apply(network, InitializationOptions.Paper, seed: 1);
        string[] classes = [.. Enumerable.Range(0, options.Classes).Select(k => k.ToString(CultureInfo.InvariantCulture))];
        return Classifier.FromNetwork(network, classes, new Preprocessing(options.Crop).Evaluation(MeanImage.Zero(options.Crop)), decoder, how, disposeNetwork: true);
    }

    private static Action<int> Question(Classifier classifier, string? photo, int size)
    {
        if (photo is null)
        {
            // Twice as large as the crop: it is resized for each question, as a photo would be.
            RenderedDataset data = new(Pictures, Math.Max(2 * size, RenderedDataset.MinSize), seed: 1);
            RgbImage[] pictures = [.. Enumerable.Range(0, Pictures).Select(i => data.Read(i))];
            return question => classifier.Classify(pictures[question % Pictures]);
        }

        byte[] file = File.Exists(photo) ? File.ReadAllBytes(photo) : throw new RectifyException($"--photo {photo}: there is no such file; name a JPEG or PNG file.");
        return _ => classifier.Classify(file);
    }

    private static void Print(TextWriter people, ClassifierMeasurement[] measured)
    {
        Table table = Tables.New([], ["callers", "pictures/s", "median ms", "99 % below ms", "pictures"]);
        foreach (ClassifierMeasurement m in measured)
        {
            table.AddRow(
                Tables.Number(m.Callers),
                Invariant($"{m.PicturesPerSecond:F1}"),
                Invariant($"{1e3 * m.MedianSeconds:F2}"),
                Invariant($"{1e3 * m.SlowSeconds:F2}"),
                Tables.Number(m.Pictures));
        }

        Tables.ConsoleOn(people).Write(table);
    }

    private static void WriteJson(TextWriter output, ClassifierMeasurement[] measured) => JsonLine.Write(output, json =>
    {
        json.WriteStartArray("callers");
        foreach (ClassifierMeasurement m in measured)
        {
            json.WriteStartObject();
            json.WriteNumber("callers", m.Callers);
            json.WriteNumber("pictures", m.Pictures);
            json.WriteNumber("picturesPerSecond", m.PicturesPerSecond);
            json.WriteNumber("medianSeconds", m.MedianSeconds);
            json.WriteNumber("slowSeconds", m.SlowSeconds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
