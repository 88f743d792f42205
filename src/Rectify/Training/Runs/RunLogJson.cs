using System.Text.Json;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>A run's log.jsonl as one JSON array, for programs that do not read JSON line by line.</summary>
public static class RunLogJson
{
    /// <summary>Writes the array, a line of text for each of the log's.</summary>
    /// <param name="log">The path of log.jsonl. A last line that a kill tore in two, or that is being written, is left out.</param>
    /// <param name="output">Where it goes.</param>
    /// <exception cref="RectifyException">There is no log, or a line of it is no JSON object; the message names it.</exception>
    public static void Write(string log, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        string before = "[\n";
        foreach (JsonElement line in RunLogLines.Read(log))
        {
            output.Write(before);
            output.Write(line.GetRawText());
            before = ",\n";
        }

        output.Write(before == "[\n" ? "[]\n" : "\n]\n");
    }
}
