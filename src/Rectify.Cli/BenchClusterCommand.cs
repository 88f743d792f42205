using System.CommandLine;
using Rectify.Benchmarks;
using Rectify.Execution;
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

/// <summary>rectify bench cluster.</summary>
internal static class BenchClusterCommand
{
    private const string Help =
        """
        Reckons how long a mini-batch takes on several machines: each machine's share is measured as bench scaling does it, and what must travel is added, by the speed of
        the links. See docs/scaling.md.

        Example: rectify bench cluster --model a --nodes 1,2,4,8 --cores 96 --links 25,100
        """;

    private const string WholeNetwork = "network";

    // ImageNet 2012's training set.
    private const int ImageNetImages = 1_281_167;

    public static Command Create()
    {
        BenchModelOptions drawn = new("a");
        Option<int> batch = new("--batch") { Description = "Images of a mini-batch, of all machines.", DefaultValueFactory = _ => 128, HelpName = "N" };
        Option<int> microBatch = new("--micro-batch") { Description = "Images that go through the network of a machine at a time.", DefaultValueFactory = _ => 64, HelpName = "N" };
        Option<int> cores = new("--cores") { Description = "Cores of a machine.", DefaultValueFactory = _ => 96, HelpName = "N" };
        Option<string> nodes = new("--nodes") { Description = "Numbers of machines.", DefaultValueFactory = _ => "1,2,4,8,16,32,64", HelpName = "N,N" };
        Option<string> links = new("--links") { Description = "10⁹ bits a second of a machine's link.", DefaultValueFactory = _ => "25,100", HelpName = "X,X" };
        Option<double> latency = new("--latency") { Description = "Microseconds of a message.", DefaultValueFactory = _ => 100.0, HelpName = "X" };
        Option<double> sums = new("--sum-rate") { Description = "GB/s that a machine adds to what it has.", DefaultValueFactory = _ => 2.0, HelpName = "X" };
        Option<double> bandwidth = new("--bandwidth")
        {
            Description = "GB/s that all of a machine's memory moves (default: 12 channels of DDR5-4800 at 85 %).",
            DefaultValueFactory = _ => ScalingModel.DefaultGigabytesPerSecond,
            HelpName = "X",
        };
        Option<int> epochs = new("--epochs") { Description = "Epochs of ImageNet whose hours are given.", DefaultValueFactory = _ => 80, HelpName = "N" };
        Option<bool> json = new("--json") { Description = "Print one JSON object as the last line of standard output." };
        EngineOptions engine = new();
        Command command = new("cluster", Help)
        {
            batch, microBatch, cores, nodes, links, latency, sums, bandwidth, epochs, json, engine.MaxIsa, engine.Exact,
        };
        drawn.AddTo(command);
        command.SetAction(result =>
        {
            int all = result.GetValue(batch);
            UsageException.Require(all is >= 1 and <= 1 << 16, $"--batch {all}: choose between 1 and {1 << 16} images.");
            int[] numbers = NumberList.Ascending<int>(
                "--nodes",
                result.GetValue(nodes)!,
                number => number >= 1 && number <= all,
                Invariant($"numbers from 1 to the {all} images of a mini-batch with commas between them"));
            double[] speeds = NumberList.Ascending<double>(
                "--links", result.GetValue(links)!, speed => speed is > 0 and < 1e5, "speeds above 0 with commas between them, such as 25,100");
            UsageException.Require(result.GetValue(cores) is >= 1 and <= 1024, $"--cores {result.GetValue(cores)}: choose between 1 and 1024.");
            UsageException.Require(result.GetValue(microBatch) >= 1, $"--micro-batch {result.GetValue(microBatch)}: choose 1 or more.");
            UsageException.Require(result.GetValue(latency) is >= 0 and < 1e6, $"--latency {result.GetValue(latency)}: choose microseconds, such as 100.");
            UsageException.Require(result.GetValue(sums) is > 0 and < 1e6, $"--sum-rate {result.GetValue(sums)}: choose 10⁹ bytes a second, such as 2.");
            UsageException.Require(result.GetValue(bandwidth) is > 0 and < 1e6, $"--bandwidth {result.GetValue(bandwidth)}: choose 10⁹ bytes a second, such as 390.");
            UsageException.Require(result.GetValue(epochs) >= 1, $"--epochs {result.GetValue(epochs)}: choose 1 or more.");
            (Isa isa, bool exact) = engine.ReadKernels(result);
            (string model, ModelOptions options) = drawn.Read(result);
            using Network network = ModelBuilder.Build(model, options);
            Initializer.Apply(network, InitializationOptions.Paper, seed: 1);
            TextWriter people = result.GetValue(json) ? result.InvocationConfiguration.Error : result.InvocationConfiguration.Output;
            ScalingModel node = new(result.GetValue(bandwidth), ScalingModel.MeasureCore(isa), 1e-6 * ScalingModel.DefaultJobMicroseconds);
            people.WriteLine(Invariant($"{network.Name}, {all} crops of {network.Input.H}×{network.Input.W} a mini-batch, ")
                + Invariant($"machines of {result.GetValue(cores)} cores, {EngineOptions.NameOf(isa)}; ")
                + Invariant($"{result.GetValue(latency):0.#} µs a message, sums at {result.GetValue(sums):0.#} GB/s"));

            ClusterModel cluster = new(network, all);
            Dictionary<int, List<ClusterPart>> measured = [];
            List<ClusterPart> Measure(int images, Func<List<ClusterPart>, double, List<ClusterPart>> several)
            {
                int parts = (images + result.GetValue(microBatch) - 1) / result.GetValue(microBatch);
                int together = (images + parts - 1) / parts;
                if (!measured.TryGetValue(together, out List<ClusterPart>? step))
                {
                    measured[together] = step = MeasureStep(node, network, isa, exact, result.GetValue(cores), together);
                }

                return several(step, (double)images / together);
            }

            List<ClusterPart> whole = Measure(all, Together);
            List<ClusterRow> rows = [];
            foreach (int number in numbers)
            {
                List<ClusterPart> share = Measure((all + number - 1) / number, Repeated);
                foreach (double speed in speeds)
                {
                    ClusterLink link = new(speed, 1e-6 * result.GetValue(latency), result.GetValue(sums));
                    rows.AddRange(Enum.GetValues<ClusterScheme>().Select(scheme => new ClusterRow(speed, scheme, cluster.Reckon(scheme, link, number, share, whole))));
                }
            }

            double one = whole.Sum(part => part.Seconds);
            double hours = (double)ImageNetImages / all * result.GetValue(epochs) / 3600;
            foreach (double speed in speeds)
            {
                people.WriteLine(Invariant($"links of {speed:0.##} Gb/s"));
                Print(people, [.. rows.Where(row => row.Link == speed)], one, hours, all);
            }

            if (result.GetValue(json))
            {
                WriteJson(result.InvocationConfiguration.Output, network.Name, all, result.GetValue(cores), one, hours, rows);
            }
        });
        return command;
    }

