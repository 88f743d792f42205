using System.CommandLine;
using System.Globalization;
using Rectify.Benchmarks;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Tensors;
using Spectre.Console;
using static System.FormattableString;

namespace Rectify.Cli;

/// <summary>rectify bench dense.</summary>
internal static class BenchDenseCommand
{
    private const int Steps = 9;
    private const int FirstScale = 256;
    private const int ScaleStep = 32;

    private const string Help =
        """
        Times dense testing of one photo at several scales, with its mirror image, and the same windows as separate crops.

        Example: rectify bench dense --model a
        Example: rectify bench dense --model a --scales 384 --photo 640,480
        """;

    public static Command Create(Func<Stream> input)
    {
        BenchModelOptions drawn = new("a");
        Option<string> photo = new("--photo") { Description = "Columns and rows of the photo.", DefaultValueFactory = _ => "500,375", HelpName = "W,H" };
        Option<string> scales = new("--scales")
        {
            Description = "Shorter sides to which it is resized.",
            DefaultValueFactory = _ => string.Join(',', Enumerable.Range(0, Steps).Select(i => FirstScale + (i * ScaleStep))),
            HelpName = "S,S,…",
        };
        Option<double> seconds = new("--seconds") { Description = "Measure for about so long, and at least three runs.", DefaultValueFactory = _ => 10.0, HelpName = "S" };
        Option<bool> server = new("--server") { Description = "Stay: read a number of runs a line, print the seconds they took and the processor time." };
        Option<bool> json = new("--json") { Description = "Print one JSON object as the last line of standard output." };
        EngineOptions engine = new();
        Command command = new("dense", Help) { photo, scales, seconds, server, json };
        drawn.AddTo(command);
        engine.AddTo(command);
        command.SetAction(result =>
        {
            double duration = result.GetValue(seconds);
            UsageException.Require(duration is > 0 and <= 86400, $"--seconds {duration}: choose a number above 0, such as 10.");
            int[] sides = Sizes("--photo", result.GetValue(photo)!), wanted = Sizes("--scales", result.GetValue(scales)!);
            UsageException.Require(sides.Length == 2, $"--photo {result.GetValue(photo)}: write columns and rows, as in 500,375.");
            (string model, ModelOptions options) = drawn.Read(result);
            using Network network = ModelBuilder.Build(model, options);
            KernelContext context = engine.Open(result);
            using (context.Workers)
            {
                Initializer.Apply(network, InitializationOptions.Paper, seed: 1, context.Workers);
                using DenseBenchmark benchmark = new(network, context, sides[0], sides[1], wanted);
                string description = Invariant($"{network.Name}, a photo of {sides[0]}×{sides[1]} and its mirror image ")
                    + Invariant($"at {wanted.Length} scales, {wanted.Min()} to {wanted.Max()}; ")
                    + Invariant($"{context.Workers.Count} threads, {EngineOptions.NameOf(context.Isa)}");
                if (result.GetValue(server))
                {
                    _ = benchmark.RunOnce();
                    BenchServer.Serve(input(), result.InvocationConfiguration.Output, description, () => benchmark.RunOnce().Seconds);
                    return;
                }

                TextWriter people = result.GetValue(json) ? result.InvocationConfiguration.Error : result.InvocationConfiguration.Output;
                people.WriteLine(description);
                DenseMeasurement m = benchmark.Measure(TimeSpan.FromSeconds(duration));
                Print(people, m);
                if (result.GetValue(json))
                {
                    WriteJson(result.InvocationConfiguration.Output, m);
                }
            }
        });
        return command;
    }

    private static int[] Sizes(string option, string text) => [.. text.Split(',').Select(part =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= 1 << 14
            ? number
            : throw new UsageException($"{option} {text}: '{part}' is no number of pixels up to {1 << 14}."))];

    private static void Print(TextWriter people, DenseMeasurement m)
    {
        Table table = Tables.New(["part"], ["ms", "% of time"]);
        foreach ((string part, double seconds) in ((string, double)[])
            [("input", m.Times.Input), ("convolutions", m.Times.Convolution), ("pooling", m.Times.Pooling), ("fully connected", m.Times.Scoring)])
        {
            table.AddRow(part, Invariant($"{1e3 * seconds:F1}"), Invariant($"{100 * seconds / m.Seconds:F1}"));
        }

        Tables.ConsoleOn(people).Write(table);
        people.WriteLine(Invariant($"{m.Seconds:F3} s a photo, median of {m.Runs}; {m.Times.Windows:N0} windows, {m.Times.Windows / m.Seconds:N0} a second"));
        people.WriteLine(Invariant($"as crops, {m.CropBatch} at a time, {1 / m.CropSeconds:F1} a second, ")
            + Invariant($"they would take {m.Times.Windows * m.CropSeconds:F1} s: {m.Ratio:F1} times longer"));
    }

    private static void WriteJson(TextWriter output, DenseMeasurement m) => JsonLine.Write(output, json =>
    {
        json.WriteNumber("seconds", m.Seconds);
        json.WriteNumber("inputSeconds", m.Times.Input);
        json.WriteNumber("convolutionSeconds", m.Times.Convolution);
        json.WriteNumber("poolingSeconds", m.Times.Pooling);
        json.WriteNumber("fullyConnectedSeconds", m.Times.Scoring);
        json.WriteNumber("windows", m.Times.Windows);
        json.WriteNumber("cropSeconds", m.CropSeconds);
        json.WriteNumber("cropBatch", m.CropBatch);
        json.WriteNumber("ratio", m.Ratio);
        json.WriteNumber("runs", m.Runs);
    });
}
