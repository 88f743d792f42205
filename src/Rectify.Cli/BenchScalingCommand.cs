using System.CommandLine;
using System.Globalization;
using Rectify.Benchmarks;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Tensors;
using Spectre.Console;
using static System.FormattableString;

namespace Rectify.Cli;

/// <summary>rectify bench scaling.</summary>
internal static class BenchScalingCommand
{
    private const string Help =
        """
        Reckons how long a training step takes on more cores than this machine has: the work is cut as for them and timed on one core, job by job; then
        each job takes as many rounds as its chunks ask for, and each layer at least what its bytes take at the memory's speed. See docs/scaling.md.
        """;

    private const int MostCores = 1024;
    private const int WorstParts = 12;

    public static Command Create()
    {
        BenchModelOptions drawn = new("a");
        Option<int> batch = new("--batch") { Description = "Images of a step.", DefaultValueFactory = _ => 16, HelpName = "N" };
        Option<int> microBatch = new("--micro-batch") { Description = "Images that go through the network at a time; 0 lets Rectify choose.", HelpName = "N" };
        Option<string> cores = new("--cores") { Description = "Numbers of cores.", DefaultValueFactory = _ => "1,2,4,8,16,32,64,96,128,192", HelpName = "N,N" };
        Option<double> bandwidth = new("--bandwidth")
        {
            Description = "GB/s that all of the machine's memory moves (default: 12 channels of DDR5-4800 at 85 %).",
            DefaultValueFactory = _ => ScalingModel.DefaultGigabytesPerSecond,
            HelpName = "X",
        };
        Option<double> jobCost = new("--job-cost")
        {
            Description = "Microseconds to hand a job out and wait for its end.",
            DefaultValueFactory = _ => ScalingModel.DefaultJobMicroseconds,
            HelpName = "X",
        };
        Option<int> runs = new("--runs")
        {
            Description = "Steps measured for each number of cores; the least time of each job counts.",
            DefaultValueFactory = _ => 2,
            HelpName = "N",
        };
        Option<bool> json = new("--json") { Description = "Print one JSON object as the last line of standard output." };
        EngineOptions engine = new();
        Command command = new("scaling", Help) { batch, microBatch, cores, bandwidth, jobCost, runs, json, engine.MaxIsa, engine.Exact };
        drawn.AddTo(command);
        command.SetAction(result =>
        {
            int[] numbers = NumberList.Ascending<int>(
                "--cores", result.GetValue(cores)!, number => number is >= 1 and <= MostCores, $"numbers from 1 to {MostCores} with commas between them, such as 8,64,128");
            UsageException.Require(result.GetValue(bandwidth) is > 0 and < 1e6, $"--bandwidth {result.GetValue(bandwidth)}: choose 10⁹ bytes a second, such as 390.");
            UsageException.Require(result.GetValue(jobCost) is >= 0 and < 1e6, $"--job-cost {result.GetValue(jobCost)}: choose microseconds, such as 10.");
            UsageException.Require(result.GetValue(runs) is >= 1 and <= 1000, $"--runs {result.GetValue(runs)}: choose between 1 and 1000.");
            TextWriter people = result.GetValue(json) ? result.InvocationConfiguration.Error : result.InvocationConfiguration.Output;
            (Isa isa, bool exact) = engine.ReadKernels(result);
            double core = ScalingModel.MeasureCore(isa);
            ScalingModel scaling = new(result.GetValue(bandwidth), core, 1e-6 * result.GetValue(jobCost));
            (string model, ModelOptions options) = drawn.Read(result);
            using Network network = ModelBuilder.Build(model, options);
            Initializer.Apply(network, InitializationOptions.Paper, seed: 1);
            people.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{network.Name}, {result.GetValue(batch)} crops of {network.Input.H}×{network.Input.W} a step, {EngineOptions.NameOf(isa)}; "
                + $"a core copies {core:F0} GB/s, the machine at most {scaling.GigabytesPerSecond:F0}"));
            List<ScalingPoint> points = [];
            foreach (int number in numbers)
            {
                using Workers workers = ScalingModel.Alone(number);
                using TrainingStepBenchmark benchmark = new(network, new KernelContext(workers, isa, exact), result.GetValue(batch), result.GetValue(microBatch));
                points.Add(scaling.Reckon(benchmark, result.GetValue(runs)));
            }

            Print(people, points, result.GetValue(batch));
            if (result.GetValue(json))
            {
                WriteJson(result.InvocationConfiguration.Output, network.Name, result.GetValue(batch), points);
            }
        });
        return command;
    }

    private static void Print(TextWriter people, List<ScalingPoint> points, int batch)
    {
        Table table = Tables.New([], ["cores", "s a step", "images/s", "times faster", "% of ideal", "% done twice", "% uneven", "% memory", "% handing out", "% serial"]);
        ScalingPoint least = points[0];
        foreach (ScalingPoint point in points)
        {
            double faster = least.Seconds / point.Seconds;
            table.AddRow(
                Invariant($"{point.Cores}"),
                Invariant($"{point.Seconds:F4}"),
                Invariant($"{batch / point.Seconds:F1}"),
                Invariant($"{faster:F1}"),
                Invariant($"{100 * faster * least.Cores / point.Cores:F0}"),
                Share(((point.WorkSeconds - least.WorkSeconds) / point.Cores), point),
                Share(point.Parts.Sum(part => part.UnevenSeconds), point),
                Share(point.Parts.Sum(part => part.MemorySeconds), point),
                Share(point.Parts.Sum(part => part.HandingSeconds), point),
                Share(point.Parts.Sum(part => part.SerialSeconds), point));
        }

        IAnsiConsole console = Tables.ConsoleOn(people);
        console.Write(table);
        ScalingPoint most = points[^1];
        Table worst = Tables.New([$"what {most.Cores} cores lose most on", "pass"], ["ms", "shared evenly", "uneven", "memory", "handing out", "serial"]);
        foreach (ScalingPart part in most.Parts.OrderByDescending(part => part.Seconds(most.Cores) - (part.WorkSeconds / most.Cores)).Take(WorstParts))
        {
            worst.AddRow([
                part.Name,
                BenchNetworkCommand.NameOf(part.Pass),
                .. new[] { part.Seconds(most.Cores), part.WorkSeconds / most.Cores, part.UnevenSeconds, part.MemorySeconds, part.HandingSeconds, part.SerialSeconds }
                    .Select(seconds => Invariant($"{1e3 * seconds:F3}")),
            ]);
        }

        console.Write(worst);
    }

    private static string Share(double seconds, ScalingPoint point) => Invariant($"{100 * seconds / point.Seconds:F1}");

    private static void WriteJson(TextWriter output, string model, int batch, List<ScalingPoint> points) => JsonLine.Write(output, json =>
    {
        json.WriteString("model", model);
        json.WriteNumber("batch", batch);
        json.WriteStartArray("cores");
        foreach (ScalingPoint point in points)
        {
            json.WriteStartObject();
            json.WriteNumber("cores", point.Cores);
            json.WriteNumber("secondsPerStep", point.Seconds);
            json.WriteNumber("workSeconds", point.WorkSeconds);
            json.WriteNumber("unevenSeconds", point.Parts.Sum(part => part.UnevenSeconds));
            json.WriteNumber("memorySeconds", point.Parts.Sum(part => part.MemorySeconds));
            json.WriteNumber("handingSeconds", point.Parts.Sum(part => part.HandingSeconds));
            json.WriteNumber("serialSeconds", point.Parts.Sum(part => part.SerialSeconds));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
