using System.IO.Enumeration;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>The files of a folder and of those below it; links are followed, and those that lead back are refused.</summary>
internal static class FolderWalk
{
    private static readonly EnumerationOptions Visible = new() { IgnoreInaccessible = false };

    /// <summary>Relative paths with forward slashes, in any order.</summary>
    /// <exception cref="RectifyException">A link leads back to a folder that holds it.</exception>
    /// <exception cref="IOException">A folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be listed.</exception>
    public static IReadOnlyList<string> Files(string root)
    {
        List<string> files = [];
        Walk(Real(root), root, "", [], files);
        return files;
    }

    /// <summary>A folder through links in its last place; a link higher up does not matter to find loops.</summary>
    public static string Real(string path)
    {
        DirectoryInfo folder = new(path);
        return Path.TrimEndingDirectorySeparator(
            Path.GetFullPath((folder.LinkTarget is null ? folder : folder.ResolveLinkTarget(returnFinalTarget: true) ?? folder).FullName));
    }

    // Goes on from where a link leads: relative links below it are meant from there.
    private static void Walk(string real, string root, string relative, HashSet<string> above, List<string> files)
    {
        if (!above.Add(real))
        {
            throw new RectifyException($"{Path.Combine(root, relative)} is a link that leads back to a folder that holds it; remove it.");
        }

        foreach ((string name, bool folder) in new FileSystemEnumerable<(string Name, bool Folder)>(
            real, (ref FileSystemEntry entry) => (entry.FileName.ToString(), entry.IsDirectory), Visible))
        {
            string path = relative.Length == 0 ? name : $"{relative}/{name}";
            if (folder)
            {
                Walk(Real(Path.Combine(real, name)), root, path, above, files);
            }
            else
            {
                files.Add(path);
            }
        }

        _ = above.Remove(real);
    }
}
