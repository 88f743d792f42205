using System.Text.RegularExpressions;
using Rectify.Imaging;
using Rectify.Reproduction;
using Rectify.Tests.Data;

namespace Rectify.Tests.Cli;

/// <summary>The commands of the pages in docs/, as a reader would type them, in a folder with some photos. A block marked "sh" is run, one marked "sh norun" is not.</summary>
[Trait("Width", "any")]
public sealed class DocumentationTests
{
    private static readonly string Docs = Path.Combine(Repository.Root, "docs");

    public static TheoryData<string> PagesWithCommands() =>
        [.. Directory.EnumerateFiles(Docs, "*.md").Where(path => Commands(path).Count > 0).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(PagesWithCommands))]
    public void Commands_OfAPage_Work(string page)
    {
        Assert.SkipUnless(SpngDecoder.IsAvailable, "libspng is not installed: eng/setup.sh");
        using TemporaryFolder folder = new();
        string[] classes = ["cat", "dog", "gnu"];
        for (int i = 0; i < 72; i++)
        {
            _ = folder.Add($"photos/{(i < 54 ? "train" : "val")}/{classes[i % 3]}/{i}.png", TestPictures.Png(40, 36, i));
            if (i < 12)
            {
                _ = folder.Add($"other-photos/{classes[i % 3]}/{i}.png", TestPictures.Png(40, 36, i + 100));
            }
        }

        foreach (string command in Commands(Path.Combine(Docs, page)))
        {
            using CommandProcess process = new(folder.Root, command.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]);
            int code = process.Wait();
            Assert.True(code == 0, $"{command}: exit code {code}: {process.Errors}{process.Output}");
        }
    }

    [Fact]
    public void Pages_ThatAUserBeginsWith_HaveCommandsThatAreRun()
    {
        foreach (string page in (string[])["getting-started.md", "train-your-photos.md", "reading-a-diagnosis.md", "evaluate-like-the-paper.md", "faq.md", "in-csharp.md"])
        {
            Assert.NotEmpty(Commands(Path.Combine(Docs, page)));
        }
    }

    [Fact]
    public void Blocks_WithCommands_AreMarked()
    {
        // Or a command could escape its test by a block without a mark.
        foreach (string path in Directory.EnumerateFiles(Docs, "*.md"))
        {
            foreach ((string mark, string line) in Lines(path).Where(line => Regex.IsMatch(line.Text, "^rectify [a-z]")))
            {
                Assert.True(mark == "sh" || Regex.IsMatch(mark, @"^sh norun \(.+\)$"), $"{path}: '{line}' stands in a block marked '{mark}'; mark it sh, or sh norun (REASON)");
            }

            Assert.All(Commands(path), line => Assert.StartsWith("rectify ", line, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Links_OfAllPages_LeadSomewhere()
    {
        foreach (string path in Directory.EnumerateFiles(Docs, "*.md", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(Repository.Root, "*.md")))
        {
            foreach (Match link in Regex.Matches(File.ReadAllText(path), @"\]\((?!https?://)([^)#]+)"))
            {
                string target = Path.Combine(Path.GetDirectoryName(path)!, link.Groups[1].Value);
                Assert.True(File.Exists(target) || Directory.Exists(target), $"{path} links to {link.Groups[1].Value}");
            }
        }
    }

    [Fact]
    public void Index_NamesEveryPage()
    {
        string index = File.ReadAllText(Path.Combine(Docs, "README.md"));
        Assert.All(
            Directory.EnumerateFiles(Docs, "*.md").Select(path => Path.GetFileName(path)).Where(page => page != "README.md"),
            page => Assert.Contains($"({page})", index, StringComparison.Ordinal));
    }

    [Fact]
    public void Results_OfReproduction_StandBesideCommandsThatThereAre()
    {
        string[] rows = [.. File.ReadLines(Path.Combine(Docs, "reproduction.md")).Where(line => Regex.IsMatch(line, @"^\| `\S+ .*scale")).Select(line => line.Split('`')[1])];
        Assert.Equal(ExperimentCatalog.All.Select(experiment => experiment.Name).Order(), rows.Select(row => row.Split(' ')[0]).Order());
        Assert.All(rows, row => Assert.Matches("^[a-z0-9-]+ --scale (cifar|photos|imagenet)$", row));
    }

    private static IReadOnlyList<string> Commands(string path) => [.. Lines(path).Where(line => line.Mark == "sh" && line.Text.Length > 0).Select(line => line.Text)];

    // The lines inside blocks, each with what stands behind the three backticks.
    private static IEnumerable<(string Mark, string Text)> Lines(string path)
    {
        string? mark = null;
        foreach (string line in File.ReadAllLines(path))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                mark = mark is null ? line[3..] : null;
            }
            else if (mark is not null)
            {
                yield return (mark, line);
            }
        }
    }
}
