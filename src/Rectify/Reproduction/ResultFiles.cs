using System.Text;
using System.Text.Json;
using Rectify.Formats;

namespace Rectify.Reproduction;

/// <summary>Results on disk: ROOT/NAME/SCALE/result.md and result.json; ROOT/NAME where there is no scale.</summary>
public static class ResultFiles
{
    private const string Json = "result.json";
    private const string Markdown = "result.md";

    /// <summary>The folder of a result.</summary>
    public static string FolderOf(string root, ExperimentResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return Path.Combine(root, result.Name, result.Scale);
    }

    /// <summary>Writes both files.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void Write(string root, ExperimentResult result)
    {
        string folder = FolderOf(root, result);
        _ = Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, Json), stream => JsonSerializer.Serialize(stream, result, ResultJson.Default.ExperimentResult));
        AtomicFile.Write(Path.Combine(folder, Markdown), stream => stream.Write(Encoding.UTF8.GetBytes(ResultMarkdown.Of(result))));
    }

    /// <summary>Writes a result as an object's value.</summary>
    public static void WriteTo(Utf8JsonWriter json, ExperimentResult result) => JsonSerializer.Serialize(json, result, ResultJson.Default.ExperimentResult);

    /// <summary>The results of an experiment that are there, at any scale; what cannot be read is passed over.</summary>
    public static IReadOnlyList<ExperimentResult> Read(string root, string name)
    {
        string folder = Path.Combine(root, name);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, Json, SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(Read).OfType<ExperimentResult>()]
            : [];
    }

    private static ExperimentResult? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ResultJson.Default.ExperimentResult);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
