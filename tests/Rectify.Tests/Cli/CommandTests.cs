using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rectify.Tests.Data;
using static Rectify.Tests.Cli.CommandRun;

namespace Rectify.Tests.Cli;

public sealed class CommandTests
{
    [Fact]
    public void Train_Evaluate_Inspect_WorkTogether()
    {
        using TemporaryFolder folder = new();
        string run = Path.Combine(folder.Root, "run");
        (int code, string output, string errors) = Run(
            "train", "--data", "builtin:200", "--val", "builtin:50", "--width", "0.1", "--size", "16", "--epochs", "2", "--batch", "20", "--run", run, "--json");
        Assert.True(code == 0, errors);
        JsonElement trained = LastLine(output);
        Assert.Equal(run, trained.GetProperty("run").GetString());
        Assert.Equal(2, trained.GetProperty("epochs").GetInt32());
        Assert.InRange(trained.GetProperty("top1Error").GetDouble(), 0, 100);
        Assert.True(trained.GetProperty("imagesPerSecond").GetDouble() > 0);
        Assert.True(trained.GetProperty("seconds").GetDouble() > 0);
        foreach (string file in (string[])["recipe.json", "log.jsonl", "checkpoints/last.safetensors", "checkpoints/last.state.safetensors", "checkpoints/best.safetensors"])
        {
            Assert.True(File.Exists(Path.Combine(run, file)), file);
        }

        Assert.Equal(22, File.ReadAllLines(Path.Combine(run, "log.jsonl")).Count(line => JsonDocument.Parse(line).RootElement.TryGetProperty("kind", out _)));
        Assert.Single(Directory.EnumerateFiles(run, "events.out.tfevents.*"));
        (code, string table, errors) = Run("inspect", "--run", run, "--csv");
        Assert.True(code == 0, errors);
        Assert.Equal(23, table.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(0, Run("inspect", "--run", run, "--csv", folder.At("log.csv")).Code);
        Assert.Equal(table, File.ReadAllText(folder.At("log.csv")));
        Assert.Equal(table, Run("inspect", "--run", run, "--csv", "-").Output);
        Assert.Equal(2, Run("inspect", "--run", run, "--csv", "--slopes").Code);
        Assert.Contains("name the run with --run", Run("inspect", "--csv").Errors, StringComparison.Ordinal);
        (code, output, errors) = Run("evaluate", "--run", run, "--data", "builtin:50", "--checkpoint", "last", "--json");
        Assert.True(code == 0, errors);
        JsonElement evaluated = LastLine(output);
        Assert.Equal(50, evaluated.GetProperty("images").GetInt32());
        Assert.Equal(trained.GetProperty("top1Error").GetDouble(), evaluated.GetProperty("top1Error").GetDouble());
        Assert.Equal(trained.GetProperty("top5Error").GetDouble(), evaluated.GetProperty("top5Error").GetDouble());

        (code, _, errors) = Run("evaluate", "--run", run, "--split", "test");
        Assert.Equal(2, code);
        Assert.Contains("--split is for a folder with parts", errors, StringComparison.Ordinal);
        (code, output, errors) = Run("inspect", "--run", run, "--json");
        Assert.True(code == 0, errors);
        Assert.Equal(trained.GetProperty("parameters").GetInt64(), LastLine(output).GetProperty("parameters").GetInt64());

        (code, output, errors) = Run("inspect", "--run", run, "--slopes", "--json");
        Assert.True(code == 0, errors);
        JsonElement[] slopes = [.. LastLine(output).GetProperty("learnedSlopes").EnumerateArray()];
        Assert.Equal(13, slopes.Length);
        Assert.Equal("conv1.rectifier", slopes[0].GetProperty("name").GetString());
        Assert.InRange(slopes[0].GetProperty("mean").GetDouble(), slopes[0].GetProperty("least").GetDouble(), slopes[0].GetProperty("most").GetDouble());
        Assert.NotEqual(slopes[0].GetProperty("least").GetDouble(), slopes[0].GetProperty("most").GetDouble());
        Assert.Contains("conv1.rectifier", errors, StringComparison.Ordinal);

        (code, _, errors) = Run("train", "--data", "builtin:200", "--run", run);
        Assert.Equal(1, code);
        Assert.Contains(run, errors, StringComparison.Ordinal);
        (code, output, _) = Run("train", "--resume", run);
        Assert.Equal(0, code);
        Assert.Contains("complete", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lsuv")]
    [InlineData("orthogonal")]
    public void Train_OtherInitializations_Work(string scheme)
    {
        using TemporaryFolder folder = new();
        string run = Path.Combine(folder.Root, "run");
        (int code, _, string errors) = Run(
            "train", "--data", "builtin:40", "--val", "none", "--width", "0.1", "--size", "16", "--epochs", "1", "--batch", "20", "--init", scheme, "--run", run, "--no-events");
        Assert.True(code == 0, errors);
        Assert.Empty(Directory.EnumerateFiles(run, "events.out.tfevents.*"));
    }

    [Fact]
    public void Diagnose_ThirtyLayersWithXavier_SaysThatTheyStall()
    {
        string[] line = ["diagnose", "--model", "small30", "--activation", "relu", "--width", "0.25", "--images", "32"];
        (int code, string output, string errors) = Run([.. line, "--init", "xavier", "--json"]);
        Assert.True(code == 0, errors);
        JsonElement found = LastLine(output);
        Assert.Equal("vanishing", found.GetProperty("verdict").GetString());
        Assert.InRange(found.GetProperty("forwardGain").GetDouble(), 1e-7, 1e-4);
        Assert.InRange(found.GetProperty("backwardGain").GetDouble(), 1e-7, 1e-5);
        JsonElement[] layers = [.. found.GetProperty("layers").EnumerateArray()];
        Assert.Equal(30, layers.Length);
        Assert.Equal("conv1", layers[0].GetProperty("name").GetString());
        Assert.Equal(27, layers[0].GetProperty("fanIn").GetInt32());
        Assert.Equal(JsonValueKind.Null, layers[0].GetProperty("measuredBackward").ValueKind);
        foreach (string name in (string[])["fanOut", "std", "heStd", "predictedForward", "measuredForward", "predictedBackward", "measuredBackward", "deadShare"])
        {
            Assert.True(layers[9].GetProperty(name).GetDouble() > 0, name);
        }

        Assert.Contains("stalls: the gradient reaching conv1 is", errors, StringComparison.Ordinal);
        Assert.Contains("use --init he-out", errors, StringComparison.Ordinal);
        (code, output, errors) = Run([.. line, "--compare", "he-out,xavier", "--json"]);
        Assert.True(code == 0, errors);
        Assert.Equal(["healthy", "vanishing"], LastLine(output).GetProperty("comparison").EnumerateArray().Select(each => each.GetProperty("verdict").GetString()));
    }

    [Fact]
    public void Train_SignalThatFades_WarnsAndDiagnoseOfTheRunSaysWhy()
    {
        using TemporaryFolder folder = new();
        string run = folder.At("run");
        (int code, _, string errors) = Run(
            "train", "--data", "builtin:900", "--val", "none", "--width", "0.1", "--size", "16", "--epochs", "1", "--batch", "10", "--init", "fixed:0.005", "--run", run);
        Assert.True(code == 0, errors);
        Assert.Single(errors.Split('\n'), line => line.StartsWith("Warning: after 81 steps the loss is still 2.30", StringComparison.Ordinal));
        Assert.Single(File.ReadAllLines(Path.Combine(run, "log.jsonl")), line => line.Contains("\"kind\":\"warning\"", StringComparison.Ordinal));
        (code, string output, errors) = Run("diagnose", "--run", run, "--checkpoint", "last", "--json");
        Assert.True(code == 0, errors);
        Assert.Equal("vanishing", LastLine(output).GetProperty("verdict").GetString());
        Assert.Contains("train it anew with --init he-out", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_ModelC_GivesTable3()
    {
        (int code, string output, _) = Run("inspect", "--model", "c", "--activation", "prelu-shared", "--json");
        Assert.Equal(0, code);
        JsonElement c = LastLine(output);
        Assert.InRange(c.GetProperty("multiplyAdds").GetInt64(), 5.30e10 * 0.99, 5.30e10 * 1.01);
        Assert.Equal(21, c.GetProperty("slopes").GetInt64());
        JsonElement spp = c.GetProperty("layers").EnumerateArray().Single(layer => layer.GetProperty("name").GetString() == "spp");
        Assert.Equal([63, 1, 896], spp.GetProperty("output").EnumerateArray().Select(d => d.GetInt32()));
    }

    [Fact]
    public void Inspect_PlanAndOptimizer_ListStepsAndGroups()
    {
        (int code, string output, _) = Run("inspect", "--model", "small14", "--size", "32", "--plan");
        Assert.Equal(0, code);
        Assert.Contains("conv3_6", output, StringComparison.Ordinal);
        Assert.Contains("blocked-", output, StringComparison.Ordinal);
        (code, output, _) = Run("inspect", "--model", "small14", "--optimizer");
        Assert.Equal(0, code);
        Assert.Contains("slope: never", output, StringComparison.Ordinal);
        Assert.Contains("0.0005", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_Exact_IsKeptInTheRecipe()
    {
        using TemporaryFolder folder = new();
        string run = Path.Combine(folder.Root, "run");
        (int code, _, string errors) = Run(
            "train", "--data", "builtin:40", "--val", "none", "--width", "0.1", "--size", "16", "--epochs", "1", "--batch", "20", "--run", run, "--exact");
        Assert.True(code == 0, errors);
        Assert.Contains("\"kernels\": \"exact\"", File.ReadAllText(Path.Combine(run, "recipe.json")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("forward")]
    [InlineData("backward-data")]
    [InlineData("backward-filter")]
    public void BenchConv_AnyPass_MeasuresWinogradAndBlocked(string pass)
    {
        (int code, string output, string errors) = Run("bench", "conv", "--shape", "1,6,6,16,16", "--pass", pass, "--repeats", "1", "--json");
        Assert.True(code == 0, errors);
        JsonElement[] kernels = [.. LastLine(output).GetProperty("kernels").EnumerateArray()];
        Assert.All(kernels, kernel => Assert.True(kernel.GetProperty("gigaflops").GetDouble() > 0));
        Assert.Contains(kernels, kernel => kernel.GetProperty("name").GetString()!.StartsWith("blocked-", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--only", "spp", "--batch", "1")]
    [InlineData("--fc", "2,33,17", "--processor-time")]
    public void BenchMemory_Measures(params string[] options)
    {
        (int code, string output, string errors) = Run(["bench", "memory", "--repeats", "1", "--json", .. options]);
        Assert.True(code == 0, errors);
        JsonElement[] kernels = [.. LastLine(output).GetProperty("kernels").EnumerateArray()];
        Assert.True(kernels.Length >= 2);
        Assert.All(kernels, kernel => Assert.True(kernel.GetProperty("bytes").GetInt64() > 0));
    }

    public static TheoryData<string, int, string> WrongUses() => new()
    {
        { "train --data does-not-exist", 1, "does-not-exist" },
        { "train --lr nan", 2, "--lr" },
        { "train --lr abc", 2, "as a number" },
        { "train --seed -1", 2, "at least 0" },
        { "train --epochs 1.5", 2, "as a whole number" },
        { "train --width wide", 2, "as a number" },
        { "train --dropout half", 2, "as a number" },
        { "train --epochs 0", 2, "--epochs" },
        { "train --batch 100 --data builtin:50", 2, "100" },
        { "train --activation gelu", 2, "gelu" },
        { "train --init fixed:-1", 2, "fixed:-1" },
        { "train --model resnet", 2, "resnet" },
        { "train --width 0", 2, "--width" },
        { "train --size 4", 2, "--size" },
        { "train --max-isa 1024", 2, "--max-isa" },
        { "train --threads 0", 2, "--threads" },
        { "train --data builtin:x", 2, "builtin:x" },
        { "train --lr-drop a,b", 2, "--lr-drop" },
        { "train --resume no-such-run", 1, "no-such-run" },
        { "train --resume x --epochs 3", 2, "--epochs" },
        { "train --resume x --run y", 2, "--run" },
        { "train --dropout 7", 2, "--dropout" },
        { "train --workers 100000", 2, "--workers" },
        { "evaluate --run no-such-run", 1, "no-such-run" },
        { "evaluate", 2, "--run" },
        { "evaluate --run x --batch 0", 2, "--batch" },
        { "predict a.jpg", 2, "--run" },
        { "predict --run no-such-run a.jpg", 1, "no-such-run" },
        { "predict --run x --top 0 a.jpg", 2, "--top" },
        { "predict --run x --batch 0 a.jpg", 2, "--batch" },
        { "predict --run x --checkpoint worst a.jpg", 2, "worst" },
        { "predict --run x a.jpg -", 2, "stands alone" },
        { "train --changed-data", 2, "--resume NAME" },
        { "diagnose --model nothing", 2, "nothing" },
        { "diagnose --init good", 2, "good" },
        { "diagnose --activation gelu", 2, "gelu" },
        { "diagnose --compare he-out,worse", 2, "worse" },
        { "diagnose --compare ,", 2, "--compare ," },
        { "diagnose --compare he-out --init xavier", 2, "--init cannot be given with --compare" },
        { "diagnose --run x --init xavier", 2, "--init cannot be given with --run" },
        { "diagnose --run no-such-run", 1, "no-such-run" },
        { "diagnose --checkpoint last", 2, "--checkpoint is a run's" },
        { "diagnose --checkpoint worst", 2, "worst" },
        { "diagnose --images 4", 2, "--images 4" },
        { "diagnose --lr 0", 2, "--lr 0" },
        { "diagnose --size 4", 2, "--size" },
        { "diagnose --width 0", 2, "--width" },
        { "diagnose --data does-not-exist", 1, "does-not-exist" },
        { "inspect --model nothing", 2, "nothing" },
        { "inspect --model a --run x", 2, "--model cannot be given with --run" },
        { "inspect --run x --size 64", 2, "--size" },
        { "inspect --plan --optimizer", 2, "one at a time" },
        { "inspect --batch 4", 2, "add --plan" },
        { "inspect --slopes", 2, "--run" },
        { "inspect --run x --slopes --optimizer", 2, "one at a time" },
        { "inspect --classes 2000000", 2, "between 2 and 1048576" },
        { "inspect --plan --batch -5", 2, "between 1 and 65536 images" },
        { "reproduce theory --seeds 5", 2, "theory trains none" },
        { "bench gemm --size 17", 2, "--size" },
        { "bench conv --shape 1,2,3", 2, "--shape 1,2,3" },
        { "bench conv --shape 1,2,2,16,16,5", 2, "padded map" },
        { "bench conv --pass sideways", 2, "sideways" },
        { "bench memory --batch 0", 2, "--batch 0" },
        { "bench memory --fc 1,2", 2, "--fc 1,2" },
        { "bench memory --only nothing", 2, "--only nothing" },
        { "dance", 2, "dance" },
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

    [Fact]
    public void Train_ThatCannotBegin_LeavesNoFolder()
    {
        using TemporaryFolder folder = new();
        (int code, _, string errors) = Run("train", "--data", "builtin:40", "--batch", "2000000000", "--run", folder.At("run"));
        Assert.True(code == 2, errors);
        (code, _, errors) = Run("train", "--data", "builtin:100", "--lr", "1e30", "--batch", "10", "--width", "0.1", "--run", folder.At("diverged"));
        Assert.True(code == 1, errors);
        Assert.False(Directory.Exists(folder.At("run")));
    }

    // Nothing of it waits for the next flush, which never comes.
    [Fact]
    public void Train_ThatDiverges_KeepsTheLogToTheLastStep()
    {
        using TemporaryFolder folder = new();
        (int code, _, string errors) = Run(
            "train", "--data", "builtin:200", "--lr", "5", "--batch", "10", "--width", "0.1", "--val", "none", "--epochs", "50", "--run", folder.At("run"));
        Assert.True(code == 1, errors);
        Match at = Regex.Match(errors, @"at step (\d+)");
        Assert.True(at.Success, errors);
        string[] lines = File.ReadAllLines(Path.Combine(folder.At("run"), "log.jsonl"));
        Assert.Equal(int.Parse(at.Groups[1].Value, CultureInfo.InvariantCulture) - 1, lines.Count(line => line.Contains("\"step\",\"epoch\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Train_FolderThatIsEmpty_SaysSo()
    {
        using TemporaryFolder folder = new();
        (int code, _, string errors) = Run("train", "--data", folder.Root);
        Assert.Equal(1, code);
        Assert.Contains(folder.Root, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_OfEveryVerb_HasAnExample()
    {
        foreach (string verb in (string[])["train", "evaluate", "predict", "diagnose", "inspect", "bench"])
        {
            (int code, string output, _) = Run(verb, "--help");
            Assert.Equal(0, code);
            Assert.Contains("Example: rectify", output, StringComparison.Ordinal);
        }
    }
}
