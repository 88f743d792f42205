using System.CommandLine;
using System.CommandLine.Parsing;
using Rectify.Mpi;
using Rectify.Tensors;

namespace Rectify.Cli;

/// <summary>The command: verbs, and what becomes of errors. Exit codes: 0 done, 1 failed, 2 wrong use, 130 interrupted.</summary>
public static class CommandTree
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Failed.</summary>
    public const int Failed = 1;

    /// <summary>Wrong use.</summary>
    public const int WrongUse = 2;

    /// <summary>Interrupted, as shells count SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">Verb and options.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="errors">Where messages go.</param>
    /// <param name="input">Standard input; null for the process's own.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments, TextWriter output, TextWriter errors, Stream? input = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(errors);
        try
        {
            ParseResult parsed = Root(arguments, input).Parse(arguments);
            if (!MpiLauncher.IsFirst && (parsed.Errors.Count > 0 || !Ranks.Share(parsed)))
            {
                return parsed.Errors.Count > 0 ? WrongUse : Done;
            }

            if (parsed.Errors.Count > 0)
            {
                foreach (ParseError error in parsed.Errors)
                {
                    Tell(errors, $"rectify: {InWords(error.Message)}");
                }

                Tell(errors, "See: rectify --help");
                return WrongUse;
            }

            return parsed.Invoke(new InvocationConfiguration
            {
                Output = output,
                Error = errors,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (UsageException e)
        {
            // Of several processes all have been started with the same words.
            Tell(MpiLauncher.IsFirst ? errors : TextWriter.Null, $"rectify: {e.Message}");
            return WrongUse;
        }
        catch (RectifyException e)
        {
            Tell(errors, $"rectify: {e.Message}");
            return Failed;
        }
        catch (OperationCanceledException)
        {
            Tell(errors, "rectify: interrupted.");
            return Interrupted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Tell(errors, $"rectify: {e.Message.TrimEnd('.')}. If that is a disk, free some space on it or choose a folder that can be written.");
            return Failed;
        }
        catch (Exception e) when (e is OutOfMemoryException or OverflowException)
        {
            Tell(errors, "rectify: the memory does not suffice; choose a smaller --batch, --micro-batch, --width or --size.");
            return Failed;
        }
#pragma warning disable CA1031 // The last resort: a defect of ours, told in a sentence that helps to report it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Tell(errors, $"rectify: this should not have happened ({e.GetType().Name}: {e.Message}); please report it with the command line{Details(e)}");
            return Failed;
        }
    }

    /// <summary>All verbs.</summary>
    internal static RootCommand Root(string[] arguments, Stream? input) => new("Trains, evaluates and diagnoses deep rectifier networks (He, Zhang, Ren, Sun 2015) on a CPU.")
    {
        TrainCommand.Create(arguments),
        EvaluateCommand.Create(),
        CombineCommand.Create(),
        CompareCommand.Create(),
        PredictCommand.Create(() => input ?? (Console.IsInputRedirected ? Console.OpenStandardInput() : null)),
        DiagnoseCommand.Create(),
        InspectCommand.Create(),
        RunCommand.Create(),
        ReportCommand.Create(),
        ImportCommand.Create(arguments),
        ExportCommand.Create(),
        DatasetCommand.Create(),
        ReproduceCommand.Create(arguments),
        BenchCommand.Create(() => input ?? Console.OpenStandardInput()),
    };

    /// <summary>Writes a line for people. Where nobody can read it (a full disk, a closed pipe) the work at hand is not to suffer.</summary>
    internal static void Tell(TextWriter people, string line)
    {
        try
        {
            people.WriteLine(line);
            people.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
        }
    }

    private static string Details(Exception e) => Environment.GetEnvironmentVariable("RECTIFY_TRACE") is { Length: > 0 }
        ? $":{Environment.NewLine}{e}"
        : " and what RECTIFY_TRACE=1 adds to this message.";

    // The parser names types of .NET; a user wants to know what to write.
    private static string InWords(string message) => message
        .Replace("as expected type 'System.UInt64'", "as a whole number of at least 0", StringComparison.Ordinal)
        .Replace("as expected type 'System.Int32'", "as a whole number", StringComparison.Ordinal)
        .Replace("as expected type 'System.Nullable`1[System.Int32]'", "as a whole number", StringComparison.Ordinal)
        .Replace("as expected type 'System.Double'", "as a number", StringComparison.Ordinal)
        .Replace("as expected type 'System.Nullable`1[System.Double]'", "as a number", StringComparison.Ordinal)
        .Replace("as expected type 'System.Single'", "as a number", StringComparison.Ordinal);
}
