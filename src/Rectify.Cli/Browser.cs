using System.ComponentModel;
using System.Diagnostics;

namespace Rectify.Cli;

/// <summary>The browser that a user likes.</summary>
internal static class Browser
{
    /// <summary>Opens a file in it.</summary>
    /// <returns>Whether there was one to ask.</returns>
    public static bool Open(string path)
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("DISPLAY") is null or "" && Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is null or "")
        {
            return false;
        }

        try
        {
            ProcessStartInfo start = OperatingSystem.IsWindows()
                ? new ProcessStartInfo(path) { UseShellExecute = true }
                : new ProcessStartInfo(OperatingSystem.IsMacOS() ? "open" : "xdg-open", [path]);
            using Process? process = Process.Start(start);
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
