using Rectify.Formats;
using Rectify.Onnx.Messages;
using Rectify.Tests.Inference;
using Rectify.Tests.Onnx.Export;
using Rectify.Training;
using static Rectify.Tests.Cli.CommandRun;

namespace Rectify.Tests.Cli;

public sealed class OnnxCommandTests
{
    [Fact]
    public void Run_ExportedNetwork_WritesTheOutputThatIsAskedFor()
    {
        using TinyRun tiny = new();
        string model = Exported(tiny), photos = tiny.Folder.At("x.npy"), scores = tiny.Folder.At("y.npy");
        (float[] values, int[] shape) = ExportedPhotos.Random(1, 2, 3, TinyRun.Crop, TinyRun.Crop);
        NpyFile.Write(photos, NpyArray.Of(values, shape));

        (int code, string output, string errors) = Run("run", model, "--input", $"pixels={photos}", "--output", $"probabilities={scores}");

        Assert.True(code == 0, errors);
        Assert.Contains("logits F32 [2,", output, StringComparison.Ordinal);
        NpyArray read = NpyFile.Read(scores);
        Assert.Equal(2.0, read.ToFloats().Sum(value => (double)value), 5);
        Assert.Equal(2, read.Dimensions[0]);

        // One input: its name may be left out.
        Assert.Equal(0, Run("run", model, "--input", photos).Code);
    }

    [Fact]
    public void Run_WrongUse_IsToldInASentence()
    {
        using TinyRun tiny = new();
        string model = Exported(tiny);
        (int code, _, string errors) = Run("run", model);
        Assert.Equal(2, code);
        Assert.Contains("the input 'pixels' is missing; it takes pixels F32 [batch,3,", errors, StringComparison.Ordinal);
        (code, _, errors) = Run("run", model, "--input", "x.npy", "--output", "scores=y.npy");
        Assert.Equal(2, code);
        Assert.Contains("has no output 'scores'; it has probabilities", errors, StringComparison.Ordinal);
        (code, _, errors) = Run("run", model, "--input", "x.npy", "--input", "pixels=y.npy");
        Assert.Equal(2, code);
        Assert.Contains("'pixels' is given twice", errors, StringComparison.Ordinal);
        (code, _, errors) = Run("run", tiny.Folder.At("none.onnx"), "--input", "x.npy");
        Assert.Equal(1, code);
        Assert.Contains("cannot be read", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_ExportedNetwork_CountsTheErrorsOfTheRun()
    {
        using TinyRun tiny = new();
        string model = Exported(tiny);
        (int code, string ofRun, string errors) = Run("evaluate", "--run", tiny.Path, "--data", "builtin:60", "--json");
        Assert.True(code == 0, errors);
        (code, string ofModel, errors) = Run("evaluate", "--onnx", model, "--data", "builtin:60", "--json");
        Assert.True(code == 0, errors);
        Assert.Equal(LastLine(ofRun).GetProperty("top1Error").GetDouble(), LastLine(ofModel).GetProperty("top1Error").GetDouble());

        // A file that says nothing about itself.
        OnnxModel silent = OnnxFile.Read(model) with { Metadata = new Dictionary<string, string>() };
        OnnxFile.Write(model, silent);
        (code, _, errors) = Run("evaluate", "--onnx", model, "--data", "builtin:60");
        Assert.Equal(2, code);
        Assert.Contains("does not say what its input is; say it with --input pixels, unit, imagenet or caffe", errors, StringComparison.Ordinal);
        (code, ofModel, errors) = Run("evaluate", "--onnx", model, "--data", "builtin:60", "--input", "pixels", "--size", $"{TinyRun.Crop}", "--json");
        Assert.True(code == 0, errors);
        Assert.Contains("they are taken for those of the data", errors, StringComparison.Ordinal);
        Assert.Equal(LastLine(ofRun).GetProperty("top1Error").GetDouble(), LastLine(ofModel).GetProperty("top1Error").GetDouble());
        Assert.Equal(2, Run("evaluate", "--onnx", model, "--run", tiny.Path).Code);
        Assert.Equal(2, Run("evaluate", "--run", tiny.Path, "--input", "pixels").Code);
        Assert.Equal(2, Run("evaluate").Code);
    }

    [Fact]
    public void Diagnose_ExportedNetwork_SaysWhatItSaysOfTheRun()
    {
        using TinyRun tiny = new();
        string model = Exported(tiny);
        (int code, string ofModel, string errors) = Run("diagnose", model, "--data", "builtin:60", "--json");
        Assert.True(code == 0, errors);
        (_, string ofRun, _) = Run("diagnose", "--run", tiny.Path, "--data", "builtin:60", "--json");
        Assert.Equal(LastLine(ofRun).GetProperty("verdict").GetString(), LastLine(ofModel).GetProperty("verdict").GetString());
        Assert.Equal(2, Run("diagnose", model, "--model", "small14").Code);
        Assert.Equal(2, Run("diagnose", "--input", "pixels").Code);
    }

    [Fact]
    public void Import_ExportedNetwork_IsTheRunAgain()
    {
        using TinyRun tiny = new();
        string model = Exported(tiny), again = tiny.Folder.At("again");
        (int code, string output, string errors) = Run("import", model, "--run", again, "--json");
        Assert.True(code == 0, errors);
        Assert.Equal(("small14", 10), (LastLine(output).GetProperty("model").GetString(), LastLine(output).GetProperty("classes").GetInt32()));
        using TrainedNetwork before = RunFolder.Open(tiny.Path).Load(), after = RunFolder.Open(again).Load();
        Assert.Equal(before.Recipe.Classes, after.Recipe.Classes);
        Assert.Equal(before.Network.Parameters.Select(parameter => parameter.ToString()), after.Network.Parameters.Select(parameter => parameter.ToString()));
        Assert.All(before.Network.Parameters.Zip(after.Network.Parameters), pair => Assert.True(pair.First.Values.SequenceEqual(pair.Second.Values), pair.First.Name));
        Assert.True(before.Mean.Values.SequenceEqual(after.Mean.Values));
        (code, _, errors) = Run("import", model, "--model", "vgg16", "--run", tiny.Folder.At("other"));
        Assert.Equal(1, code);
        Assert.Contains("has other layers than vgg16", errors, StringComparison.Ordinal);
        Assert.Equal(2, Run("import", model, "--width", "1").Code);
    }

    private static string Exported(TinyRun tiny)
    {
        string path = tiny.Folder.At("net.onnx");
        (int code, _, string errors) = Run("export", "--run", tiny.Path, "--format", "onnx", "--out", path);
        Assert.True(code == 0, errors);
        return path;
    }
}
