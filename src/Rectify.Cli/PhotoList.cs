using System.Collections.Concurrent;

namespace Rectify.Cli;

/// <summary>The pictures that paths stand for: a file for itself, a folder for all pictures below it in ordinal order. Listed as they are asked for.</summary>
/// <remarks>A folder without pictures, or one that cannot be listed, stands for itself, so that it is answered with its problem.</remarks>
internal sealed class PhotoList(IEnumerable<string> paths)
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png"];

    private readonly ConcurrentDictionary<string, string> _problems = new();

    /// <summary>The pictures; to be enumerated once.</summary>
    public IEnumerable<string> Files()
    {
        foreach (string path in paths)
        {
            if (!Directory.Exists(path))
            {
                yield return path;
                continue;
            }

            bool any = false;
            foreach (string file in Below(path))
            {
                any = true;
                yield return file;
            }

            if (!any)
            {
                _problems[path] = $"{path} is a folder that holds no .jpg, .jpeg or .png; put pictures into it or name another.";
                yield return path;
            }
        }
    }

    /// <summary>What is wrong with a folder that was given as a picture; null for nothing.</summary>
    public string? ProblemOf(string path) => _problems.GetValueOrDefault(path);

    // Names of folders are compared with their slash, so that walking in this order gives the ordinal order of the whole paths. Hidden entries are passed over,
    // and so are links to folders, which may lead in a circle.
    private IEnumerable<string> Below(string folder)
    {
        List<(string Key, string Path, bool IsFolder)> entries = [];
        string? problem = null;
        try
        {
            foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", new EnumerationOptions { IgnoreInaccessible = false }))
            {
                bool isFolder = entry.Attributes.HasFlag(FileAttributes.Directory);
                bool wanted = isFolder ? entry.LinkTarget is null : Extensions.Contains(entry.Extension, StringComparer.OrdinalIgnoreCase);
                if (wanted && !entry.Name.StartsWith('.'))
                {
                    entries.Add((isFolder ? entry.Name + '/' : entry.Name, Path.Combine(folder, entry.Name), isFolder));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"{folder} cannot be listed: {e.Message.TrimEnd('.')}; check the folder's permissions.";
        }

        if (problem is not null)
        {
            _problems[folder] = problem;
            yield return folder;
            yield break;
        }

        entries.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        foreach ((_, string path, bool isFolder) in entries)
        {
            foreach (string file in isFolder ? Below(path) : [path])
            {
                yield return file;
            }
        }
    }
}
