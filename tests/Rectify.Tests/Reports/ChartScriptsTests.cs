using System.Text;
using System.Text.Json;
using Rectify.Reports;
using Rectify.Tensors;
using Rectify.Tests.Data;

namespace Rectify.Tests.Reports;

/// <summary>The scripts of the charts: which, and that no others get into a page.</summary>
public sealed class ChartScriptsTests
{
    private static readonly string Web = Path.Combine(Repository.Root, "src", "Rectify.Reports", "web");

    [Fact]
    public void Versions_AreThoseOfThePackageFile()
    {
        using JsonDocument package = JsonDocument.Parse(File.ReadAllText(Path.Combine(Web, "package.json")));
        JsonElement versions = package.RootElement.GetProperty("dependencies");
        string Version(string name) => versions.GetProperty(name).GetString()!;
        Assert.Equal(ChartScripts.Versions, $"{Version("vega")}, Vega-Lite {Version("vega-lite")}, vega-embed {Version("vega-embed")}");
    }

    [Fact]
    public void LockFile_PinsEveryPackageAndNamesNoHost()
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(Path.Combine(Web, "package-lock.json")));
        JsonProperty[] packages = [.. file.RootElement.GetProperty("packages").EnumerateObject().Where(package => package.Name.Length > 0)];
        Assert.NotEmpty(packages);
        Assert.All(packages, package => Assert.StartsWith("sha512-", package.Value.GetProperty("integrity").GetString(), StringComparison.Ordinal));
        Assert.All(packages, package => Assert.False(package.Value.TryGetProperty("resolved", out _), package.Name));
    }

    [Fact]
    public void Read_OtherBytes_AreRefused()
    {
        using TemporaryFolder folder = new();
        byte[] script = Encoding.UTF8.GetBytes("alert(1)");
        _ = folder.Add("vega.min.js", script).Add("vega-lite.min.js", script).Add("vega-embed.min.js", script);
        Assert.Null(ChartScripts.Read(folder.Root));
        Assert.Null(ChartScripts.Read(folder.At("nowhere")));
    }

    [Fact]
    public void Inline_Script_CannotEndItsElement() =>
        Assert.Equal("a=\"<\\/script>\";b=\"<\\!--\"", ChartScripts.Inline("a=\"</SCRIPT>\";b=\"<!--\"\n//# sourceMappingURL=x.map"));

    [Fact]
    public void Run_WithoutNpm_SaysWhatIsMissingAndWhatWorksWithout()
    {
        RectifyException error = Assert.Throws<RectifyException>(() => NpmRestore.Run(_ => { }, "no-such-npm"));
        Assert.Contains("Node.js", error.Message, StringComparison.Ordinal);
        Assert.Contains("--text", error.Message, StringComparison.Ordinal);
    }
}
