using System.CommandLine;
using Rectify.Data;
using Rectify.Data.Checking;
using Rectify.Imaging;
using Rectify.Tensors;

namespace Rectify.Cli;

/// <summary>rectify dataset check.</summary>
internal static class DatasetCheckCommand
{
    private const string Help =
        """
        Reads and decodes every picture and names what is wrong: broken files, copies, photos that are both learned and measured, classes that do not match.

        Example: rectify dataset check photos/
        Example: rectify dataset check train.tar --val test.tar --json
        Exit code: 0 where nothing does harm, 1 where something does.
        """;

    public static Command Create()
    {
        Argument<string> path = new("PATH") { Description = "What --data of rectify train would be." };
        Option<string?> validation = new("--val") { Description = "Validation images, in place of the part that PATH may hold.", HelpName = "PATH" };
        Option<int> size = new("--size") { Description = "The crop: smaller pictures are named (0: what training would take).", DefaultValueFactory = _ => 0, HelpName = "N" };
        Option<int> workers = Workers();
        Option<bool> json = new("--json") { Description = "Print one JSON object on standard output, with all findings." };
        Command command = new("check", Help) { path, validation, size, workers, json };
        command.SetAction(result =>
        {
            string data = result.GetValue(path)!;
            string? other = result.GetValue(validation);
            if (DataSource.IsBuiltin(data) || (other is not null && DataSource.IsBuiltin(other)))
            {
                throw new UsageException("The built-in pictures are sound; name a data set of your own.");
            }

            if (result.GetValue(size) < 0)
            {
                throw new UsageException($"--size {result.GetValue(size)}: write a number of pixels, or 0.");
            }

            using PhotoDecoder decoder = new();
            CountProgress progress = new(result.InvocationConfiguration.Error, "checked");
            DatasetCheckOptions options = new()
            {
                Threads = Count(result, workers),
                Crop = result.GetValue(size),
                Indexing = IndexingMessages.To(result.InvocationConfiguration.Error),
            };
            DatasetCheckReport report = DatasetCheck.Run(data, other, decoder, options, progress.Report);
            TextWriter output = result.InvocationConfiguration.Output;
            if (result.GetValue(json))
            {
                CheckReportPrinter.Json(output, report);
            }
            else
            {
                CheckReportPrinter.Print(output, report, WordsOf(data));
            }

            return report.IsSound ? CommandTree.Done : CommandTree.Failed;
        });
        return command;
    }

    // A devkit that is damaged is among the findings.
    private static IReadOnlyDictionary<string, string> WordsOf(string data)
    {
        try
        {
            return ClassWords.Beside(data);
        }
        catch (RectifyException)
        {
            return new Dictionary<string, string>();
        }
    }

    /// <summary>--workers, also called --threads.</summary>
    public static Option<int> Workers() => new("--workers", "--threads")
    {
        Description = "Threads that read and decode (they do not change the result).",
        DefaultValueFactory = EngineOptions.AllCores,
        HelpName = "N",
    };

    /// <summary>The value of --workers.</summary>
    public static int Count(ParseResult result, Option<int> workers) => result.GetValue(workers) is var n and >= 1 and <= 1024
        ? n
        : throw new UsageException($"--workers {result.GetValue(workers)}: choose between 1 and 1024.");
}
