using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Gives archives their index: from the cache where it is of the archive as it is now, else built anew and kept.</summary>
internal static class TarIndexCache
{
    // Of archives whose index could not be written: they are not walked over again and again, and it is said once.
    private static readonly ConcurrentDictionary<ArchiveStamp, TarIndex> Unwritten = new();

    /// <summary>An archive's index.</summary>
    /// <param name="file">The archive.</param>
    /// <param name="path">Where it lies.</param>
    /// <param name="nested">Whether it is a tar of tars.</param>
    /// <param name="options">Where indexes are kept, and who hears of it.</param>
    /// <exception cref="RectifyException">The archive is broken; see <see cref="TarIndexBuilder"/>.</exception>
    public static TarIndex Get(SafeFileHandle file, string path, bool nested, IndexingOptions options)
    {
        ArchiveStamp stamp = ArchiveStamp.Of(file, path, nested);
        if (Unwritten.TryGetValue(stamp, out TarIndex? kept))
        {
            return kept;
        }

        string place = PlaceOf(stamp, options);
        if (options.Cached && TarIndexFile.Load(place, stamp) is { } saved)
        {
            return saved;
        }

        Action<long, long>? progress = options.Progress is { } hear ? (done, all) => hear(path, done, all) : null;
        TarIndex index = nested ? TarIndexBuilder.Nested(file, path, progress) : TarIndexBuilder.Flat(file, path, progress);
        if (options.Cached)
        {
            Keep(place, index, stamp, options);
        }

        return index;
    }

    /// <summary>The file in which an archive's index is kept.</summary>
    public static string PlaceOf(ArchiveStamp stamp, IndexingOptions options)
    {
        string key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stamp.Path)).AsSpan(0, 16));
        return Path.Combine(options.CacheFolder, "tar-indexes", $"{key}.index");
    }

    private static void Keep(string place, TarIndex index, ArchiveStamp stamp, IndexingOptions options)
    {
        try
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            TarIndexFile.Save(place, index, stamp);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Unwritten[stamp] = index;
            options.Warn?.Invoke(
                $"The index of {stamp.Path} cannot be kept in {options.CacheFolder}: {e.Message.TrimEnd('.')}. It will be built anew each time; "
                + $"set {CacheFolder.Variable} to a folder that can be written.");
        }
    }
}
