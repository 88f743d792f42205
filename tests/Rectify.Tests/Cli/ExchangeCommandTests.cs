using System.Text.Json;
using Rectify.Evaluation;
using Rectify.Formats;
using Rectify.Onnx.Messages;
using Rectify.Tests.Data;
using Rectify.Tests.Evaluation;
using Rectify.Tests.Inference;
using Rectify.Tests.Training;
using static Rectify.Tests.Cli.CommandRun;

namespace Rectify.Tests.Cli;

public sealed class ExchangeCommandTests
{
    [Fact]
    public void Import_WeightsOfTorchvision_MakesARunThatOtherVerbsTake()
    {
        using TemporaryFolder folder = new();
        string weights = TorchvisionTwin.Of("vgg16").Write(folder.At("vgg16.safetensors")), run = folder.At("run");
        File.WriteAllLines(folder.At("words.txt"), Enumerable.Range(0, 10).Select(i => $"n0000000{i} thing {i}, object"));
        (int code, string output, string errors) = Run(
            "import", weights, "--model", "vgg16", "--width", "0.0625", "--size", "64", "--classes", folder.At("words.txt"), "--run", run, "--json");
        Assert.True(code == 0, errors);
        Assert.Equal((run, "torchvision", 32, 10), (
            LastLine(output).GetProperty("run").GetString(),
            LastLine(output).GetProperty("names").GetString(),
            LastLine(output).GetProperty("tensors").GetInt32(),
            LastLine(output).GetProperty("classes").GetInt32()));
        Assert.Contains("(x/255 − [0.485,0.456,0.406])/[0.229,0.224,0.225]", errors, StringComparison.Ordinal);
        Assert.Contains("n00000003 thing 3", File.ReadAllText(Path.Combine(run, "synset_words.txt")), StringComparison.Ordinal);
        (code, output, errors) = Run("inspect", "--run", run);
        Assert.True(code == 0, errors);
        Assert.Contains("conv5_3", output, StringComparison.Ordinal);
        (code, output, errors) = Run("diagnose", "--run", run, "--data", "builtin:20", "--json");
        Assert.True(code is 0 or 1, errors);

        // There and back: what is exported is what came, but for the preprocessing, which stays folded.
        (code, _, errors) = Run("export", "--run", run, "--format", "safetensors", "--names", "torchvision", "--out", folder.At("back.safetensors"));
        Assert.True(code == 0, errors);
        using SafetensorsFile before = SafetensorsFile.Open(weights), after = SafetensorsFile.Open(folder.At("back.safetensors"));
        Assert.Equal(Described(before), Described(after));
        Assert.Equal(Read(before, "classifier.0.weight"), Read(after, "classifier.0.weight"));
        Assert.NotEqual(Read(before, "features.0.weight"), Read(after, "features.0.weight"));
        Assert.Equal(0, Run("import", folder.At("back.safetensors"), "--run", folder.At("again")).Code);
        Assert.Equal(1, Run("import", weights, "--model", "vgg16", "--width", "0.0625", "--size", "64", "--run", run).Code);
    }

