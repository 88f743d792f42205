using System.CommandLine;
using Rectify.Benchmarks;
using Rectify.Communication;
using Rectify.Execution;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Mpi;
using Rectify.Tensors;
using Spectre.Console;
using static System.FormattableString;

namespace Rectify.Cli;

/// <summary>rectify bench step and rectify bench infer.</summary>
internal static class BenchNetworkCommand
{
    public const string Step = "step";

    public static Command CreateStep(Func<Stream> input)
    {
        Option<int> microBatch = new("--micro-batch") { Description = "Images that go through the network at a time; 0 lets Rectify choose.", HelpName = "N" };
        Command command = Create(
            Step,
            "Times whole training steps, the data in memory: forward, loss, backward, momentum and decay. Effective GFLOP/s count three forward passes by the definition.",
            16,
            input,
            (network, context, batch, communicator, result) => new TrainingStepBenchmark(network, context, batch, result.GetValue(microBatch), communicator));
        command.Options.Add(microBatch);
        return command;
    }

    public static Command CreateInfer(Func<Stream> input) => Create(
        "infer",
        "Times forward passes, the data in memory. Effective GFLOP/s count the operations of the definition.",
        8,
        input,
        (network, context, batch, _, _) => new InferenceBenchmark(network, context, batch));

    private static Command Create(
        string name, string help, int images, Func<Stream> input, Func<Network, KernelContext, int, Communicator, ParseResult, NetworkBenchmark> open)
    {
        BenchModelOptions drawn = new("small14");
        Option<int> batch = new("--batch") { Description = "Images.", DefaultValueFactory = _ => images, HelpName = "N" };
        Option<string> activation = new("--activation") { Description = $"One of {ActivationNames.All}.", DefaultValueFactory = _ => "prelu", HelpName = "NAME" };
        Option<double> seconds = new("--seconds") { Description = "Measure for about so long, and at least three runs.", DefaultValueFactory = _ => 10.0, HelpName = "S" };
        Option<bool> layers = new("--layers") { Description = "Show where the time goes, the greatest part first." };
        Option<bool> server = new("--server") { Description = "Stay: read a number of runs a line, print the seconds they took and the processor time." };
        Option<bool> json = new("--json") { Description = "Print one JSON object as the last line of standard output." };
        Option<string> parallel = ParallelOption.Create();
        EngineOptions engine = new();
        Command command = new(name, help) { batch, activation, seconds, layers, server, json };
        drawn.AddTo(command);
        engine.AddTo(command);
        if (name == Step)
        {
            command.Options.Add(parallel);
        }

        command.SetAction(result =>
        {
            UsageException.Require(!MpiLauncher.IsShared || !result.GetValue(server), $"--server: works in one process; start it without mpirun.");
            double duration = result.GetValue(seconds);
            if (!(duration is > 0 and <= 86400))
            {
                throw new UsageException($"--seconds {duration}: choose a number above 0, such as 10.");
            }

            (string model, ModelOptions options) = drawn.Read(result);
            options = options with { Activation = ActivationNames.Parse(result.GetValue(activation)!) };
            InvocationConfiguration invocation = result.InvocationConfiguration;
            return name == Step
                ? Ranks.Run(invocation, Measure, ParallelOption.Read(result, parallel))
                : Measure(Alone.Instance, invocation.Output, invocation.Error);

            int Measure(Communicator communicator, TextWriter output, TextWriter errors)
            {
                using Network network = ModelBuilder.Build(model, options);
                KernelContext context = engine.Open(result);
                using (context.Workers)
                {
                    using NetworkBenchmark benchmark = open(network, context, result.GetValue(batch), communicator, result);
                    Initializer.Apply(network, InitializationOptions.Paper, seed: 1, context.Workers);
                    string description = Describe(benchmark, result.GetValue(activation)!, communicator);
                    if (result.GetValue(server))
                    {
                        benchmark.WarmUp(TimeSpan.FromSeconds(duration));
                        BenchServer.Serve(input(), output, description, benchmark.RunOnce);
                        return 0;
                    }

                    TextWriter people = result.GetValue(json) ? errors : output;
                    people.WriteLine(description);
                    NetworkMeasurement m = benchmark.Measure(TimeSpan.FromSeconds(duration), result.GetValue(layers));
                    Print(people, benchmark, m, name);
                    if (result.GetValue(json))
                    {
                        WriteJson(output, benchmark, m);
                    }

                    return 0;
                }
            }
        });
        return command;
    }

    private static string Describe(NetworkBenchmark benchmark, string activation, Communicator communicator)
    {
        string threads = benchmark.Context.Workers.Count == 1 ? "1 thread" : Invariant($"{benchmark.Context.Workers.Count} threads");
        return Invariant(
            $"{benchmark.Network.Name}, {activation}, {benchmark.Batch} crops of {benchmark.Network.Input.H}×{benchmark.Network.Input.W}, ")
            + Invariant($"{benchmark.MicroBatch} at a time; {benchmark.Network.ParameterCount:N0} parameters, {benchmark.MemoryBytes / 1048576.0:N0} MB; ")
            + Invariant($"{(communicator.IsShared ? Invariant($"{communicator.Size} processes, of each ") : "")}{threads}, ")
            + Invariant($"{EngineOptions.NameOf(benchmark.Context.Isa)}{(benchmark.Context.Exact ? ", exact" : "")}");
    }

