using Rectify.Imaging;
using Rectify.Tests.Data;

namespace Rectify.Tests.Cli;

/// <summary>The commands of the guides, as a reader would type them, in a folder with some photos. Blocks marked long are left out.</summary>
public sealed class GuideTests
{
    public static TheoryData<string> Guides() =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "guide"), "*.md").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Guides))]
    public void Commands_OfAGuide_Work(string guide)
    {
        Assert.SkipUnless(SpngDecoder.IsAvailable, "libspng is not installed");
        using TemporaryFolder folder = new();
        string[] classes = ["cat", "dog", "gnu"];
        for (int i = 0; i < 72; i++)
        {
            _ = folder.Add($"photos/{(i < 54 ? "train" : "val")}/{classes[i % 3]}/{i}.png", TestPictures.Png(40, 36, i));
        }

        string[] commands = Commands(File.ReadAllLines(Path.Combine(Repository.Root, "docs", "guide", guide)));
        Assert.NotEmpty(commands);
        foreach (string command in commands)
        {
            Assert.StartsWith("rectify ", command, StringComparison.Ordinal);
            using CommandProcess process = new(folder.Root, command.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]);
            int code = process.Wait();
            Assert.True(code == 0, $"{command}: exit code {code}: {process.Errors}{process.Output}");
        }
    }

    [Fact]
    public void Links_OfTheGuides_LeadSomewhere()
    {
        foreach (string path in Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories))
        {
            foreach (System.Text.RegularExpressions.Match link in System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(path), @"\]\((?!https?://)([^)#]+)"))
            {
                string target = Path.Combine(Path.GetDirectoryName(path)!, link.Groups[1].Value);
                Assert.True(File.Exists(target) || Directory.Exists(target), $"{path} links to {link.Groups[1].Value}");
            }
        }
    }

    private static string[] Commands(string[] lines)
    {
        List<string> commands = [];
        bool inside = false;
        bool skip = false;
        string before = "";
        foreach (string line in lines)
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                skip = !inside && before.StartsWith("<!-- long", StringComparison.Ordinal);
                inside = !inside && line == "```sh";
            }
            else if (inside && !skip && line.Length > 0)
            {
                commands.Add(line);
            }

            before = line;
        }

        return [.. commands];
    }
}
