using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>The names of a recipe's entries.</summary>
internal static class RecipeKeys
{
    /// <summary>Every entry's path, such as "training.epochs".</summary>
    public static IReadOnlyList<string> All { get; } = [.. Paths(RecipeJson.Default.Recipe, "")];

    /// <summary>The entries of a file.</summary>
    /// <exception cref="UsageException">One is none of a recipe's, or stands there twice; the message names it, and the nearest that there is.</exception>
    public static IReadOnlyCollection<string> Check(JsonElement root, string path)
    {
        HashSet<string> found = [];
        Walk(root, "", found, path);
        return found;
    }

    /// <summary>The name that is meant by one that does not exist: with the fewest letters to change, of the same object where two are as near.</summary>
    internal static string Nearest(string key) => All.MinBy(known => (Distance(Leaf(known), Leaf(key)), Parent(known) == Parent(key) ? 0 : 1))!;

    private static void Walk(JsonElement element, string parent, HashSet<string> found, string path)
    {
        foreach (JsonProperty property in element.EnumerateObject())
        {
            string key = parent + property.Name;
            if (!All.Contains(key))
            {
                throw new UsageException($"{path}: a recipe has no entry '{key}'; did you mean '{Nearest(key)}'?");
            }

            if (!found.Add(key))
            {
                throw new UsageException($"{path}: the entry '{key}' is there twice; take one out.");
            }

            if (property.Value.ValueKind == JsonValueKind.Object)
            {
                Walk(property.Value, key + ".", found, path);
            }
        }
    }

    private static IEnumerable<string> Paths(JsonTypeInfo type, string parent)
    {
        foreach (JsonPropertyInfo property in type.Properties)
        {
            yield return parent + property.Name;
            if (RecipeJson.Default.GetTypeInfo(property.PropertyType) is { Kind: JsonTypeInfoKind.Object } inner)
            {
                foreach (string path in Paths(inner, parent + property.Name + "."))
                {
                    yield return path;
                }
            }
        }
    }

    private static string Leaf(string key) => key[(key.LastIndexOf('.') + 1)..];

    private static string Parent(string key) => key[..(key.LastIndexOf('.') + 1)];

    // Levenshtein's: letters put in, taken out or changed.
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int change = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}
