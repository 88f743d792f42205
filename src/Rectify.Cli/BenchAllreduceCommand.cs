using System.CommandLine;
using System.Globalization;
using Rectify.Communication;
using Rectify.Mpi;
using Rectify.Tensors;
using Spectre.Console;
using static System.FormattableString;

namespace Rectify.Cli;

/// <summary>rectify bench allreduce.</summary>
internal static class BenchAllreduceCommand
{
    public const string Name = "allreduce";

    private const string Help =
        """
        Times sums over the processes of an MPI job by size: as training does them, beside Open MPI's own MPI_Allreduce, by turns.

        Example: mpirun -np 2 rectify bench allreduce
        Example: mpirun -np 4 --host node1,node2,node3,node4 rectify bench allreduce --sizes 1M,64M
        """;

    private const int MostMegabytes = 1024;

    public static Command Create()
    {
        Option<string> sizes = new("--sizes")
        {
            Description = "Bytes on each process, with K and M for 2¹⁰ and 2²⁰.",
            DefaultValueFactory = _ => "4,4K,64K,1M,4M,16M,64M,256M",
            HelpName = "N,N",
        };
        Option<double> seconds = new("--seconds") { Description = "Measure each size for about so long.", DefaultValueFactory = _ => 2.0, HelpName = "S" };
        Option<bool> json = new("--json") { Description = "Print one JSON object as the last line of standard output." };
        Command command = new(Name, Help) { sizes, seconds, json };
        command.SetAction(result =>
        {
            long[] all = ParseSizes(result.GetValue(sizes)!);
            UsageException.Require(result.GetValue(seconds) is > 0 and <= 3600, $"--seconds {result.GetValue(seconds)}: choose a number above 0, such as 2.");
            UsageException.Require(MpiLauncher.IsShared, $"bench allreduce: one process alone has nobody to sum with; start several, e.g. mpirun -np 2 rectify bench allreduce");
            return Ranks.Run(result.InvocationConfiguration, (communicator, output, errors) =>
            {
                AllreduceBenchmark benchmark = new((MpiCommunicator)communicator);
                AllreduceMeasurement[] measured = [.. all.Select(bytes => benchmark.Measure(bytes, TimeSpan.FromSeconds(result.GetValue(seconds))))];
                Print(result.GetValue(json) ? errors : output, communicator, measured);
                if (result.GetValue(json) && communicator.IsFirst)
                {
                    WriteJson(output, communicator, measured);
                }

                return 0;
            });
        });
        return command;
    }

    /// <summary>Bytes of each size, as written.</summary>
    /// <exception cref="UsageException">One is no number, no multiple of 4, or too large.</exception>
    internal static long[] ParseSizes(string text) =>
    [
        .. text.Split(',', StringSplitOptions.TrimEntries).Select(part =>
        {
            int shift = part.ToUpperInvariant() switch { [.., 'K'] => 10, [.., 'M'] => 20, _ => 0 };
            bool isNumber = long.TryParse(shift > 0 ? part[..^1] : part, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= MostMegabytes << 20;
            long bytes = isNumber ? number << shift : 0;
            UsageException.Require(
                bytes is > 0 and <= (long)MostMegabytes << 20 && bytes % sizeof(float) == 0, $"--sizes {text}: {part} is no multiple of 4 up to {MostMegabytes}M, such as 64K.");
            return bytes;
        }),
    ];

    private static void Print(TextWriter people, Communicator communicator, AllreduceMeasurement[] measured)
    {
        int hosts = Enumerable.Range(0, communicator.Size).Select(communicator.HostOf).Distinct().Count();
        people.WriteLine(Invariant($"sums over {communicator.Size} processes on {hosts} {(hosts == 1 ? "machine" : "machines")}; medians, by turns"));
        Table table = Tables.New([], ["bytes", "runs", "training's µs", "GB/s", "MPI_Allreduce's µs", "GB/s", "ratio"]);
        foreach (AllreduceMeasurement m in measured)
        {
            table.AddRow(
                Tables.Number(m.Bytes),
                Tables.Number(m.Runs),
                Invariant($"{1e6 * m.Seconds:F0}"),
                Invariant($"{m.GigabytesPerSecond:F2}"),
                Invariant($"{1e6 * m.LibrarySeconds:F0}"),
                Invariant($"{m.LibraryGigabytesPerSecond:F2}"),
                Invariant($"{m.Ratio:F2}"));
        }

        Tables.ConsoleOn(people).Write(table);
    }

    private static void WriteJson(TextWriter output, Communicator communicator, AllreduceMeasurement[] measured) => JsonLine.Write(output, json =>
    {
        json.WriteNumber("ranks", communicator.Size);
        json.WriteStartArray("sizes");
        foreach (AllreduceMeasurement m in measured)
        {
            json.WriteStartObject();
            json.WriteNumber("bytes", m.Bytes);
            json.WriteNumber("runs", m.Runs);
            json.WriteNumber("seconds", m.Seconds);
            json.WriteNumber("librarySeconds", m.LibrarySeconds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
