using Rectify.Tensors;

namespace Rectify.Inference;

/// <summary>Reads a picture's file, with errors in one sentence.</summary>
internal static class PictureFile
{
    /// <summary>The file's bytes; pipes are read to their end.</summary>
    /// <exception cref="RectifyException">The path is no file that can be read, or the file is too long.</exception>
    public static PictureBytes Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw new RectifyException($"{path} is a folder; name the pictures in it.");
        }

        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return PictureBytes.Read(stream, path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RectifyException($"{path} does not exist; check the path.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new RectifyException($"{path} cannot be read: {e.Message.TrimEnd('.')}; check that it is a file and may be read.", e);
        }
    }
}
