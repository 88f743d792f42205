using Microsoft.Win32.SafeHandles;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Walks over a tar's headers before anyone believes what they say: sizes that the file does not hold are refused without allocating for them.</summary>
internal static class TarBounds
{
    /// <summary>Checks an archive to its end or to its first block of zeros.</summary>
    /// <exception cref="RectifyException">A header is broken, or an entry does not end inside the file.</exception>
    public static void Check(SafeFileHandle file, string path)
    {
        TarScan scan = new(file, path, 0, RandomAccess.GetLength(file));
        while (scan.Next())
        {
        }
    }
}
