using System.Text;
using Rectify.Formats;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>A run's log in another form, as inspect --csv and export write it.</summary>
internal static class LogTable
{
    private const string Dash = "-";

    /// <summary>Writes a run's log.</summary>
    /// <param name="run">The run.</param>
    /// <param name="file">Where; null or - for standard output.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="write">Writes the log of a path in some form.</param>
    public static void Write(RunFolder run, string? file, TextWriter output, Action<string, TextWriter> write)
    {
        if (file is not null and not Dash)
        {
            AtomicFile.Write(OutputFile.Prepare("The log's file", file), stream =>
            {
                using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
                write(run.LogPath, writer);
            });
            return;
        }

        try
        {
            TextWriter standard = StandardOutput.ThatTells(output);
            write(run.LogPath, standard);
            standard.Flush();
        }
        catch (IOException e) when (StandardOutput.HasNoReader(e))
        {
            // Who reads has read enough, as head does.
        }
    }
}
