using System.Globalization;

namespace Rectify.Tensors;

/// <summary>How much memory the machine, or the container, lets this process have: asked before large blocks are taken, for a system that promises more than it
/// has ends the process when the pages are touched.</summary>
internal static class MemoryLimit
{
    /// <summary>Bytes of the machine or the container, those in use included.</summary>
    /// <remarks>In a container with a limit, the share of it that the runtime allows its own heap, three quarters unless configured.</remarks>
    public static long AvailableBytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Refuses what cannot fit.</summary>
    /// <param name="bytes">What is needed.</param>
    /// <param name="what">Subject of the sentence: what needs it.</param>
    /// <param name="remedy">What to do about it, an imperative.</param>
    /// <exception cref="RectifyException">More is needed than the machine has.</exception>
    public static void Require(long bytes, string what, string remedy)
    {
        long available = AvailableBytes;
        if (bytes > available)
        {
            throw new RectifyException(string.Create(
                CultureInfo.InvariantCulture, $"{what} needs {bytes:N0} bytes of memory and this machine has {available:N0} in all; {remedy}."));
        }
    }
}
