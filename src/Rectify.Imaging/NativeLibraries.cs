using System.Reflection;
using System.Runtime.InteropServices;

namespace Rectify.Imaging;

/// <summary>Finds the native codecs, whose files have other names on each system.</summary>
internal static class NativeLibraries
{
    private static readonly Lock Gate = new();
    private static bool _registered;

    /// <summary>Installs the resolver for this assembly's imports, once.</summary>
    public static void Register()
    {
        lock (Gate)
        {
            if (!_registered)
            {
                NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);
                _registered = true;
            }
        }
    }

    /// <summary>Loads the first of some files that is there.</summary>
    /// <returns>The library, or 0.</returns>
    public static nint Load(ReadOnlySpan<string> candidates)
    {
        foreach (string candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, typeof(NativeLibraries).Assembly, null, out nint library))
            {
                return library;
            }
        }

        return 0;
    }

    // 0 lets the runtime look in its own way, and throw DllNotFoundException if it finds nothing.
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name switch
    {
        TurboJpegLibrary.Name => Load(TurboJpegLibrary.Candidates),
        SpngLibrary.Name => Load(SpngLibrary.Candidates),
        _ => 0,
    };
}
