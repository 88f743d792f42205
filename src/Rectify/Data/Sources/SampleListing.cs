using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Which of a folder's or an archive's files are samples, in which order, and of which class: the rules that both share.</summary>
/// <remarks>
/// A sample is a file "class/…/name" whose extension is .jpg, .jpeg or .png in any case. Parts that begin with a dot are ignored (".DS_Store",
/// "._photo.jpg"). Classes
/// and samples are sorted by the ordinal order of their names, so a folder and a tar of it number their samples alike on every system.
/// </remarks>
internal sealed class SampleListing
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".ppm"];

    private SampleListing(string[] classes, string[] paths, int[] labels) => (Classes, Paths, Labels) = (classes, paths, labels);

    /// <summary>Names of the classes.</summary>
    public string[] Classes { get; }

    /// <summary>Relative paths of the samples, "class/…/name", with forward slashes.</summary>
    public string[] Paths { get; }

    /// <summary>The class of each sample.</summary>
    public int[] Labels { get; }

    /// <summary>Whether a relative path (with forward slashes) is a sample's.</summary>
    public static bool IsSample(string path) =>
        path.Contains('/', StringComparison.Ordinal) && !IsHidden(path)
        && Extensions.Any(e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase));

    /// <summary>Sorts and labels what lies in a folder or an archive.</summary>
    /// <param name="source">The folder or archive, for messages.</param>
    /// <param name="folders">Names of its top folders, in any order; those of <paramref name="samples"/> may be missing.</param>
    /// <param name="samples">Relative paths that are samples by <see cref="IsSample"/>, in any order.</param>
    /// <exception cref="RectifyException">There is no class folder, just one, or one without pictures.</exception>
    public static SampleListing Create(string source, IEnumerable<string> folders, IEnumerable<string> samples)
    {
        string[] paths = [.. samples];
        Array.Sort(paths, StringComparer.Ordinal);
        SortedSet<string> names = new(folders.Where(f => !IsHidden(f)), StringComparer.Ordinal);
        HashSet<string> filled = new(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            string name = ClassOf(path);
            _ = filled.Add(name);
            _ = names.Add(name);
        }

        string[] classes = [.. names];
        if (classes.Length == 0)
        {
            throw new RectifyException($"{source} holds no class folders; put each class's pictures into a folder named after the class, such as "
                + $"{source}/cat/1.jpg.");
        }

        if (Array.Find(classes, c => !filled.Contains(c)) is string empty)
        {
            throw new RectifyException($"{source}: the class folder \"{empty}\" holds no .jpg, .jpeg or .png; put pictures into it or remove it.");
        }

        if (classes.Length == 1)
        {
            throw new RectifyException(
                $"{source} holds a single class folder, \"{classes[0]}\", and a classifier needs two; name the folder that holds the class "
                    + "folders, or add a class.");
        }

        Dictionary<string, int> index = new(StringComparer.Ordinal);
        for (int i = 0; i < classes.Length; i++)
        {
            index[classes[i]] = i;
        }

        return new SampleListing(classes, paths, Array.ConvertAll(paths, p => index[ClassOf(p)]));
    }

    private static string ClassOf(string path) => path[..path.IndexOf('/', StringComparison.Ordinal)];

    private static bool IsHidden(string path) => path.StartsWith('.') || path.Contains("/.", StringComparison.Ordinal);
}
