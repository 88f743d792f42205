using System.Buffers;
using System.Text.Json;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>A run's log.jsonl as a table: a row a line, told apart by the column "kind".</summary>
/// <remarks>
/// CSV as RFC 4180 has it, UTF-8 without a mark: lines end in CRLF, quotes only where they are needed. Columns are the log's names, those of steps and epochs
/// always and first, others in the order in which the log has them; a cell is empty where its line has no such name. Numbers stand as in the log, digit by digit.
/// </remarks>
public static class RunLogCsv
{
    private static readonly string[] Columns =
    [
        "kind", "epoch", "step", "loss", "rate", "trainingLoss", "trainingTop1Error", "imagesPerSecond", "waitShare", "seconds", "top1Error", "top5Error", "images",
    ];

    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    /// <summary>Writes the table.</summary>
    /// <param name="log">The path of log.jsonl. A last line that a kill tore in two, or that is being written, is left out.</param>
    /// <param name="output">Where the table goes.</param>
    /// <exception cref="RectifyException">There is no log, or a line of it is no JSON object; the message names it.</exception>
    public static void Write(string log, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);

        // The log may grow meanwhile: the table has the rows whose names were looked at.
        List<string> columns = [.. Columns];
        HashSet<string> known = [.. Columns];
        int rows = 0;
        foreach (JsonElement line in RunLogLines.Read(log))
        {
            rows++;
            columns.AddRange(line.EnumerateObject().Select(property => property.Name).Where(known.Add));
        }

        WriteRow(output, columns);
        foreach (JsonElement line in RunLogLines.Read(log).Take(rows))
        {
            WriteRow(output, columns.Select(name => line.TryGetProperty(name, out JsonElement value) ? TextOf(value) : ""));
        }
    }

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    private static void WriteRow(TextWriter output, IEnumerable<string> cells)
    {
        output.Write(string.Join(',', cells.Select(Quoted)));
        output.Write("\r\n");
    }

    private static string Quoted(string cell) => cell.AsSpan().ContainsAny(Special) ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
