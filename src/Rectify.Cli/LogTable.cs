using System.Text;
using Rectify.Formats;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>rectify inspect --csv.</summary>
internal static class LogTable
{
    private const string Dash = "-";

    /// <summary>Writes a run's log as CSV.</summary>
    /// <param name="run">The run.</param>
    /// <param name="file">Where; null or - for standard output.</param>
    /// <param name="output">Standard output.</param>
    public static void Write(string? run, string? file, TextWriter output)
    {
        string log = RunFolder.Open(run ?? throw new UsageException("--csv writes a run's log; name the run with --run.")).LogPath;
        if (file is not null and not Dash)
        {
            AtomicFile.Write(file, stream =>
            {
                using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
                RunLogCsv.Write(log, writer);
            });
            return;
        }

        try
        {
            TextWriter standard = StandardOutput.ThatTells(output);
            RunLogCsv.Write(log, standard);
            standard.Flush();
        }
        catch (IOException e) when (StandardOutput.HasNoReader(e))
        {
            // Who reads has read enough, as head does.
        }
    }
}
