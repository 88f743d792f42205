using System.Globalization;
using System.Text.Json;
using Rectify.Formats;
using Rectify.Tensors;

namespace Rectify.Evaluation;

/// <summary>A table of scores as one safetensors file.</summary>
/// <remarks>
/// Tensors: <c>scores</c> F32 [N,K]; <c>labels</c> I32 [N]; <c>read</c> U8 [N], 1 where the image could be read, 0 where it could not (its scores then count for nothing);
/// <c>classes</c> and <c>names</c> U8, each the UTF-8 text of a JSON array of strings, K and N of them. Metadata: <c>format</c>, the parts of <see cref="ScoreOrigin"/>, and a
/// checksum, which other programs may leave out. See docs/scores.md.
/// </remarks>
public static class ScoreFile
{
    /// <summary>How the names of score files end.</summary>
    public const string Extension = ".scores.safetensors";

    private const string Format = "rectify.scores.1";
    private const string Remedy = "make it again with: rectify evaluate --save-scores";

    // Rows that are read at a time have so many scores, or are one.
    private const int PieceLength = 1 << 18;
    private const int LargestScale = 1 << 16;
    private const int MostScales = 1024;
    private const int ScalesInName = 8;

    /// <summary>A file's name for a table: its images, view and scales, as in "val-10-view-256-512.scores.safetensors".</summary>
    public static string NameFor(ScoreOrigin origin)
    {
        ArgumentNullException.ThrowIfNull(origin);
        string images = Path.GetFileName(Path.TrimEndingDirectorySeparator(origin.Images));
        IEnumerable<string> scales = origin.Scales.Take(ScalesInName).Select(scale => scale.ToString(CultureInfo.InvariantCulture));
        string name = $"{images}-{origin.View}-{string.Join('-', scales)}{(origin.Scales.Count > ScalesInName ? "-more" : "")}";
        string stem = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_'));
        return stem.Trim('.', '-') + Extension;
    }

    /// <summary>Checks that a path is one at which a file may stand, before hours are spent on its content.</summary>
    /// <exception cref="UsageException">It is empty, or a folder's.</exception>
    public static void CheckPath(string path) => UsageException.Require(
        !string.IsNullOrWhiteSpace(path) && !path.Contains('\0', StringComparison.Ordinal) && Path.GetFileName(path).Length > 0 && !Directory.Exists(path),
        $"Scores cannot be saved as '{path}': name a file, as in a{Extension}.");

    /// <summary>Writes a table, whole or not at all; its folder is made where there is none.</summary>
    /// <param name="table">The table; nobody may set images while it is written.</param>
    /// <param name="path">Where.</param>
    /// <exception cref="UsageException">The path is empty, or a folder's.</exception>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written.</exception>
    public static void Save(ScoreTable table, string path)
    {
        ArgumentNullException.ThrowIfNull(table);
        CheckPath(path);
        int classes = table.Classes.Count;
        byte[] read = [.. Enumerable.Range(0, table.Images).Select(i => table.IsRead(i) ? (byte)1 : (byte)0)];
        SafetensorsWriter writer = new();
        WriteOrigin(writer, table.Origin);
        writer.Add("scores", [table.Images, classes], (first, values) =>
        {
            for (int done = 0; done < values.Length;)
            {
                (long image, long k) = Math.DivRem(first + done, (long)classes);
                ReadOnlySpan<float> rest = table.Scores((int)image)[(int)k..];
                int count = Math.Min(rest.Length, values.Length - done);
                rest[..count].CopyTo(values[done..]);
                done += count;
            }
        });
        writer.AddIntegers("labels", table.Labels);
        writer.AddBytes("read", read);
        writer.AddBytes("classes", Json(table.Classes));
        writer.AddBytes("names", Json(table.Names));
        _ = Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _ = SafetensorsChecksum.Write(path, writer);
    }

    /// <summary>Reads a table.</summary>
    /// <exception cref="RectifyException">The file is missing, damaged or no file of scores; the message says what is wrong with it.</exception>
    public static ScoreTable Load(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        if (file.Metadata.GetValueOrDefault("format") != Format)
        {
            throw new RectifyException($"{path} is no file of scores of this version; {Remedy}");
        }

        if (file.Metadata.ContainsKey(SafetensorsChecksum.Key))
        {
            _ = SafetensorsChecksum.Verify(path);
        }

        SafetensorsEntry scores = file.Find("scores") is { DataType: "F32", Dimensions: [>= 1, >= 2] } found && found.Count <= Array.MaxLength
            ? found
            : throw Broken(path, $"it has no 'scores' F32 [images, classes] of an image or more, two classes or more and at most {Array.MaxLength} numbers");
        (int images, int classes) = (scores.Dimensions[0], scores.Dimensions[1]);
        int[] labels = file.Find("labels") is { DataType: "I32", Dimensions.Count: 1 } integers && integers.Count == images
            ? file.ReadIntegers(integers)
            : throw Broken(path, $"it has no 'labels' I32 [{images}]");
        byte[] read = Bytes(file, "read");
        if (read.Length != images || read.Any(flag => flag > 1))
        {
            throw Broken(path, $"its 'read' are not {images} zeros or ones");
        }

        ScoreTable table;
        try
        {
            table = new ScoreTable(OriginOf(file), Strings(file, "classes", classes), Strings(file, "names", images), labels);
        }
        catch (RectifyException e) when (!e.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new RectifyException($"{path}: {e.Message}", e);
        }

        ReadScores(file, scores, read, table);
        return table;
    }

