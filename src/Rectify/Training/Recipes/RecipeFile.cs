using System.Text.Json;
using System.Text.Json.Nodes;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>Reads recipes: what a file lacks takes the defaults.</summary>
/// <remarks>The entries are laid over those of a new recipe first: read by itself, an object without an entry would get null or 0 in its place.</remarks>
internal static class RecipeFile
{
    private const int LargestFile = 1 << 26;

    private static readonly JsonDocumentOptions ByHand = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="strict">Whether entries that do not exist are refused.</param>
    /// <returns>The recipe, its values not checked, and the paths of the entries that the file has; none unless strict.</returns>
    /// <exception cref="RectifyException">The file is missing or broken.</exception>
    public static (Recipe Recipe, IReadOnlyCollection<string> Keys) Read(string path, bool strict)
    {
        using JsonDocument document = Parse(path);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new RectifyException($"{path} is no recipe: it is no JSON object.");
        }

        try
        {
            IReadOnlyCollection<string> keys = strict ? RecipeKeys.Check(document.RootElement, path) : [];
            JsonObject whole = JsonSerializer.SerializeToNode(new Recipe(), RecipeJson.Default.Recipe)!.AsObject();
            Lay(document.RootElement, whole);
            return (whole.Deserialize(RecipeJson.Default.Recipe)!, keys);
        }
        catch (JsonException e)
        {
            throw new RectifyException($"{path} is no recipe that can be read: it has something else than belongs at {e.Path ?? "its place"}.", e);
        }
        catch (InvalidOperationException e)
        {
            throw new RectifyException($"{path} is no recipe that can be read: one of its names or texts is no Unicode.", e);
        }
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            return new FileInfo(path).Length <= LargestFile
                ? JsonDocument.Parse(File.ReadAllBytes(path), ByHand)
                : throw new RectifyException($"{path} is no recipe: it has more than {LargestFile} bytes.");
        }
        catch (JsonException e)
        {
            throw new RectifyException($"{path} is no recipe that can be read: line {e.LineNumber + 1} is no JSON.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new RectifyException($"{path} is no recipe that can be read: {e.Message}", e);
        }
    }

    private static void Lay(JsonElement given, JsonObject over)
    {
        foreach (JsonProperty property in given.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Object)
            {
                over[property.Name] = property.Value.ValueKind == JsonValueKind.Array ? JsonArray.Create(property.Value) : JsonValue.Create(property.Value);
                continue;
            }

            // A plateau is the only object that need not be there.
            JsonObject inner = over[property.Name] as JsonObject ?? JsonSerializer.SerializeToNode(new PlateauOptions(), RecipeJson.Default.PlateauOptions)!.AsObject();
            over[property.Name] = null;
            Lay(property.Value, inner);
            over[property.Name] = inner;
        }
    }
}
