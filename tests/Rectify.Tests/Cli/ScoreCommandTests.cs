using System.Text.Json;
using Rectify.Evaluation;
using Rectify.Tests.Data;
using Rectify.Tests.Evaluation;
using static Rectify.Tests.Cli.CommandRun;

namespace Rectify.Tests.Cli;

public sealed class ScoreCommandTests
{
    [Fact]
    public void Combine_Three_PrintsAndSavesTheMean()
    {
        using TemporaryFolder folder = new();
        string[] files = Save(folder, 40, 9, 1, 2, 3);
        JsonElement found = Json(["combine", .. files, "--weights", "2,1,1", "--leave-one-out", "--save-scores", folder.At("all.scores.safetensors"), "--json"]);
        ScoreTable mean = ScoreFile.Load(folder.At("all.scores.safetensors"));
        ErrorCounts counts = ErrorCounts.Of(mean);
        Assert.Equal((40, 5), (found.GetProperty("images").GetInt32(), found.GetProperty("unreadable").GetInt32()));
        Assert.Equal(counts.Top1ErrorPercent, found.GetProperty("top1Error").GetDouble());
        Assert.Equal(counts.Top5ErrorPercent, found.GetProperty("top5Error").GetDouble());
        Assert.Equal(counts.Interval(5).Upper, found.GetProperty("top5Interval")[1].GetDouble());
        Assert.Equal("2×net1 + 1×net2 + 1×net3", mean.Origin.Model);
        Assert.Equal(files, found.GetProperty("leaveOneOut").EnumerateArray().Select(each => each.GetProperty("without").GetString()));
        Assert.Equal(files, found.GetProperty("members").EnumerateArray().Select(each => each.GetProperty("scores").GetString()));
        Assert.False(found.TryGetProperty("greedy", out _));

        // What was saved may be combined again and compared.
        string output = Succeed("combine", folder.At("all.scores.safetensors"), files[0]);
        Assert.Contains("of 2 together on 40 images", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Russakovsky", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Combine_Greedy_WarnsUnlessChosenOnOtherImages()
    {
        using TemporaryFolder folder = new();
        string[] test = Save(folder, 60, 9, 1, 2, 3);
        (int code, string output, string errors) = Run(["combine", .. test, "--greedy", "--json"]);
        Assert.True(code == 0, errors);
        Assert.Contains("choose on others with --choose-on", errors, StringComparison.Ordinal);
        Assert.False(Last(output).GetProperty("greedy").GetProperty("chosenOnOtherImages").GetBoolean());

        string[] validation = [.. test.Select((path, i) => path.Replace(".scores", ".val.scores", StringComparison.Ordinal))];
        foreach ((string path, int seed) in validation.Zip((int[])[1, 2, 3]))
        {
            ScoreTable other = RandomScores.Table(50, 9, seed + 10);
            ScoreTable renamed = new(RandomScores.Origin(seed) with { ImagesFingerprint = "1:val" }, other.Classes, other.Names, other.Labels);
            foreach (int i in Enumerable.Range(0, 50).Where(other.IsRead))
            {
                renamed.Set(i, other.Scores(i));
            }

            ScoreFile.Save(renamed, path);
        }

        (code, output, errors) = Run(["combine", .. test, "--greedy", "--top", "1", "--choose-on", .. validation, "--save-scores", folder.At("few.scores.safetensors"), "--json"]);
        Assert.True(code == 0, errors);
        Assert.DoesNotContain("Warning", errors, StringComparison.Ordinal);
        JsonElement greedy = Last(output).GetProperty("greedy");
        Assert.True(greedy.GetProperty("chosenOnOtherImages").GetBoolean());
        Assert.Equal(50, greedy.GetProperty("steps")[0].GetProperty("whereChosen").GetProperty("images").GetInt32());
        ErrorCounts few = ErrorCounts.Of(ScoreFile.Load(folder.At("few.scores.safetensors")));
        Assert.Equal(few.Top1ErrorPercent, greedy.GetProperty("top1Error").GetDouble());
        Assert.Equal(3, greedy.GetProperty("steps").GetArrayLength());

        // The order is that of the networks.
        (code, _, errors) = Run(["combine", .. test, "--greedy", "--choose-on", .. validation.Reverse()]);
        Assert.Equal(1, code);
        Assert.Contains("different networks", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Combine_TheSameNetworkTwice_Warns()
    {
        using TemporaryFolder folder = new();
        string file = Save(folder, 20, 6, 1)[0];
        (int code, _, string errors) = Run("combine", file, file);
        Assert.Equal(0, code);
        Assert.Contains("counts twice", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_StrongAndWeak_SaysThatItIsRealAndWhere()
    {
        using TemporaryFolder folder = new();
        ScoreTable weak = RandomScores.Table(200, 9, 1);
        ScoreTable strong = new(RandomScores.Origin(2), weak.Classes, weak.Names, weak.Labels);
        for (int i = 0; i < 200; i++)
        {
            float[] row = new float[9];
            row[i == 0 ? (weak.Labels[i] + 1) % 9 : weak.Labels[i]] = 1;
            strong.Set(i, row);
        }

        ScoreFile.Save(weak, folder.At("weak.scores.safetensors"));
        ScoreFile.Save(RandomScores.Reversed(strong), folder.At("strong.scores.safetensors"));
        string[] line = ["compare", folder.At("weak.scores.safetensors"), folder.At("strong.scores.safetensors"), "--top", "1"];
        string output = Succeed(line);
        Assert.Contains("the difference is real at 5 % (McNemar's test, p < 0.0001)", output, StringComparison.Ordinal);
        Assert.Contains("improved in 9, unchanged in 0, worse in 0", output, StringComparison.Ordinal);
        Assert.Contains("lower than A's", output, StringComparison.Ordinal);
        JsonElement found = Json([.. line, "--json"]);
        Assert.True(found.GetProperty("real").GetBoolean());
        Assert.Equal(0.5, found.GetProperty("errorsOfB").GetProperty("top1Error").GetDouble());
        Assert.Equal(9, found.GetProperty("classes").GetArrayLength());
        Assert.Equal(
            found.GetProperty("onlyAWrong").GetInt32() - found.GetProperty("onlyBWrong").GetInt32(), (int)Math.Round(2 * found.GetProperty("pointsLower").GetDouble()));

        string same = Succeed("compare", line[1], line[1]);
        Assert.Contains("the difference could be chance (McNemar's test, p = 1.0000)", same, StringComparison.Ordinal);
        Assert.Contains("is that of A", same, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_Runs_TakesTheScoresOfTheirFolders()
    {
        using TemporaryFolder folder = new();
        foreach (int seed in (int[])[1, 2])
        {
            _ = folder.Add($"run{seed}/recipe.json", "{}"u8.ToArray());
            ScoreTable table = RandomScores.Table(40, 9, seed);
            ScoreFile.Save(table, folder.At($"run{seed}/scores/{ScoreFile.NameFor(table.Origin)}"));
        }

        _ = folder.Add("run1/synset_words.txt", [.. Enumerable.Range(0, 9).SelectMany(k => System.Text.Encoding.UTF8.GetBytes($"class{k} tench\n"))]);
        Assert.Contains("McNemar", Succeed("compare", folder.At("run1"), folder.At("run2")), StringComparison.Ordinal);
        File.Copy(folder.At("run1/scores/val-10-view.scores.safetensors"), folder.At("run1/scores/other.scores.safetensors"));
        (int code, _, string errors) = Run("compare", folder.At("run1"), folder.At("run2"));
        Assert.Equal(1, code);
        Assert.Contains("holds 2 files of scores", errors, StringComparison.Ordinal);
        Directory.Delete(folder.At("run1/scores"), recursive: true);
        Assert.Contains("--save-scores", Run("compare", folder.At("run1"), folder.At("run2")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_ImageNet_SetsThePersonBeside()
    {
        using TemporaryFolder folder = new();
        ScoreTable table = new(RandomScores.Origin(1), [.. Enumerable.Range(0, 1000).Select(k => $"n{k:D8}")], ["a.jpg"], [3]);
        ScoreFile.Save(table, folder.At("a.scores.safetensors"));
        Assert.Contains("5.1 % (Russakovsky et al.", Succeed("compare", folder.At("a.scores.safetensors"), folder.At("a.scores.safetensors")), StringComparison.Ordinal);
    }

    public static TheoryData<string, int, string> WrongUses() => new()
    {
        { "combine A", 2, "at least two" },
        { "combine A B --weights 1", 2, "1 weights for 2 files" },
        { "combine A B --weights 1,x", 2, "'x' is no number" },
        { "combine A B --weights 1,0", 2, "above 0" },
        { "combine A B --weights 1,1 --greedy", 2, "--weights cannot be given" },
        { "combine A B --choose-on A B", 2, "add --greedy" },
        { "combine A B --greedy --choose-on A", 2, "names 1 files for 2" },
        { "combine A B --greedy --top 3", 2, "choose 1 or 5" },
        { "combine A C", 1, "different images" },
        { "compare A", 2, "rectify --help" },
        { "compare A missing.safetensors", 1, "cannot be opened" },
        { "compare A no-such-run", 1, "There is no run" },
        { "compare A F", 1, "no file of scores" },
        { "compare D D --top 5", 2, "choose --top 1" },
    };

    [Theory]
    [MemberData(nameof(WrongUses))]
    public void Run_WrongUse_SaysOneSentenceAndNoStackTrace(string line, int expected, string word)
    {
        using TemporaryFolder folder = new();
        string[] files = Save(folder, 20, 9, 1, 2);
        ScoreFile.Save(RandomScores.Table(21, 9, 3), folder.At("c"));
        ScoreFile.Save(RandomScores.Table(20, 3, 3), folder.At("d"));
        Rectify.Formats.SafetensorsWriter foreign = new();
        foreign.Add("w", [2], values => values.Clear());
        Rectify.Formats.AtomicFile.Write(folder.At("f"), foreign.Write);
        (int code, _, string errors) = Run([.. line.Split(' ').Select(part => part switch
        {
            "A" => files[0],
            "B" => files[1],
            "C" => folder.At("c"),
            "D" => folder.At("d"),
            "F" => folder.At("f"),
            _ => part,
        })]);
        Assert.True(code == expected, $"exit code {code}: {errors}");
        Assert.Contains(word, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private static string[] Save(TemporaryFolder folder, int images, int classes, params int[] seeds) => [.. seeds.Select(seed =>
    {
        string path = folder.At($"net{seed}{ScoreFile.Extension}");
        ScoreFile.Save(RandomScores.Table(images, classes, seed), path);
        return path;
    })];

    private static string Succeed(params string[] arguments)
    {
        (int code, string output, string errors) = Run(arguments);
        Assert.True(code == 0, errors);
        return output;
    }

    private static JsonElement Json(string[] arguments) => Last(Succeed(arguments));

    private static JsonElement Last(string output) => JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
}