    [Fact]
    public void Export_Run_WritesEachFormat()
    {
        using TinyRun tiny = new();
        string At(string name) => tiny.Folder.At(name);
        (int code, string output, string errors) = Run("export", "--run", tiny.Path, "--format", "onnx", "--out", At("deep/net.onnx"), "--verify", "--json");
        Assert.True(code == 0, errors);
        Assert.InRange(LastLine(output).GetProperty("largestDifference").GetDouble(), 0, 1e-4);
        Assert.Equal(At("deep/net.onnx"), LastLine(output).GetProperty("files")[0].GetString());
        Assert.Equal("pixels", OnnxFile.Read(At("deep/net.onnx")).Graph.Inputs[0].Name);
        Assert.Equal(0, Run("export", "--run", tiny.Path, "--format", "npy", "--out", At("mean.npy")).Code);
        NpyArray mean = NpyFile.Read(At("mean.npy"));
        Assert.Equal([TinyRun.Crop, TinyRun.Crop, 3], mean.Dimensions);
        Assert.Equal(TinyRun.Mean.Values.ToArray(), mean.ToFloats());
        Assert.Equal(0, Run("export", "--run", tiny.Path, "--format", "safetensors", "--out", At("w.safetensors")).Code);
        (code, _, errors) = Run("import", At("w.safetensors"), "--run", At("copy"), "--mean", At("mean.npy"));
        Assert.True(code == 0, errors);
        Assert.Equal(0, Run("export", "--run", At("copy"), "--format", "npy", "--out", At("again.npy")).Code);
        Assert.Equal(File.ReadAllBytes(At("mean.npy")), File.ReadAllBytes(At("again.npy")));

        File.WriteAllText(Path.Combine(tiny.Path, "log.jsonl"), "{\"kind\":\"step\",\"step\":1,\"loss\":2.5}\n{\"kind\":\"epoch\",\"epoch\":1}\n{\"kind\":\"st");
        (code, output, errors) = Run("export", "--run", tiny.Path, "--format", "json");
        Assert.True(code == 0, errors);
        Assert.Equal(["step", "epoch"], JsonDocument.Parse(output).RootElement.EnumerateArray().Select(line => line.GetProperty("kind").GetString()));
        Assert.Equal(0, Run("export", "--run", tiny.Path, "--format", "csv", "--out", At("log.csv")).Code);
        Assert.Equal(Run("inspect", "--run", tiny.Path, "--csv").Output, File.ReadAllText(At("log.csv")));
    }

    [Fact]
    public void Export_Scores_WritesScoresAndLabels()
    {
        using TemporaryFolder folder = new();
        ScoreFile.Save(RandomScores.Table(6, 4, 1), folder.At("val.scores.safetensors"));
        (int code, _, string errors) = Run("export", "--scores", folder.At("val.scores.safetensors"), "--format", "npy", "--out", folder.At("val.npy"));
        Assert.True(code == 0, errors);
        ScoreTable table = ScoreFile.Load(folder.At("val.scores.safetensors"));
        NpyArray scores = NpyFile.Read(folder.At("val.npy"));
        Assert.Equal([6, 4], scores.Dimensions);
        Assert.Equal(table.Scores(5).ToArray(), scores.ToFloats()[20..]);
        Assert.Equal(table.Labels.ToArray().Select(label => (long)label), NpyFile.Read(folder.At("val.labels.npy")).ToIntegers());
    }

    [Theory]
    [InlineData("export --run x --format gif", 2, "choose onnx")]
    [InlineData("export --format onnx", 2, "--scores")]
    [InlineData("export --run x", 2, "--format")]
    [InlineData("export --run no-such-run --format onnx", 1, "no-such-run")]
    [InlineData("export --scores x --format onnx", 2, "written as npy")]
    [InlineData("export --run x --format safetensors --names keras", 2, "--names keras")]
    [InlineData("export --run x --format onnx --names timm", 2, "--names is for --format safetensors")]
    [InlineData("export --run x --format npy --verify", 2, "--verify is for --format onnx")]
    [InlineData("export --run x --format csv --checkpoint last", 2, "--checkpoint cannot be given")]
    [InlineData("import a.pth --model vgg16", 2, "a.pth")]
    [InlineData("import none.safetensors --model vgg16", 1, "none.safetensors")]
    [InlineData("import none.safetensors --mean 1,x,2", 2, "--mean 1,x,2")]
    [InlineData("import none.safetensors --classes none.txt", 2, "none.txt")]
    public void Run_WrongUse_SaysOneSentence(string line, int expected, string word)
    {
        (int code, _, string errors) = Run(line.Split(' '));
        Assert.True(code == expected, $"exit code {code}: {errors}");
        Assert.Contains(word, errors, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Described(SafetensorsFile file) =>
        file.Entries.Select(entry => $"{entry.Name} [{string.Join(',', entry.Dimensions)}]").Order(StringComparer.Ordinal);

    private static float[] Read(SafetensorsFile file, string name)
    {
        float[] values = new float[file.Find(name)!.Count];
        file.Read(name, values);
        return values;
    }
}
