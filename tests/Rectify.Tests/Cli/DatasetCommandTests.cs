using System.Text.Json;
using Rectify.Imaging;
using Rectify.Tests.Data;
using Rectify.Tests.Data.Checking;
using static Rectify.Tests.Cli.CommandRun;

namespace Rectify.Tests.Cli;

public sealed class DatasetCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Check_DamagedFolder_NamesItAllAndExitsWithOne()
    {
        NeedsCodecs();
        using DamagedFolder damaged = new();
        (int code, string output, string errors) = Run("dataset", "check", damaged.Root, "--size", "8");
        Assert.True(code == 1, errors);
        Assert.Contains("ERROR: the same photo in two classes (1); keep it", output, StringComparison.Ordinal);
        Assert.Contains("warning: extensions that say another format", output, StringComparison.Ordinal);
        Assert.Contains("both.png", output, StringComparison.Ordinal);
        Assert.Contains("not sound:", output, StringComparison.Ordinal);
        (code, output, errors) = Run("dataset", "check", damaged.Root, "--size", "8", "--json");
        Assert.True(code == 1, errors);
        JsonElement report = JsonDocument.Parse(output).RootElement;
        Assert.False(report.GetProperty("sound").GetBoolean());
        Assert.Equal(damaged.Planted.Count, report.GetProperty("findings").GetArrayLength());
        Assert.Contains(report.GetProperty("findings").EnumerateArray(), f => f.GetProperty("kind").GetString() == "sharedAcrossParts"
            && f.GetProperty("others")[0].GetString()!.EndsWith("seen.png", StringComparison.Ordinal));
    }

    [Fact]
    public void Train_Evaluate_OnPartsAndCsvAndStats_WorkTogether()
    {
        NeedsCodecs();
        Fill("set/train", 1, 8);
        Fill("set/validation", 50, 3);
        Fill("set/test", 80, 2);
        string run = _folder.At("run"), stats = _folder.At("stats.safetensors");
        (int code, string output, string errors) = Run("dataset", "check", _folder.At("set"), "--size", "8");
        Assert.True(code == 0, output + errors);
        (code, output, errors) = Run("dataset", "stats", _folder.At("set"), "--size", "16", "--out", stats, "--json");
        Assert.True(code == 0, errors);
        JsonElement told = JsonDocument.Parse(output).RootElement;
        Assert.Equal((16, "0..255"), (told.GetProperty("images").GetInt32(), told.GetProperty("scale").GetString()));
        Assert.Contains("255²", errors, StringComparison.Ordinal);

        string[] train = ["train", "--data", _folder.At("set"), "--size", "16", "--width", "0.1", "--epochs", "1", "--batch", "8", "--run"];
        (code, output, errors) = Run([.. train, run, "--stats", stats]);
        Assert.True(code == 0, errors);
        Assert.Contains($"training on {_folder.At("set/train")}, validating on {_folder.At("set/validation")}", output, StringComparison.Ordinal);
        Assert.Contains("16 training images, 6 for validation", output, StringComparison.Ordinal);
        (code, output, _) = Run("evaluate", "--run", run, "--data", _folder.At("set"), "--json", "--split", "test");
        Assert.Equal((0, 4), (code, JsonDocument.Parse(output).RootElement.GetProperty("images").GetInt32()));
        (code, output, _) = Run("evaluate", "--run", run, "--data", _folder.At("set"));
        Assert.Equal(0, code);
        Assert.Contains($"evaluating on {_folder.At("set/validation")}", output, StringComparison.Ordinal);

        // Another set's statistics, another crop's; a validation class that training does not have.
        (code, _, errors) = Run([.. train, _folder.At("run2"), "--stats", stats, "--val", "split"]);
        Assert.Equal(1, code);
        Assert.Contains("another data set", errors, StringComparison.Ordinal);
        (code, _, errors) = Run("train", "--data", _folder.At("set"), "--size", "32", "--stats", stats);
        Assert.Equal(1, code);
        Assert.Contains("--size 32", errors, StringComparison.Ordinal);
        _ = _folder.Add("set/validation/gnu/1.png", TestPictures.Png(16, 16, 99));
        (code, _, errors) = Run([.. train, _folder.At("run2")]);
        Assert.Equal(1, code);
        Assert.Contains("'gnu' that the network does not know", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.At("run2")));
    }

    [Fact]
    public void Resume_ValidationWithAClassThatTheRunDoesNotKnow_IsRefused()
    {
        NeedsCodecs();
        Fill("train", 1, 8);
        Fill("val", 50, 3);
        string run = _folder.At("run");
        (int code, _, string errors) = Run(
            "train", "--data", _folder.At("train"), "--val", _folder.At("val"), "--size", "16", "--width", "0.1", "--epochs", "2", "--batch", "8", "--run", run);
        Assert.True(code == 0, errors);

        string recipe = File.ReadAllText(Path.Combine(run, "recipe.json"));
        File.WriteAllText(Path.Combine(run, "recipe.json"), recipe.Replace("\"epochs\": 2", "\"epochs\": 3", StringComparison.Ordinal));
        Directory.Delete(_folder.At("val/cat"), recursive: true);
        _ = _folder.Add("val/aardvark/1.png", TestPictures.Png(16, 16, 70));
        (code, _, errors) = Run("train", "--resume", run);
        Assert.Equal(1, code);
        Assert.Contains("'aardvark' that the network does not know", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dataset check builtin", 2, "built-in")]
    [InlineData("dataset check does-not-exist", 1, "does-not-exist")]
    [InlineData("dataset check . --workers 0", 2, "--workers")]
    [InlineData("dataset check", 2, "Required argument")]
    [InlineData("dataset stats does-not-exist", 1, "does-not-exist")]
    [InlineData("dataset stats builtin:20 --samples 0", 2, "--samples")]
    [InlineData("train --stats does-not-exist", 1, "does-not-exist")]
    [InlineData("evaluate --run x --split all", 2, "--split all")]
    public void Run_WrongUse_SaysOneSentence(string line, int expected, string word)
    {
        (int code, _, string errors) = Run(line.Split(' '));
        Assert.True(code == expected, $"exit code {code}: {errors}");
        Assert.Contains(word, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Stats_Builtin_AreAcceptedByTrain()
    {
        string stats = _folder.At("made/s");
        (int code, string output, string errors) = Run("dataset", "stats", "builtin:100", "--size", "16", "--out", stats);
        Assert.True(code == 0, errors);
        Assert.Contains("100 of 100 training images read", output, StringComparison.Ordinal);
        string[] train = ["train", "--size", "16", "--width", "0.1", "--epochs", "1", "--batch", "20", "--val", "none", "--stats", stats];
        (code, _, errors) = Run([.. train, "--data", "builtin:100", "--run", _folder.At("run")]);
        Assert.True(code == 0, errors);
        (code, _, errors) = Run([.. train, "--data", "builtin:99", "--run", _folder.At("other")]);
        Assert.Equal(1, code);
        Assert.Contains("another data set", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_OfDatasetVerbs_HasExamples()
    {
        foreach (string[] verb in (string[][])[["dataset"], ["dataset", "check"], ["dataset", "stats"]])
        {
            (int code, string output, _) = Run([.. verb, "--help"]);
            Assert.Equal(0, code);
            Assert.Contains("Example: rectify dataset", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Pack_PartsWithAnUnreadablePicture_NamesItAndTrainsOnThePack()
    {
        NeedsCodecs();
        Fill("set/train", 1, 8);
        Fill("set/validation", 50, 3);
        string pack = _folder.At("pack");
        (int code, string output, string errors) = Run("dataset", "pack", _folder.At("set"), "--out", pack, "--format", "raw", "--scale", "12", "--json");
        Assert.True(code == 0, errors);
        JsonElement report = JsonDocument.Parse(output).RootElement;
        Assert.Equal((22, 2, 0), (report.GetProperty("images").GetInt32(), report.GetProperty("shards").GetInt32(), report.GetProperty("unreadable").GetArrayLength()));
        string run = _folder.At("run");
        (code, output, errors) = Run(
            "train", "--data", pack, "--size", "16", "--width", "0.1", "--epochs", "1", "--batch", "8", "--scale", "20", "--colour", "0.1", "--run", run);
        Assert.True(code == 0, errors);
        Assert.Contains($"training on {Path.Combine(pack, "train")}, validating on {Path.Combine(pack, "validation")}", output, StringComparison.Ordinal);
        Assert.Contains("16 training images, 6 for validation", output, StringComparison.Ordinal);
        JsonElement augmentation = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "recipe.json"))).RootElement.GetProperty("augmentation");
        Assert.Equal((20, 20), (augmentation.GetProperty("scaleMin").GetInt32(), augmentation.GetProperty("scaleMax").GetInt32()));
        Assert.Equal(0.1, augmentation.GetProperty("colourSigma").GetDouble());
        Assert.True(File.Exists(Path.Combine(run, "data.stats.safetensors")));
        (code, output, errors) = Run("dataset", "check", pack, "--size", "8");
        Assert.True(code == 0, output + errors);

        _ = _folder.Add("set/train/cat/3.png", 1, 2, 3);
        (code, _, errors) = Run("dataset", "pack", _folder.At("set"), "--out", _folder.At("pack2"));
        Assert.Equal(1, code);
        Assert.Contains(_folder.At("set/train/cat/3.png"), errors, StringComparison.Ordinal);
        Assert.Contains("1 of 16 pictures could not be read", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train --scale 10,x", "--scale 10,x")]
    [InlineData("train --size 224 --scale 200,512", "--scale 200,512")]
    [InlineData("train --colour -1", "--colour -1")]
    [InlineData("train --mean image", "--mean image")]
    [InlineData("dataset pack nowhere --out x --format gif", "--format gif")]
    [InlineData("dataset pack nowhere --out x --scale 0", "--scale 0")]
    [InlineData("dataset pack builtin --out x", "built-in")]
    public void Options_OutOfRange_AreOneSentence(string line, string words)
    {
        (int code, _, string errors) = Run(line.Split(' '));
        Assert.True(code == 2, errors);
        Assert.Contains(words, errors, StringComparison.Ordinal);
    }

    private void Fill(string root, int variant, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _ = _folder.Add($"{root}/cat/{i}.png", TestPictures.Png(16, 16, variant + i)).Add($"{root}/dog/{i}.png", TestPictures.Png(17, 16, variant + i));
        }
    }

    private static void NeedsCodecs() =>
        Assert.SkipUnless(TurboJpegDecoder.IsAvailable && SpngDecoder.IsAvailable, "libturbojpeg or libspng is not installed: eng/setup.sh");
}
