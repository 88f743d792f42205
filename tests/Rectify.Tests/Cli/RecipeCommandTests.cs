using System.Text.Json;
using Rectify.Imaging;
using Rectify.Tests.Data;
using Rectify.Training;
using static Rectify.Tests.Cli.CommandRun;

namespace Rectify.Tests.Cli;

public sealed class RecipeCommandTests
{
    private static readonly string[] Small = ["--data", "builtin:60", "--val", "builtin:20", "--width", "0.1", "--size", "16", "--batch", "20", "--lr", "1e-4"];

    [Fact]
    public void Inspect_PaperAsJson_HasEveryNumberOfThePaper()
    {
        JsonElement paper = Json("inspect", "--recipe", "paper", "--json");
        Assert.Equal((128, 0.9, 0.0005, 0.5), (Int(paper, "batch"), Double(paper, "momentum"), Double(paper, "weightDecay"), Double(paper, "dropout")));
        Assert.Equal([0.01, 0.001, 0.0001], Doubles(paper, "learningRates").Select(rate => Math.Round(rate, 10)));
        Assert.Equal((256, 512, 224, 80), (Int(paper, "scaleMin"), Int(paper, "scaleMax"), Int(paper, "crop"), Int(paper, "epochs")));
        Assert.Equal("he-out", paper.GetProperty("init").GetString());
        Assert.Equal([0.01, 0.01, 0.001], Doubles(paper, "fcStd"));
        Assert.Contains(paper.GetProperty("notStatedInPaper").EnumerateArray(), name => name.GetString() == "patience");
        Assert.Empty(paper.GetProperty("changed").EnumerateArray());
        JsonElement small = Json("inspect", "--recipe", "paper", "--model", "small14", "--json");
        Assert.Equal((256, 256, 75), (Int(small, "scaleMin"), Int(small, "scaleMax"), Int(small, "epochs")));
    }

    [Fact]
    public void Inspect_Cifar_SetsThePapersValuesBeside()
    {
        (int code, string output, string errors) = Run("inspect", "--recipe", "cifar");
        Assert.True(code == 0, errors);
        Assert.Matches("crop +32 +changed \\(the paper: 224\\)", output);
        Assert.Matches("batch +128 +the paper's +section 3", output);
        Assert.Matches("seed +1 +not stated in the paper", output);
    }

    [Fact]
    public void Train_RecipeOfARun_RepeatsItToTheBit()
    {
        using TemporaryFolder folder = new();
        Succeed(["train", .. Small, "--epochs", "3", "--lr-plateau", "1", "--lr-gain", "100", "--freeze", "conv2_*", "--seed", "7", "--run", folder.At("first")]);
        Succeed(["train", "--recipe", folder.At("first/recipe.json"), "--threads", "1", "--run", folder.At("second")]);
        foreach (string file in (string[])["last.safetensors", "last.state.safetensors", "best.safetensors"])
        {
            Assert.True(File.ReadAllBytes(folder.At($"first/checkpoints/{file}")).AsSpan().SequenceEqual(File.ReadAllBytes(folder.At($"second/checkpoints/{file}"))), file);
        }

        Recipe recipe = Recipe.Load(folder.At("second/recipe.json"));
        Assert.Equal((7ul, 1), (recipe.Training.Seed, recipe.Training.Plateau!.Patience));
        Assert.Contains("--recipe", recipe.Command);
        string[] log = [.. File.ReadAllLines(folder.At("first/log.jsonl")).Where(line => line.Contains("\"kind\":\"rate\"", StringComparison.Ordinal))];
        JsonElement drop = JsonDocument.Parse(Assert.Single(log)).RootElement;
        Assert.Equal((2, 6, 1e-4, 1e-5), (Int(drop, "epoch"), Int(drop, "step"), Double(drop, "from"), Math.Round(Double(drop, "to"), 12)));

        // What is written beside it overrides it, and the rest stays.
        Succeed(["train", "--recipe", folder.At("first/recipe.json"), "--epochs", "1", "--run", folder.At("third")]);
        recipe = Recipe.Load(folder.At("third/recipe.json"));
        Assert.Equal((1, 20, 0.1), (recipe.Training.Epochs, recipe.Training.BatchSize, recipe.Width));
    }

    [Fact]
    public void Train_OptionsBesideANamedRecipe_OverrideIt()
    {
        using TemporaryFolder folder = new();
        Succeed(["train", "--recipe", "paper", .. Small, "--model", "small14", "--epochs", "1", "--run", folder.At("run")]);
        Recipe recipe = Recipe.Load(folder.At("run/recipe.json"));
        Assert.Equal(("small14", 0.1, 16, 1, 1e-4), (recipe.Model, recipe.Width, recipe.Size, recipe.Training.Epochs, recipe.Training.LearningRate));
        Assert.Equal(new PlateauOptions(), recipe.Training.Plateau);
    }

