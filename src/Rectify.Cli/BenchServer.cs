using System.Globalization;
using System.Text;
using Rectify.Tensors;

namespace Rectify.Cli;

/// <summary>A benchmark that stays: "ready" and a few words, then for each line with a number, so many runs and a line with the seconds they took and the processor
/// time of all threads. So two programs can be timed by turns, with neither's start among the figures.</summary>
internal static class BenchServer
{
    public static void Serve(Stream input, TextWriter output, string description, Func<double> runOnce)
    {
        output.WriteLine($"ready {description}");
        output.Flush();
        using StreamReader reader = new(input, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            if (!int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int runs) || runs < 1)
            {
                throw new UsageException($"'{line}' on standard input: --server reads how many runs are wanted, a number a line.");
            }

            double seconds = 0.0;
            TimeSpan processor = Environment.CpuUsage.TotalTime;
            for (int i = 0; i < runs; i++)
            {
                seconds += runOnce();
            }

            processor = Environment.CpuUsage.TotalTime - processor;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds:R} {processor.TotalSeconds:R}"));
            output.Flush();
        }
    }
}