    private static void Print(TextWriter people, NetworkBenchmark benchmark, NetworkMeasurement m, string name)
    {
        if (m.Profile.Count > 0)
        {
            IAnsiConsole console = Tables.ConsoleOn(people);
            console.Write(ProfileTable(m));
            console.Write(PassTable(m));
        }

        double gigaflops = benchmark.Gigaflop / m.Seconds;
        people.WriteLine(Invariant($"multiply-add peak {m.PeakGigaflops:F0} GFLOP/s, copying {m.CopyGigabytes:F1} GB/s"));
        people.WriteLine(Invariant(
            $"{benchmark.Batch / m.Seconds:F1} images/s: {m.Seconds:F4} s a {(name == Step ? "step" : "pass")}, ")
            + Invariant($"median of {m.Runs}, {m.LeastSeconds:F4} to {m.MostSeconds:F4}; {gigaflops:F0} effective GFLOP/s, ")
            + Invariant($"{gigaflops / m.PeakGigaflops:F2} × peak; {m.PeakMemoryBytes / 1048576.0:N0} MB at the most"));
    }

    private static Table ProfileTable(NetworkMeasurement m)
    {
        Table table = Tables.New(
            ["step", "pass", "kernel"], ["ms", "% of time", "GFLOP", "effective GFLOP/s", "% of peak", "MB", "GB/s", "% of copying"]);
        foreach (ProfileLine line in m.Profile.OrderByDescending(line => line.Seconds))
        {
            bool computes = line.Gigaflop > 0;
            table.AddRow(
                line.Step,
                NameOf(line.Pass),
                line.Kernel,
                Invariant($"{1e3 * line.Seconds:F2}"),
                Invariant($"{100 * line.Seconds / m.Seconds:F1}"),
                computes ? Invariant($"{line.Gigaflop:F2}") : "",
                computes ? Invariant($"{line.Gigaflop / line.Seconds:F0}") : "",
                computes ? Invariant($"{100 * line.Gigaflop / line.Seconds / m.PeakGigaflops:F0}") : "",
                Invariant($"{1e3 * line.Gigabytes:F1}"),
                Invariant($"{line.Gigabytes / line.Seconds:F1}"),
                Invariant($"{100 * line.Gigabytes / line.Seconds / m.CopyGigabytes:F0}"));
        }

        return table;
    }

    private static Table PassTable(NetworkMeasurement m)
    {
        Table table = Tables.New(["all steps"], ["ms", "% of time"]);
        foreach (IGrouping<StepPass, ProfileLine> pass in m.Profile.GroupBy(line => line.Pass).OrderByDescending(pass => pass.Sum(line => line.Seconds)))
        {
            double seconds = pass.Sum(line => line.Seconds);
            table.AddRow(NameOf(pass.Key), Invariant($"{1e3 * seconds:F2}"), Invariant($"{100 * seconds / m.Seconds:F1}"));
        }

        return table;
    }

    internal static string NameOf(StepPass pass) => pass switch
    {
        StepPass.Forward => "forward",
        StepPass.BackwardRectifier => "backward-rectifier",
        StepPass.BackwardFilter => "backward-filter",
        StepPass.BackwardData => "backward-data",
        StepPass.Backward => "backward",
        StepPass.Sink => "gradient-check",
        StepPass.Load => "load-batch",
        StepPass.Clear => "clear-gradients",
        StepPass.Loss => "loss",
        StepPass.Exchange => "exchange",
        _ => "update",
    };

    private static void WriteJson(TextWriter output, NetworkBenchmark benchmark, NetworkMeasurement m) => JsonLine.Write(output, json =>
    {
        json.WriteString("model", benchmark.Network.Name);
        json.WriteNumber("batch", benchmark.Batch);
        json.WriteNumber("imagesPerSecond", benchmark.Batch / m.Seconds);
        json.WriteNumber("secondsPerStep", m.Seconds);
        json.WriteNumber("peakMemoryBytes", m.PeakMemoryBytes);
        json.WriteNumber("leastSeconds", m.LeastSeconds);
        json.WriteNumber("mostSeconds", m.MostSeconds);
        json.WriteNumber("steps", m.Runs);
        json.WriteNumber("microBatch", benchmark.MicroBatch);
        json.WriteNumber("size", benchmark.Network.Input.H);
        json.WriteNumber("gigaflops", benchmark.Gigaflop / m.Seconds);
        json.WriteNumber("peakGigaflops", m.PeakGigaflops);
        json.WriteNumber("copyGigabytesPerSecond", m.CopyGigabytes);
        json.WriteNumber("expectedMemoryBytes", benchmark.MemoryBytes);
        json.WriteNumber("threads", benchmark.Context.Workers.Count);
        json.WriteString("isa", benchmark.Context.Isa.ToString());
        if (m.Profile.Count == 0)
        {
            return;
        }

        json.WriteStartArray("layers");
        foreach (ProfileLine line in m.Profile)
        {
            json.WriteStartObject();
            json.WriteString("step", line.Step);
            json.WriteString("pass", NameOf(line.Pass));
            json.WriteString("kernel", line.Kernel);
            json.WriteNumber("seconds", line.Seconds);
            json.WriteNumber("gigaflop", line.Gigaflop);
            json.WriteNumber("gigabytes", line.Gigabytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
