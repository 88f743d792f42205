using System.CommandLine;
using System.Globalization;
using Rectify.Kernels;
using Rectify.Kernels.Benchmarks;
using Rectify.Kernels.Convolution;
using Rectify.Tensors;

namespace Rectify.Cli;

/// <summary>rectify bench conv.</summary>
internal static class BenchConvolutionCommand
{
    private const int LongestSide = 1 << 14;

    private static readonly string[] Passes = ["forward", "backward-data", "backward-filter"];

    public static Command Create(Func<Stream> input)
    {
        Option<string> shape = new("--shape")
        {
            Description = "Batch, height, width, input channels, filters; then filter size, stride and padding.",
            DefaultValueFactory = _ => "8,56,56,256,256,3,1,1",
            HelpName = "N,H,W,C,K[,R,STRIDE,PAD]",
        };
        Option<string> pass = new("--pass") { Description = "forward, backward-data or backward-filter.", DefaultValueFactory = _ => Passes[0], HelpName = "PASS" };
        Option<int> repeats = new("--repeats") { Description = "Runs of each kernel.", DefaultValueFactory = _ => 15, HelpName = "N" };
        Option<bool> server = new("--server")
        {
            Description = "Stay, with the kernel that a network would use: read a number of runs a line, print the seconds they took and the processor time.",
        };
        Option<bool> json = new("--json") { Description = "Print one JSON object as the last line of standard output." };
        EngineOptions engine = new();
        Command command = new("conv", "Times each kernel that can do a convolution, by turns; effective GFLOP/s count the operations of the definition.")
        {
            shape, pass, repeats, server, json,
        };
        engine.AddTo(command);
        command.SetAction(result =>
        {
            ConvolutionShape work = Shape(result.GetValue(shape)!);
            string name = result.GetValue(pass)!;
            int chosen = Array.IndexOf(Passes, name);
            if (chosen < 0 || result.GetValue(repeats) < 1)
            {
                throw new UsageException($"--pass {name} --repeats {result.GetValue(repeats)}: choose {string.Join(", ", Passes)}, and at least 1 repeat.");
            }

            KernelContext context = engine.Open(result);
            using (context.Workers)
            {
                if (result.GetValue(server))
                {
                    using ConvolutionBenchmark benchmark = ConvolutionBenchmark.Open(work, (ConvolutionPass)chosen, context);
                    Repetition.WarmUp(TimeSpan.FromSeconds(0.5), 2, () => benchmark.RunOnce());
                    BenchServer.Serve(input(), result.InvocationConfiguration.Output, $"{name} of {work} by {benchmark.Chosen}", benchmark.RunOnce);
                    return;
                }

                ConvolutionMeasurement m = ConvolutionBenchmark.Run(work, (ConvolutionPass)chosen, result.GetValue(repeats), context);
                Print(result.GetValue(json) ? result.InvocationConfiguration.Error : result.InvocationConfiguration.Output, work, name, m, context);
                if (result.GetValue(json))
                {
                    JsonLine.Write(result.InvocationConfiguration.Output, j =>
                    {
                        j.WriteString("shape", result.GetValue(shape));
                        j.WriteString("pass", name);
                        j.WriteNumber("threads", context.Workers.Count);
                        j.WriteNumber("peakGigaflops", m.PeakGigaflops);
                        j.WriteStartArray("kernels");
                        foreach (ConvolutionKernelMeasurement kernel in m.Kernels)
                        {
                            j.WriteStartObject();
                            j.WriteString("name", kernel.Name);
                            j.WriteNumber("seconds", kernel.Seconds);
                            j.WriteNumber("gigaflops", kernel.Gigaflops);
                            j.WriteNumber("scratchBytes", kernel.ScratchBytes);
                            j.WriteEndObject();
                        }

                        j.WriteEndArray();
                    });
                }
            }
        });
        return command;
    }

    private static void Print(TextWriter people, in ConvolutionShape work, string pass, ConvolutionMeasurement m, KernelContext context)
    {
        people.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{pass} of {work} ({context.Workers.Count} threads, {EngineOptions.NameOf(context.Isa)}); multiply-add peak {m.PeakGigaflops:F0} GFLOP/s"));
        foreach (ConvolutionKernelMeasurement kernel in m.Kernels)
        {
            people.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {kernel.Name,-14} {kernel.Seconds * 1e3,9:F3} ms {kernel.Gigaflops,7:F0} effective GFLOP/s  {kernel.Gigaflops / m.PeakGigaflops,5:F2} × peak  "
                + $"{kernel.ScratchBytes / 1e6,6:F1} MB scratch"));
        }
    }

    private static ConvolutionShape Shape(string text)
    {
        int[] sizes = new int[8];
        (sizes[5], sizes[6], sizes[7]) = (3, 1, 1);
        string[] parts = text.Split(',');
        bool good = parts.Length is >= 5 and <= 8;
        for (int i = 0; good && i < parts.Length; i++)
        {
            good = int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out sizes[i]) && sizes[i] <= LongestSide && (sizes[i] >= 1 || i == 7);
        }

        if (good)
        {
            // Photos are packed; maps inside a network lie in blocks.
            MapShape input = sizes[3] <= 3 ? MapShape.Image(sizes[0], sizes[1], sizes[2], sizes[3]) : MapShape.Map(sizes[0], sizes[1], sizes[2], sizes[3]);
            ConvolutionShape shape = new(input, sizes[4], Window.Square(sizes[5], sizes[6], sizes[7]));
            if (shape.Window.OutputRows(input.H) > 0 && shape.Window.OutputColumns(input.W) > 0)
            {
                return shape;
            }
        }

        throw new UsageException(
            $"--shape {text}: write N,H,W,C,K and perhaps R,STRIDE,PAD, whole numbers up to {LongestSide}, the filter no larger than the padded map; such as 8,56,56,256,256.");
    }
}
