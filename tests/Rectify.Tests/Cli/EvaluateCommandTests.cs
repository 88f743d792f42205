using System.Text.Json;
using Rectify.Evaluation;
using Rectify.Imaging;
using Rectify.Tests.Data;
using static Rectify.Tests.Cli.CommandRun;

namespace Rectify.Tests.Cli;

public sealed class EvaluateCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("center")]
    [InlineData("10-view")]
    [InlineData("dense")]
    public void Evaluate_BuiltinByAnyView_CountsEachPictureOnce(string view)
    {
        string run = Train("run", "1");
        (int code, string output, string errors) = Run("evaluate", "--run", run, "--data", "builtin:40", "--view", view, "--scales", "20,16", "--json");
        Assert.True(code == 0, errors);
        JsonElement found = LastLine(output);
        Assert.Equal((40, 0, view), (found.GetProperty("images").GetInt32(), found.GetProperty("unreadable").GetInt32(), found.GetProperty("view").GetString()));
        Assert.True(found.GetProperty("imagesPerSecond").GetDouble() > 0);
        JsonElement[] scales = [.. found.GetProperty("scales").EnumerateArray()];
        Assert.Equal([20, 16], scales.Select(scale => scale.GetProperty("s").GetInt32()));
        Assert.All(scales.Append(found), each =>
        {
            double error = each.GetProperty("top1Error").GetDouble();
            Assert.InRange(error, each.GetProperty("top5Error").GetDouble(), 100);
            Assert.InRange(error, each.GetProperty("top1Interval")[0].GetDouble(), each.GetProperty("top1Interval")[1].GetDouble());
        });
        Assert.False(found.TryGetProperty("runs", out _));
        Assert.Contains(view == "10-view" ? "10 views, 2 scales" : $"{view} view, 2 scales", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_SeveralRuns_SavesWhatCombineGives()
    {
        string a = Train("a", "1"), b = Train("b", "2");
        (int code, string output, string errors) = Run(
            "evaluate", "--run", $"{a},{b}", "--weights", "2,1", "--data", "builtin:30", "--view", "dense", "--save-scores", _folder.At("both.scores.safetensors"), "--json");
        Assert.True(code == 0, errors);
        JsonElement found = LastLine(output);
        Assert.Equal(["a", "b"], found.GetProperty("runs").EnumerateArray().Select(each => each.GetProperty("run").GetString()));
        foreach (string run in (string[])[a, b])
        {
            (code, _, errors) = Run("evaluate", "--run", run, "--data", "builtin:30", "--view", "dense", "--save-scores");
            Assert.True(code == 0, errors);
            Assert.Single(Directory.EnumerateFiles(Path.Combine(run, "scores"), "builtin_30-dense-*.scores.safetensors"));
        }

        (code, _, errors) = Run("combine", a, b, "--weights", "2,1", "--save-scores", _folder.At("combined.scores.safetensors"));
        Assert.True(code == 0, errors);
        ScoreTable together = ScoreFile.Load(_folder.At("both.scores.safetensors")), combined = ScoreFile.Load(_folder.At("combined.scores.safetensors"));
        Assert.Equal(combined.Origin with { Scales = [] }, together.Origin with { Scales = [] });
        Assert.Equal(combined.Origin.Scales, together.Origin.Scales);
        for (int i = 0; i < 30; i++)
        {
            Assert.Equal(combined.Scores(i).ToArray(), together.Scores(i).ToArray());
        }

        (code, _, errors) = Run("evaluate", "--run", $"{a},{b}", "--data", "builtin:30", "--save-scores");
        Assert.Equal(2, code);
        Assert.Contains("name a file", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_FilesThatCannotBeRead_AreNamedAndCountedOrLeftOut()
    {
        Assert.SkipUnless(SpngDecoder.IsAvailable, "libspng is not installed");
        string[] classes = ["cat", "dog", "gnu"];
        for (int i = 0; i < 60; i++)
        {
            byte[] file = TestPictures.Png(20 + (i % 7), 24, i);
            _ = _folder.Add($"photos/{(i < 36 ? "train" : "test")}/{classes[i % 3]}/{i}.png", i >= 52 ? file[..(file.Length / 2)] : file);
        }

        string photos = _folder.At("photos"), run = Path.Combine(_folder.Root, "run");
        (int code, string output, string errors) = Run(
            "train", "--data", Path.Combine(photos, "train"), "--val", "none", "--width", "0.1", "--size", "16", "--epochs", "1", "--batch", "12", "--run", run);
        Assert.True(code == 0, errors);
        (code, output, errors) = Run("evaluate", "--run", run, "--data", photos, "--view", "dense", "--classes", "--json");
        Assert.True(code == 0, errors);
        JsonElement counted = LastLine(output);
        Assert.Equal((24, 8), (counted.GetProperty("images").GetInt32(), counted.GetProperty("unreadable").GetInt32()));
        Assert.Equal(5, errors.Split('\n').Count(line => line.StartsWith("could not be read: ", StringComparison.Ordinal)));
        Assert.Contains("and 3 more", errors, StringComparison.Ordinal);
        Assert.Contains("8 of them could not be read and count as errors", errors, StringComparison.Ordinal);
        Assert.Equal(3, counted.GetProperty("classErrors").GetArrayLength());
        (code, output, errors) = Run("evaluate", "--run", run, "--data", photos, "--view", "dense", "--skip-unreadable", "--json");
        Assert.True(code == 0, errors);
        JsonElement skipped = LastLine(output);
        Assert.Equal((16, 8), (skipped.GetProperty("images").GetInt32(), skipped.GetProperty("unreadable").GetInt32()));
        Assert.Equal((counted.GetProperty("top1Error").GetDouble() * 24) - 800, skipped.GetProperty("top1Error").GetDouble() * 16, 1e-6);
        Assert.Contains("8 more could not be read and are left out", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_WrongUse_SaysWhatAndExitsWith2()
    {
        string run = Train("run", "1");
        Refused("choose center, 10-view or dense", "--view", "sideways");
        Refused("'x' is no number", "--scales", "16,x");
        Refused("--scales 1:", "--view", "dense", "--scales", "1");
        Refused("between 16, the crop, and", "--scales", "15");
        Refused("write one for each", "--weights", "1,2");
        Refused("0 does not fit; write a number above 0", "--weights", "0");
        Refused("does not fit", "--weights", "1e308");
        Refused("cannot be given with --save-scores", "--save-scores", "--skip-unreadable");

        void Refused(string sentence, params string[] options)
        {
            (int code, _, string errors) = Run(["evaluate", "--run", run, "--data", "builtin:10", .. options]);
            Assert.Equal(2, code);
            Assert.Contains(sentence, errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Evaluate_RealPhotosDense_Works()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CLOTHING") is { Length: > 0 }, "CLOTHING is not set: a folder with test/<class>/*.jpg");
        string from = Path.Combine(Environment.GetEnvironmentVariable("CLOTHING")!, "test");
        foreach (string group in Directory.EnumerateDirectories(from).Order(StringComparer.Ordinal))
        {
            foreach ((string file, int i) in Directory.EnumerateFiles(group).Order(StringComparer.Ordinal).Take(6).Select((file, i) => (file, i)))
            {
                _ = _folder.Add($"builtin-like/{(i < 4 ? "train" : "test")}/{Path.GetFileName(group)}/{Path.GetFileName(file)}", File.ReadAllBytes(file));
            }
        }

        string run = Path.Combine(_folder.Root, "run"), photos = _folder.At("builtin-like");
        (int code, string output, string errors) = Run(
            "train", "--data", Path.Combine(photos, "train"), "--val", "none", "--width", "0.1", "--size", "48", "--epochs", "1", "--batch", "10", "--run", run);
        Assert.True(code == 0, errors);
        (code, output, errors) = Run("evaluate", "--run", run, "--data", photos, "--view", "dense", "--scales", "48,60", "--json");
        Assert.True(code == 0, errors);
        Assert.Equal(20, LastLine(output).GetProperty("images").GetInt32());
    }

    private string Train(string name, string seed)
    {
        string run = Path.Combine(_folder.Root, name);
        (int code, _, string errors) = Run(
            "train", "--data", "builtin:40", "--val", "none", "--width", "0.1", "--size", "16", "--epochs", "1", "--batch", "20", "--seed", seed, "--run", run);
        Assert.True(code == 0, errors);
        return run;
    }
}
