using System.Text;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>The rows of a .csv of path,label.</summary>
internal static class CsvListing
{
    /// <summary>The most rows that are read.</summary>
    public const int MaxRows = 20_000_000;

    /// <summary>A row: where it begins, the picture's path with forward slashes as it is written, and its class.</summary>
    internal readonly record struct Row(int Line, string Path, string Label);

    /// <summary>Reads the rows in their order; a first row "path,label" in any case is a header and left out, blank lines too.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">Hears of each row that cannot be used, with its line; throws, or goes on to the next row.</param>
    /// <exception cref="RectifyException">The file cannot be read or has too many rows.</exception>
    public static List<Row> Read(string path, Action<int, string> problem)
    {
        List<Row> rows = [];
        Dictionary<string, int> lines = new(StringComparer.Ordinal);
        try
        {
            using StreamReader text = new(path, Encoding.UTF8);
            CsvReader reader = new(text);
            bool first = true;
            while (reader.Next() is { } fields)
            {
                bool header = first && fields.Count == 2 && fields[0].Equals("path", StringComparison.OrdinalIgnoreCase)
                    && fields[1].Equals("label", StringComparison.OrdinalIgnoreCase);
                bool blank = fields is [""] && reader.Problem is null;
                first = false;
                if (header || blank)
                {
                    continue;
                }

                Row row = fields.Count == 2 ? new Row(reader.Line, fields[0].Replace('\\', '/'), fields[1]) : default;
                if ((reader.Problem ?? Problem(fields.Count, row, lines)) is { } wrong)
                {
                    problem(reader.Line, wrong);
                    continue;
                }

                lines[row.Path] = row.Line;
                rows.Add(row);
                if (rows.Count > MaxRows)
                {
                    throw new RectifyException($"{path} has more than {MaxRows} rows; divide it.");
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RectifyException($"{path} cannot be read: {e.Message.TrimEnd('.')}; check that it is still there and may be read.", e);
        }

        return rows;
    }

    private static string? Problem(int fields, Row row, Dictionary<string, int> lines) => fields != 2
            ? $"has {fields} {(fields == 1 ? "field" : "fields")}, and a row is path,label; put a field that holds a comma into quotes"
        : row.Path.Length == 0 ? "has no path; write path,label"
        : row.Label.Trim().Length == 0 ? "has no label; write path,label"
        : Path.IsPathRooted(row.Path) ? $"has the path {row.Path}, and paths are relative to the CSV's folder; write it so"
        : lines.TryGetValue(row.Path, out int line) ? $"names {row.Path} again, which line {line} does already; keep one of them"
        : null;
}
