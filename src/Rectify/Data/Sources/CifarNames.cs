using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>The file of class names that lies beside CIFAR's records.</summary>
internal static class CifarNames
{
    public const string File10 = "batches.meta.txt", File100 = "fine_label_names.txt";

    // What an honest file of names stays far below.
    private const int MaxBytes = 1 << 16;

    /// <summary>Reads the names.</summary>
    /// <returns>The names in ordinal order, and for each stored label its place there.</returns>
    /// <exception cref="RectifyException">The file is missing, unreadable, too long, or does not hold distinct names.</exception>
    public static (string[] Sorted, byte[] Map) Read(string folder, bool fine)
    {
        string path = Path.Combine(folder, fine ? File100 : File10);
        int expected = fine ? 100 : 10;
        string[] names;
        try
        {
            if (!File.Exists(path) || new FileInfo(path).Length > MaxBytes)
            {
                throw new RectifyException($"{path} with the names of the classes {(File.Exists(path) ? "is far too long" : "is missing")}; "
                    + "take it from CIFAR's archive.");
            }

            names = [.. File.ReadAllLines(path).Select(n => n.Trim()).Where(n => n.Length > 0)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RectifyException($"{path} cannot be read: {e.Message.TrimEnd('.')}; check that it may be read.", e);
        }

        string[] sorted = [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (names.Length != expected || sorted.Length != expected)
        {
            throw new RectifyException($"{path} holds {sorted.Length} distinct names, and there are {expected} classes; take it from CIFAR's archive.");
        }

        return (sorted, Array.ConvertAll(names, n => (byte)Array.BinarySearch(sorted, n, StringComparer.Ordinal)));
    }
}
