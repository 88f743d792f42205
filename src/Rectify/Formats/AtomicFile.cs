using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Rectify.Formats;

/// <summary>Files that are whole or not there: written beside their place, flushed to the disk, then renamed, and the rename flushed too.</summary>
public static partial class AtomicFile
{
    private const int RandomDigits = 12;

    /// <summary>Writes a file; on any error the old one stays as it was and nothing is left behind.</summary>
    /// <remarks>
    /// Any number of writers may write the same path at once: the last to rename wins. A writer that is killed leaves PATH.RANDOM.tmp behind, see
    /// <see cref="DeleteLeftovers"/>; the folder's flush after the rename is left out where the system has none.
    /// </remarks>
    /// <param name="path">Where.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string temporary = $"{path}.{RandomNumberGenerator.GetHexString(RandomDigits, lowercase: true)}.tmp";
        bool created = false;
        try
        {
            // Open until after the rename: the lock that this holds on the file tells DeleteLeftovers that its writer lives.
            using FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Delete, 1 << 20);
            created = true;
            write(stream);
            stream.Flush(flushToDisk: true);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            if (created)
            {
                File.Delete(temporary);
            }

            throw;
        }

        _ = FolderFlush.Try(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Whether a file's name is that of one that is being written, or that a writer left which was killed.</summary>
    public static bool IsTemporary(string path) => TemporaryName().IsMatch(path);

    /// <summary>Deletes what writers that are dead left in a folder and the folders below; what a living one writes, in whatever process, stays.</summary>
    /// <remarks>Living writers are known by the lock on their file. What cannot be deleted stays silently: it harms nobody.</remarks>
    /// <param name="folder">The folder; nothing happens if there is none.</param>
    /// <returns>How many files were deleted.</returns>
    public static int DeleteLeftovers(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return 0;
        }

        int deleted = 0;
        EnumerationOptions everywhere = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (string file in Directory.EnumerateFiles(folder, "*.tmp", everywhere))
        {
            if (!IsTemporary(file))
            {
                continue;
            }

            try
            {
                // Refused while another has the file open.
                new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
                File.Delete(file);
                deleted++;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
            }
        }

        return deleted;
    }

    [GeneratedRegex(@"\.[0-9a-f]{12}\.tmp$", RegexOptions.CultureInvariant)]
    private static partial Regex TemporaryName();
}
