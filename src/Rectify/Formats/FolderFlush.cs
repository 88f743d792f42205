using System.Runtime.InteropServices;
using System.Text;

namespace Rectify.Formats;

/// <summary>Puts a folder's list of names on the disk: on Unix a file that was renamed may have its old name again after a power cut, until that is done.</summary>
/// <remarks>The framework opens no folders, so this asks the C library. Where there is none of the kind, nothing is done: the file is whole all the same.</remarks>
internal static class FolderFlush
{
    private const int ReadOnly = 0;

    /// <summary>Flushes a folder, if the system can.</summary>
    /// <returns>Whether it did.</returns>
    public static bool Try(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        try
        {
            int descriptor = Open(Encoding.UTF8.GetBytes(folder + '\0'), ReadOnly);
            if (descriptor < 0)
            {
                return false;
            }

            bool flushed = Flush(descriptor) == 0;
            _ = Close(descriptor);
            return flushed;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    // Arrays of bytes cross as they are: no code with pointers is generated.
#pragma warning disable SYSLIB1054
    [DllImport("libc", EntryPoint = "open")]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    private static extern int Flush(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
#pragma warning restore SYSLIB1054
}
