using System.CommandLine;
using System.Globalization;
using Rectify.Kernels;
using Rectify.Kernels.Benchmarks;
using Rectify.Tensors;

namespace Rectify.Cli;

/// <summary>rectify bench.</summary>
internal static class BenchCommand
{
    private const string Help =
        """
        Measures the engine. Figures are medians; compare ratios of one run, not seconds of two.

        Example: rectify bench gemm --size 1024
        Example: rectify bench conv --shape 8,56,56,256,256 --pass backward-data
        Example: rectify bench step --model a --batch 16 --layers
        Example: rectify bench infer --model vgg19 --batch 8
        Example: rectify bench dense --model a
        Example: rectify bench classify --model small14 --size 112
        Example: rectify bench data --data photos/
        """;

    public static Command Create(Func<Stream> input)
    {
        Option<int> size = new("--size") { Description = "Rows, columns and depth, a multiple of 16.", DefaultValueFactory = _ => 1024, HelpName = "N" };
        Option<int> repeats = new("--repeats") { Description = "Runs of each measurement.", DefaultValueFactory = _ => 25, HelpName = "N" };
        Option<bool> json = new("--json") { Description = "Print one JSON object as the last line of standard output." };
        Option<bool> server = new("--server") { Description = "Stay: read a number of runs a line, print the seconds they took and the processor time." };
        EngineOptions engine = new();
        Command gemm = new("gemm", "Times a square matrix product against the machine's multiply-add peak, measured in the same run.") { size, repeats, server, json };
        engine.AddTo(gemm);
        gemm.SetAction(result =>
        {
            int n = result.GetValue(size);
            if (n < 16 || n % 16 != 0 || n > 16384 || result.GetValue(repeats) < 1)
            {
                throw new UsageException($"--size {n} --repeats {result.GetValue(repeats)}: the size must be a multiple of 16 up to 16384, the repeats at least 1.");
            }

            KernelContext context = engine.Open(result);
            using (context.Workers)
            {
                if (result.GetValue(server))
                {
                    Serve(n, context, input(), result.InvocationConfiguration.Output);
                    return;
                }

                GemmMeasurement m = GemmBenchmark.Run(n, result.GetValue(repeats), context);
                TextWriter people = result.GetValue(json) ? result.InvocationConfiguration.Error : result.InvocationConfiguration.Output;
                people.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"multiply-add peak {m.PeakGigaflops:F0} GFLOP/s; product {n}³ {m.Gigaflops:F0} GFLOP/s: "
                    + $"{100 * m.Gigaflops / m.PeakGigaflops:F1} % of the peak ({context.Workers.Count} threads, "
                    + $"{EngineOptions.NameOf(context.Isa)}, medians of {result.GetValue(repeats)})"));
                if (result.GetValue(json))
                {
                    JsonLine.Write(result.InvocationConfiguration.Output, j =>
                    {
                        j.WriteNumber("size", n);
                        j.WriteNumber("gigaflops", m.Gigaflops);
                        j.WriteNumber("peakGigaflops", m.PeakGigaflops);
                        j.WriteNumber("threads", context.Workers.Count);
                    });
                }
            }
        });
        return new Command("bench", Help)
        {
            gemm, BenchConvolutionCommand.Create(input), BenchNetworkCommand.CreateStep(input), BenchNetworkCommand.CreateInfer(input),
            BenchDenseCommand.Create(input), BenchClassifyCommand.Create(),
            BenchMemoryCommand.Create(), BenchScalingCommand.Create(), BenchClusterCommand.Create(), BenchAllreduceCommand.Create(),
            BenchDataCommand.Create(input),
        };
    }

    private static void Serve(int size, KernelContext context, Stream input, TextWriter output)
    {
        using GemmBenchmark benchmark = new(size, context);
        Repetition.WarmUp(TimeSpan.FromSeconds(0.5), 2, () => benchmark.RunOnce());
        benchmark.Check();
        BenchServer.Serve(input, output, $"product {size}³", benchmark.RunOnce);
    }
}
