using System.Text.Json;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>The lines of a run's log.jsonl, in order.</summary>
internal static class RunLogLines
{
    /// <summary>Reads them one after another. A last line that a kill tore in two, or that is being written, is left out.</summary>
    /// <param name="log">The path of log.jsonl.</param>
    /// <exception cref="RectifyException">There is no log, or a line of it is no JSON object; the message names it.</exception>
    public static IEnumerable<JsonElement> Read(string log)
    {
        if (!File.Exists(log))
        {
            throw new RectifyException($"There is no {log}: the run ended before its first step was written down.");
        }

        int number = 0;
        int damaged = 0;
        foreach (string line in File.ReadLines(log))
        {
            if (damaged > 0)
            {
                throw new RectifyException($"{log}, line {damaged}: this is no JSON object; remove the line.");
            }

            number++;
            if (Parse(line) is { } json)
            {
                yield return json;
            }
            else
            {
                damaged = number;
            }
        }
    }

    /// <summary>Reads those that are JSON objects, and passes over what else is there; a log that is not there has none.</summary>
    /// <param name="log">The path of log.jsonl.</param>
    public static IEnumerable<JsonElement> ReadWhole(string log) =>
        File.Exists(log) ? File.ReadLines(log).Select(Parse).Where(json => json is not null).Select(json => json!.Value) : [];

    private static JsonElement? Parse(string line)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            return json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
