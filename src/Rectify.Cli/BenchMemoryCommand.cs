using System.CommandLine;
using System.Globalization;
using Rectify.Kernels;
using Rectify.Kernels.Benchmarks;
using Rectify.Kernels.Linear;
using Rectify.Tensors;

namespace Rectify.Cli;

/// <summary>rectify bench memory.</summary>
internal static class BenchMemoryCommand
{
    private const int LargestSide = 1 << 17;
    private const long LargestWeights = 1L << 29;

    private const string Help =
        """
        Times the kernels that memory bounds (pooling, rectifiers, dropout, softmax, momentum) or a fully connected layer against a plain copy in the same
        run. The floor is what that copy would take for the bytes that must move, or the multiply-add peak for the products, whichever is longer.

        Example: rectify bench memory --batch 8
        Example: rectify bench memory --fc 16,32256,4096
        """;

    public static Command Create()
    {
        Option<int> batch = new("--batch") { Description = "Images of the maps.", DefaultValueFactory = _ => 8, HelpName = "N" };
        Option<string?> fc = new("--fc") { Description = "A fully connected layer instead: batch, inputs, outputs.", HelpName = "N,C,K" };
        Option<string?> only = new("--only") { Description = "Only the kernels whose name starts so.", HelpName = "NAME" };
        Option<bool> processorTime = new("--processor-time") { Description = "Count processor time by threads, not time on the wall: for a machine that others use." };
        Option<int> repeats = new("--repeats") { Description = "Runs of each kernel.", DefaultValueFactory = _ => 15, HelpName = "N" };
        Option<bool> json = new("--json") { Description = "Print one JSON object as the last line of standard output." };
        EngineOptions engine = new();
        Command command = new("memory", Help) { batch, fc, only, processorTime, repeats, json };
        engine.AddTo(command);
        command.SetAction(result =>
        {
            (int images, int runs) = (result.GetValue(batch), result.GetValue(repeats));
            if (images is < 1 or > 256 || runs < 1)
            {
                throw new UsageException($"--batch {images} --repeats {runs}: the batch must be from 1 to 256, the repeats at least 1.");
            }

            string start = result.GetValue(only) ?? "";
            IEnumerable<(string Name, Func<MemoryWork> Create)> works =
                result.GetValue(fc) is { } layer ? MemoryWorks.Linear(Layer(layer)) : MemoryWorks.All(images);
            List<(string Name, Func<MemoryWork> Create)> wanted = [.. works.Where(work => work.Name.StartsWith(start, StringComparison.OrdinalIgnoreCase))];
            if (wanted.Count == 0)
            {
                throw new UsageException($"--only {start}: choose one of {string.Join(", ", works.Select(work => work.Name).Distinct())}.");
            }

            KernelContext context = engine.Open(result);
            using (context.Workers)
            {
                TextWriter people = result.GetValue(json) ? result.InvocationConfiguration.Error : result.InvocationConfiguration.Output;
                List<MemoryMeasurement> measurements = [];
                people.WriteLine($"{context.Workers.Count} threads, {EngineOptions.NameOf(context.Isa)}, medians of {runs}");
                foreach ((_, Func<MemoryWork> create) in wanted)
                {
                    using MemoryWork work = create();
                    MemoryMeasurement m = MemoryBenchmark.Run(work, runs, result.GetValue(processorTime), context);
                    Print(people, m);
                    measurements.Add(m);
                }

                if (result.GetValue(json))
                {
                    JsonLine.Write(result.InvocationConfiguration.Output, j =>
                    {
                        j.WriteNumber("threads", context.Workers.Count);
                        j.WriteStartArray("kernels");
                        foreach (MemoryMeasurement m in measurements)
                        {
                            j.WriteStartObject();
                            j.WriteString("kernel", m.Kernel);
                            j.WriteString("shape", m.Shape);
                            j.WriteNumber("bytes", m.Bytes);
                            j.WriteNumber("seconds", m.Seconds);
                            j.WriteNumber("copyShare", m.CopyShare);
                            j.WriteNumber("timesFloor", m.TimesFloor);
                            j.WriteNumber("bestTimesFloor", m.BestTimesFloor);
                            j.WriteNumber("copyBytesPerSecond", m.CopyBytesPerSecond);
                            j.WriteEndObject();
                        }

                        j.WriteEndArray();
                    });
                }
            }
        });
        return command;
    }

    private static void Print(TextWriter people, MemoryMeasurement m) => people.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"  {m.Kernel,-22} {m.Shape,-30} {m.Bytes / 1e6,7:F1} MB {m.Seconds * 1e3,8:F3} ms {m.Bytes / m.Seconds / 1e9,6:F1} GB/s  "
        + $"{m.CopyShare,5:F2} × copy ({m.CopyBytesPerSecond / 1e9:F1} GB/s)  {m.TimesFloor,6:F2} × floor (fastest runs {m.BestTimesFloor:F2})"));

    private static LinearShape Layer(string text)
    {
        string[] parts = text.Split(',');
        int[] sizes = new int[3];
        bool good = parts.Length == 3;
        for (int i = 0; good && i < 3; i++)
        {
            good = int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out sizes[i]) && sizes[i] is >= 1 and <= LargestSide;
        }

        return good && (long)sizes[1] * sizes[2] <= LargestWeights && (long)sizes[0] * Math.Max(sizes[1], sizes[2]) <= LargestWeights
            ? new LinearShape(MapShape.Map(sizes[0], 1, 1, sizes[1]), sizes[2])
            : throw new UsageException($"--fc {text}: write N,C,K, whole numbers up to {LargestSide} and no more than {LargestWeights} weights; such as 16,32256,4096.");
    }
}