    // On one core, its work cut as for all.
    private static List<ClusterPart> MeasureStep(ScalingModel node, Network network, Isa isa, bool exact, int cores, int images)
    {
        using Workers workers = ScalingModel.Alone(cores);
        using TrainingStepBenchmark benchmark = new(network, new KernelContext(workers, isa, exact), images, images);
        return [.. node.Reckon(benchmark, runs: 1).Parts.Select(part => new ClusterPart(part.Name, part.Pass, part.Seconds(cores)))];
    }

    // Gradients travel on the way back of the last micro-batch; those before are as long.
    private static List<ClusterPart> Repeated(List<ClusterPart> microBatch, double times) => times == 1.0
        ? microBatch
        : [new ClusterPart(WholeNetwork, StepPass.Forward, (times - 1) * microBatch.Where(part => part.Pass != StepPass.Update).Sum(part => part.Seconds)), .. microBatch];

    // What one machine computes alone, all micro-batches of a part together.
    private static List<ClusterPart> Together(List<ClusterPart> microBatch, double times) =>
        [.. microBatch.Select(part => part.Pass == StepPass.Update ? part : part with { Seconds = times * part.Seconds })];

    private static void Print(TextWriter people, ClusterRow[] rows, double one, double hours, int batch)
    {
        Table table = Tables.New(
            [],
            [
                "machines", "images each", "s a step", "images/s", "times faster", "% of ideal", "waits ms", "hours",
                "sums alone: times", "paper's hybrid: times", "MB in", "sums", "hybrid",
            ]);
        foreach (IGrouping<int, ClusterRow> group in rows.GroupBy(row => row.Point.Nodes))
        {
            ClusterPoint Of(ClusterScheme scheme) => group.First(row => row.Scheme == scheme).Point;
            ClusterPoint point = Of(ClusterScheme.Factors);
            table.AddRow(
                Invariant($"{point.Nodes}"),
                Invariant($"{(double)batch / point.Nodes:0.#}"),
                Invariant($"{point.Seconds:F3}"),
                Invariant($"{batch / point.Seconds:F0}"),
                Invariant($"{one / point.Seconds:F2}"),
                Invariant($"{100 * one / point.Seconds / point.Nodes:F0}"),
                Invariant($"{1e3 * point.WaitSeconds:F0}"),
                Invariant($"{hours * point.Seconds:F1}"),
                Invariant($"{one / Of(ClusterScheme.Data).Seconds:F2}"),
                Invariant($"{one / Of(ClusterScheme.Hybrid).Seconds:F2}"),
                Invariant($"{1e-6 * point.BytesIn:F0}"),
                Invariant($"{1e-6 * Of(ClusterScheme.Data).BytesIn:F0}"),
                Invariant($"{1e-6 * Of(ClusterScheme.Hybrid).BytesIn:F0}"));
        }

        Tables.ConsoleOn(people).Write(table);
    }

    private static void WriteJson(TextWriter output, string model, int batch, int cores, double one, double hours, List<ClusterRow> rows) => JsonLine.Write(output, json =>
    {
        json.WriteString("model", model);
        json.WriteNumber("batch", batch);
        json.WriteNumber("cores", cores);
        json.WriteNumber("secondsOnOne", one);
        json.WriteStartArray("points");
        foreach (ClusterRow row in rows)
        {
            json.WriteStartObject();
            json.WriteNumber("nodes", row.Point.Nodes);
            json.WriteNumber("gigabitsPerSecond", row.Link);
            json.WriteString("scheme", row.Scheme.ToString());
            json.WriteNumber("secondsPerStep", row.Point.Seconds);
            json.WriteNumber("waitSeconds", row.Point.WaitSeconds);
            json.WriteNumber("bytesIn", row.Point.BytesIn);
            json.WriteNumber("hours", hours * row.Point.Seconds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    // A scheme over a link of so many Gb/s.
    private sealed record ClusterRow(double Link, ClusterScheme Scheme, ClusterPoint Point);
}
