using System.Security.Cryptography;
using System.Text;
using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Reports;

/// <summary>The three scripts that draw charts, byte by byte those that this version was made with.</summary>
/// <param name="All">Vega, Vega-Lite and vega-embed, in the order in which a page needs them.</param>
public sealed record ChartScripts(IReadOnlyList<string> All)
{
    /// <summary>Which versions.</summary>
    public const string Versions = "6.4.0, Vega-Lite 6.4.3, vega-embed 7.3.0";

    private const string FolderName = "report-scripts";

    // From package-lock.json's packages: name, and the SHA-256 of build/NAME.min.js. Another version needs another line here.
    private static readonly (string Name, string Sha256)[] Pinned =
    [
        ("vega", "8f6a3587cf8d4f42c7e08120e3eb05d067e746d554e39d2dcf52acc0bd5ba28f"),
        ("vega-lite", "35a9821df838825b05a6a73e9414b58747a1b18321583858ed903c66393a5c7e"),
        ("vega-embed", "b1455caba2fb1a72fb46025ba0ba1316e2dbc7f0dd40a3f6040172bf9c08ba91"),
    ];

    /// <summary>The scripts from beside the program, as packages bring them; else from the cache, else from a clone's npm folder, else restored by npm into the
    /// cache.</summary>
    /// <param name="tell">Hears that npm is at work, which takes some seconds and a network.</param>
    /// <exception cref="RectifyException">They are nowhere, and Node is missing or npm failed.</exception>
    public static ChartScripts Find(Action<string> tell)
    {
        ArgumentNullException.ThrowIfNull(tell);
        if (Read(Path.Combine(AppContext.BaseDirectory, FolderName)) is { } beside)
        {
            return beside;
        }

        string cache = Path.Combine(CacheFolder.Find(), FolderName);
        if (Read(cache) is { } cached)
        {
            return cached;
        }

        if (CloneFolder() is { } clone && Read(clone) is { } cloned)
        {
            return cloned;
        }

        tell("restoring the scripts of the charts with npm, once ...");
        NpmRestore.Run(folder => Keep(folder, cache));
        return Read(cache) ?? throw new RectifyException($"What npm restored to {cache} is not what this version was made with; remove that folder and try again.");
    }

    /// <summary>Reads the scripts from a folder that holds NAME.min.js, or NAME/build/NAME.min.js as npm has it; null where one is missing or another.</summary>
    internal static ChartScripts? Read(string folder)
    {
        List<string> scripts = [];
        foreach ((string name, string sha256) in Pinned)
        {
            string? path = new[] { Path.Combine(folder, $"{name}.min.js"), Path.Combine(folder, name, "build", $"{name}.min.js") }.FirstOrDefault(File.Exists);
            if (path is null)
            {
                return null;
            }

            byte[] bytes = File.ReadAllBytes(path);
            if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != sha256)
            {
                return null;
            }

            scripts.Add(Inline(Encoding.UTF8.GetString(bytes)));
        }

        return new ChartScripts(scripts);
    }

    /// <summary>A script as it may stand inside a page: nothing in it ends the element, and it names no source map, which is not there.</summary>
    internal static string Inline(string script)
    {
        int map = script.LastIndexOf("\n//# sourceMappingURL=", StringComparison.Ordinal);
        return (map < 0 ? script : script[..map])
            .ReplaceLineEndings("\n")
            .Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase)
            .Replace("<!--", "<\\!--", StringComparison.Ordinal);
    }

    private static void Keep(string modules, string cache)
    {
        _ = Directory.CreateDirectory(cache);
        foreach ((string name, _) in Pinned)
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(modules, name, "build", $"{name}.min.js"));
            Formats.AtomicFile.Write(Path.Combine(cache, $"{name}.min.js"), stream => stream.Write(bytes));
        }
    }

    // In a clone eng/setup.sh restores them beside package.json.
    private static string? CloneFolder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string modules = Path.Combine(folder.FullName, "src", "Rectify.Reports", "web", "node_modules");
            if (Directory.Exists(modules))
            {
                return modules;
            }
        }

        return null;
    }
}