    [Fact]
    public void Train_FinetuneFromARun_TakesItsNetworkAndListsWhatIsDrawnAnew()
    {
        Assert.SkipUnless(SpngDecoder.IsAvailable, "libspng is not installed");
        using TemporaryFolder folder = new();
        Succeed(["train", .. Small, "--epochs", "1", "--run", folder.At("first")]);
        string[] classes = ["ant", "bee"];
        foreach (int i in Enumerable.Range(0, 40))
        {
            _ = folder.Add($"photos/{classes[i % 2]}/{i}.png", TestPictures.Png(20, 20, i));
        }

        string[] tune = ["train", "--recipe", "finetune", "--from", folder.At("first"), "--data", folder.At("photos"), "--epochs", "1", "--batch", "10", "--freeze", "conv1"];
        string output = Succeed([.. tune, "--run", folder.At("second")]);
        Assert.Contains("drawn anew: fc3.weight, fc3.bias: its classes are others", output, StringComparison.Ordinal);
        Recipe recipe = Recipe.Load(folder.At("second/recipe.json"));
        Assert.Equal((0.1, 16, 0.001, "conv1"), (recipe.Width, recipe.Size, recipe.Training.LearningRate, recipe.Training.Freeze.Single()));
        Assert.Equal(folder.At("first/checkpoints/best.safetensors"), recipe.From);

        // It repeats to the bit too, and refuses other weights in the same place.
        Succeed(["train", "--recipe", folder.At("second/recipe.json"), "--run", folder.At("third")]);
        Assert.Equal(File.ReadAllBytes(folder.At("second/checkpoints/last.safetensors")), File.ReadAllBytes(folder.At("third/checkpoints/last.safetensors")));
        File.Copy(folder.At("second/checkpoints/last.safetensors"), recipe.From, overwrite: true);
        (int code, _, string errors) = Run("train", "--recipe", folder.At("second/recipe.json"), "--run", folder.At("fourth"));
        Assert.Equal(1, code);
        Assert.Contains("has changed since", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.At("fourth")));
    }

    [Fact]
    public void Train_FindLr_WritesTheCurveAndLeavesNoRun()
    {
        using TemporaryFolder folder = new();
        (int code, string output, string errors) = Run(
            "train", "--data", "builtin:200", "--val", "none", "--width", "0.1", "--size", "16", "--batch", "10", "--find-lr", folder.At("made/curve.csv"), "--json");
        Assert.True(code == 0, errors);
        JsonElement found = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
        string[] lines = File.ReadAllLines(folder.At("made/curve.csv"));
        Assert.Equal("rate,loss,smoothed", lines[0]);
        Assert.Equal(lines.Length - 1, found.GetProperty("points").GetArrayLength());
        Assert.True(found.GetProperty("ranAway").GetBoolean());
        Assert.Contains("ran away at a rate of", errors, StringComparison.Ordinal);
        Assert.Equal([folder.At("made/curve.csv")], Directory.EnumerateFiles(folder.Root, "*", SearchOption.AllDirectories));
    }

    public static TheoryData<string, int, string> WrongUses() => new()
    {
        { "train --recipe papr", 2, "paper, cifar, finetune" },
        { "train --recipe finetune", 2, "--from RUN" },
        { "train --recipe paper --model resnet", 2, "resnet" },
        { "train --from no-such-run", 1, "no-such-run" },
        { "train --from no-such.safetensors", 1, "no such file" },
        { "train --freeze conv77 --data builtin:200", 2, "conv77" },
        { "train --freeze conv1,,conv2_1 --data builtin:200", 2, "--freeze" },
        { "train --freeze * --data builtin:200", 2, "nothing would be learned" },
        { "train --lr-plateau 0", 2, "--lr-plateau 0" },
        { "train --lr-plateau soon", 2, "as a whole number" },
        { "train --lr-plateau --lr-drop 3", 2, "--lr-drop cannot be given" },
        { "train --lr-gain 1", 2, "add --lr-plateau" },
        { "train --lr-plateau --lr-gain -1", 2, "--lr-gain -1" },
        { "train --lr-plateau --val none --data builtin:200", 2, "--val" },
        { "train --find-lr --lr 1", 2, "--lr cannot be given with --find-lr" },
        { "train --find-lr x.csv --run y", 2, "--run" },
        { "train --find-lr x.csv --no-events", 2, "--no-events" },
        { "train --resume x --find-lr", 2, "--find-lr" },
        { "train --resume x --recipe paper", 2, "--recipe" },
        { "inspect --recipe paper --width 2", 2, "--width" },
        { "inspect --recipe no-such-file.json", 2, "no-such-file.json" },
    };

    [Theory]
    [MemberData(nameof(WrongUses))]
    public void Run_WrongUse_SaysOneSentenceAndNoStackTrace(string line, int expected, string word)
    {
        (int code, _, string errors) = Run(line.Split(' '));
        Assert.True(code == expected, $"exit code {code}: {errors}");
        Assert.Contains(word, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private static string Succeed(params string[] arguments)
    {
        (int code, string output, string errors) = Run(arguments);
        Assert.True(code == 0, errors);
        return output;
    }

    private static JsonElement Json(params string[] arguments) => JsonDocument.Parse(Succeed(arguments).TrimEnd().Split('\n')[^1]).RootElement;

    private static int Int(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static double Double(JsonElement element, string name) => element.GetProperty(name).GetDouble();

    private static double[] Doubles(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(each => each.GetDouble())];
}
