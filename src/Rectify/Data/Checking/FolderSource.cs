namespace Rectify.Data.Checking;

/// <summary>A folder of class folders, with all that lies about in it.</summary>
internal sealed class FolderSource : CheckSource
{
    private const int MaxDepth = 32;

    private static readonly string[] OtherPictures =
        [".GIF", ".WEBP", ".BMP", ".TIF", ".TIFF", ".HEIC", ".HEIF", ".AVIF", ".JFIF", ".JPE", ".JP2", ".JXL", ".PGM", ".SVG", ".ICO", ".RAW", ".CR2", ".NEF", ".DNG"];

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    public FolderSource(string root)
    {
        foreach (FileSystemInfo item in List(root, root))
        {
            if (Hidden(item, Path.Combine(root, item.Name)))
            {
                continue;
            }

            if (Target(item) is DirectoryInfo)
            {
                _ = Classes.Add(item.Name);
                int before = Entries.Count;
                Walk(item.FullName, Path.Combine(root, item.Name), item.Name, [FolderWalk.Real(root)], 1);
                if (Entries.Count == before)
                {
                    Findings.Add(new Finding(FindingKind.EmptyClass, Path.Combine(root, item.Name), "holds no .jpg, .jpeg or .png"));
                }
            }
            else if (Target(item) is FileInfo)
            {
                Ignore(Path.Combine(root, item.Name), Beginning(item.FullName));
            }
            else
            {
                Dangling(item, Path.Combine(root, item.Name));
            }
        }
    }

    /// <summary>Whether an extension is that of a picture that is not read.</summary>
    public static bool IsOtherPicture(string extension) => Array.IndexOf(OtherPictures, extension.ToUpperInvariant()) >= 0;

    public override ExaminedFile Examine(int index, IImageDecoder decoder, DatasetCheckOptions options)
    {
        string name = Entries[index].Name;
        long length = -1;
        try
        {
            length = FileSpan.Length(name);
        }
        catch (Tensors.RectifyException)
        {
            // Reading it gives the reason.
        }

        return FileExamination.Examine(name, length, () => FileSpan.Read(name), decoder, options);
    }

    private void Walk(string path, string name, string className, HashSet<string> above, int depth)
    {
        string real = FolderWalk.Real(path);
        if (!above.Add(real) || depth > MaxDepth)
        {
            Findings.Add(new Finding(FindingKind.LinkLoop, name, "leads back to a folder that holds it"));
            return;
        }

        // From where a link leads: relative links below it are meant from there.
        foreach (FileSystemInfo item in List(real, name).OrderBy(i => i.Name, StringComparer.Ordinal))
        {
            string itemName = Path.Combine(name, item.Name);
            if (Hidden(item, itemName))
            {
                continue;
            }

            switch (Target(item))
            {
                case DirectoryInfo:
                    Walk(item.FullName, itemName, className, above, depth + 1);
                    break;
                case null:
                    Dangling(item, itemName);
                    break;
                case var _ when SampleListing.IsSample($"{className}/{item.Name}"):
                    Entries.Add(new CheckEntry(itemName, className));
                    break;
                default:
                    Ignore(itemName, Beginning(item.FullName));
                    break;
            }
        }

        _ = above.Remove(real);
    }

    private List<FileSystemInfo> List(string path, string name)
    {
        try
        {
            return [.. new DirectoryInfo(path).EnumerateFileSystemInfos("*", Everything)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Findings.Add(new Finding(FindingKind.Unreadable, name, $"cannot be listed: {e.Message.TrimEnd('.')}"));
            return [];
        }
    }

    private bool Hidden(FileSystemInfo item, string name)
    {
        if (!item.Name.StartsWith('.'))
        {
            return false;
        }

        Findings.Add(new Finding(FindingKind.HiddenFile, name, "begins with a dot"));
        return true;
    }

    private void Dangling(FileSystemInfo item, string name) =>
        Findings.Add(new Finding(FindingKind.DanglingLink, name, $"points to {item.LinkTarget ?? "nothing"}"));

    // What an item is when links are followed; null for a link to nothing.
    private static FileSystemInfo? Target(FileSystemInfo item)
    {
        if (item.LinkTarget is null)
        {
            return item;
        }

        try
        {
            return item.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true } target
                ? Directory.Exists(target.FullName) ? new DirectoryInfo(target.FullName) : new FileInfo(target.FullName)
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    // To open a pipe would wait for ever; what is no regular file has no length.
    private static byte[] Beginning(string path)
    {
        try
        {
            if (FileSpan.Length(path) <= 0)
            {
                return [];
            }

            using FileStream stream = File.OpenRead(path);
            byte[] bytes = new byte[64];
            return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Tensors.RectifyException)
        {
            return [];
        }
    }
}
