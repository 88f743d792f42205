using System.Runtime.InteropServices;

namespace Rectify.Tensors;

/// <summary>Asks the system for pages of 2 MB instead of 4 KB under large blocks of memory: less often does a thread that streams through one wait for an address.</summary>
/// <remarks>Advice on Linux, where it needs no rights and holds where the system's setting is <c>madvise</c> or <c>always</c>; nothing elsewhere.</remarks>
internal static class HugePages
{
    // A few of them at least.
    private const nint SmallestBytes = 8 << 20;
    private const nint SmallPage = 4096;
    private const int AdviseHugePages = 14;

    /// <summary>Advises for a block that nobody has written to yet. Refused advice changes nothing.</summary>
    /// <param name="start">Its address.</param>
    /// <param name="bytes">Its size.</param>
    public static void Advise(nint start, nint bytes)
    {
        if (bytes < SmallestBytes || !OperatingSystem.IsLinux())
        {
            return;
        }

        // Whole small pages inside the block; the system finds the large ones among them.
        nint first = (start + SmallPage - 1) / SmallPage * SmallPage;
        nint end = (start + bytes) / SmallPage * SmallPage;
        try
        {
            _ = MAdvise(first, end - first, AdviseHugePages);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return;
        }
    }

    // Numbers cross as they are: no code with pointers is generated.
#pragma warning disable SYSLIB1054
    [DllImport("libc", EntryPoint = "madvise")]
    private static extern int MAdvise(nint start, nint bytes, int advice);
#pragma warning restore SYSLIB1054
}
