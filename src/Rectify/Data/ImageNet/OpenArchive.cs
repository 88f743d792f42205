using Microsoft.Win32.SafeHandles;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Opens indexed archives and reads pictures from them.</summary>
internal static class OpenArchive
{
    /// <summary>Opens an archive and gets its index.</summary>
    /// <exception cref="RectifyException">It cannot be read or is broken.</exception>
    public static (SafeFileHandle File, TarIndex Index) Open(string path, bool nested, IndexingOptions indexing)
    {
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, options: FileOptions.RandomAccess);
            return (file, TarIndexCache.Get(file, path, nested, indexing));
        }
        catch (Exception e)
        {
            file?.Dispose();
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new RectifyException($"{path} cannot be read: {e.Message.TrimEnd('.')}; check that it is still there and may be read.", e);
            }

            throw;
        }
    }

    /// <summary>Decodes a picture.</summary>
    /// <exception cref="RectifyException">It cannot be read or decoded.</exception>
    public static RgbImage Decode(SafeFileHandle file, TarGroup group, int index, IImageDecoder decoder, string name, int shorterSide)
    {
        try
        {
            return FileSpan.Decode(file, group.Offsets[index], group.Lengths[index], decoder, name, shorterSide);
        }
        catch (IOException e)
        {
            throw Unreadable(name, e);
        }
    }

    /// <summary>Reads a picture's file.</summary>
    /// <exception cref="RectifyException">It cannot be read.</exception>
    public static byte[] Read(SafeFileHandle file, TarGroup group, int index, string name)
    {
        try
        {
            return FileSpan.Read(file, group.Offsets[index], group.Lengths[index], name);
        }
        catch (IOException e)
        {
            throw Unreadable(name, e);
        }
    }

    private static RectifyException Unreadable(string name, IOException e) =>
        new($"{name} cannot be read: {e.Message.TrimEnd('.')}; check the disk that holds the archive.", e);
}
