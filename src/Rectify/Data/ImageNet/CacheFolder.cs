namespace Rectify.Data;

/// <summary>The folder for what can be computed again and belongs to no run.</summary>
public static class CacheFolder
{
    /// <summary>The environment variable that names another folder.</summary>
    public const string Variable = "RECTIFY_CACHE";

    /// <summary>The folder: $RECTIFY_CACHE, else $XDG_CACHE_HOME/rectify, else ~/.cache/rectify (on Windows, rectify/cache in the local application data).</summary>
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } asked)
        {
            return Path.GetFullPath(asked);
        }

        // By its specification a relative path there counts as none.
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg))
        {
            return Path.Combine(xdg, "rectify");
        }

        return OperatingSystem.IsWindows()
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "rectify", "cache")
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "rectify");
    }
}
