using System.Text;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>A folder into which ILSVRC2012_img_val.tar was unpacked: pictures without class folders.</summary>
internal static class FlatFolder
{
    private const string Pattern = "ILSVRC2012_val_*";

    /// <summary>Whether a folder is one.</summary>
    public static bool Is(string path) => Directory.EnumerateFiles(path, Pattern).Any(IsPicture);

    /// <summary>The folder's pictures; their places are files of their own.</summary>
    /// <exception cref="RectifyException">The folder cannot be listed.</exception>
    public static TarGroup List(string path)
    {
        try
        {
            string[] files = [.. Directory.EnumerateFiles(path, Pattern).Where(IsPicture).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
            int[] starts = new int[files.Length + 1];
            for (int i = 0; i < files.Length; i++)
            {
                starts[i + 1] = starts[i] + Encoding.UTF8.GetByteCount(files[i]);
            }

            return new TarGroup("", new long[files.Length], new int[files.Length], starts, Encoding.UTF8.GetBytes(string.Concat(files)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RectifyException($"{path} cannot be listed: {e.Message.TrimEnd('.')}; check the folder's permissions.", e);
        }
    }

    private static bool IsPicture(string path) => SampleListing.IsSample($"x/{Path.GetFileName(path)}");
}