    private static void ReadScores(SafetensorsFile file, SafetensorsEntry scores, byte[] read, ScoreTable table)
    {
        int classes = table.Classes.Count;
        int rows = Math.Min(table.Images, Math.Max(1, PieceLength / classes));
        float[] piece = new float[rows * classes];
        for (int first = 0; first < table.Images; first += rows)
        {
            int count = Math.Min(rows, table.Images - first);
            file.Read(scores, (long)first * classes, piece.AsSpan(0, count * classes));
            for (int i = 0; i < count; i++)
            {
                if (read[first + i] == 0)
                {
                    continue;
                }

                try
                {
                    table.Set(first + i, piece.AsSpan(i * classes, classes));
                }
                catch (ScoresNotFiniteException e)
                {
                    throw Broken(file.Path, $"a score of {table.Names[first + i]} is NaN or infinite", e);
                }
            }
        }
    }

    private static void WriteOrigin(SafetensorsWriter writer, ScoreOrigin origin)
    {
        writer.AddMetadata("format", Format);
        writer.AddMetadata("model", origin.Model);
        writer.AddMetadata("modelFingerprint", origin.ModelFingerprint);
        writer.AddMetadata("images", origin.Images);
        writer.AddMetadata("imagesFingerprint", origin.ImagesFingerprint);
        writer.AddMetadata("view", origin.View);
        writer.AddMetadata("scales", string.Join(',', origin.Scales.Select(scale => scale.ToString(CultureInfo.InvariantCulture))));
        writer.AddMetadata("kernels", origin.Kernels);
        writer.AddMetadata("version", typeof(ScoreFile).Assembly.GetName().Version?.ToString(3) ?? "");
    }

    private static ScoreOrigin OriginOf(SafetensorsFile file)
    {
        string Text(string key) => file.Metadata.GetValueOrDefault(key) ?? "";
        string[] parts = Text("scales").Split(',', MostScales + 1, StringSplitOptions.RemoveEmptyEntries);
        int[] scales = [.. parts.Select(part =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int scale) && scale is > 0 and <= LargestScale
                ? scale
                : throw Broken(file.Path, "its metadata 'scales' is no list of sides in pixels"))];
        return new ScoreOrigin(Text("model"), Text("modelFingerprint"), Text("images"), Text("imagesFingerprint"), Text("view"), scales, Text("kernels"));
    }

    private static byte[] Json(IReadOnlyList<string> strings)
    {
        using MemoryStream memory = new();
        using (Utf8JsonWriter json = new(memory))
        {
            json.WriteStartArray();
            foreach (string each in strings)
            {
                json.WriteStringValue(each);
            }

            json.WriteEndArray();
        }

        return memory.ToArray();
    }

    private static byte[] Bytes(SafetensorsFile file, string name) => file.Find(name) is { DataType: "U8", Dimensions.Count: 1 } entry && entry.Count <= Array.MaxLength
        ? file.ReadBytes(entry)
        : throw Broken(file.Path, $"it has no '{name}' U8 [bytes]");

    private static string[] Strings(SafetensorsFile file, string name, int count)
    {
        Utf8JsonReader json = new(Bytes(file, name));
        string[] strings = new string[count];
        int at = 0;
        try
        {
            bool array = json.Read() && json.TokenType == JsonTokenType.StartArray;
            while (array && json.Read() && json.TokenType == JsonTokenType.String && at < count)
            {
                strings[at++] = json.GetString()!;
            }

            if (array && at == count && json.TokenType == JsonTokenType.EndArray && !json.Read())
            {
                return strings;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Broken(file.Path, $"its '{name}' are no JSON ({e.Message.TrimEnd('.')})", e);
        }

        throw Broken(file.Path, $"its '{name}' are no JSON array of {count} strings");
    }

    private static RectifyException Broken(string path, string what, Exception? inner = null)
    {
        string message = $"{path} is no whole file of scores: {what}; {Remedy}";
        return inner is null ? new RectifyException(message) : new RectifyException(message, inner);
    }
}
