using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Rectify.Cli;

/// <summary>Standard output that tells when its reader has gone.</summary>
internal static class StandardOutput
{
    private const int Descriptor = 1;

    // EPIPE; ERROR_BROKEN_PIPE and ERROR_NO_DATA of Windows.
    private static readonly int[] BrokenPipe = [32, 109, 232];

    /// <summary>A writer to the same place that throws when the reader of a pipe has gone, which the console's own writer keeps to itself.</summary>
    /// <param name="output">The writer to replace; anything but the console's own is returned as it is, and so is one that writes to no pipe.</param>
    public static TextWriter ThatTells(TextWriter output)
    {
        if (!ReferenceEquals(output, Console.Out) || !Console.IsOutputRedirected || OperatingSystem.IsWindows())
        {
            return output;
        }

        FileStream stream = new(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? output : new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    /// <summary>Whether an error says that the reader of a pipe has gone.</summary>
    public static bool HasNoReader(IOException error) => BrokenPipe.Contains(error.HResult & 0xFFFF);
}
