using System.Text;
using System.Text.Json;
using Rectify.Cli;
using Rectify.Imaging;
using Rectify.Tests.Data;
using Rectify.Tests.Inference;

namespace Rectify.Tests.Cli;

/// <summary>The command on pictures of its own making. What is no picture needs no codec, so all but the answers themselves are tested everywhere.</summary>
public sealed class PredictCommandTests
{
    // 16×8, by Pillow.
    private static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAABAAAAAICAIAAAB/FOjAAAAAHUlEQVR4nGM8oWHDgA34GC3AKs6EVRQPGNVADAAAcBkCWhHjzWkAAAAASUVORK5CYII=");

    private static readonly byte[] Junk = Encoding.ASCII.GetBytes("no picture");

    [Fact]
    public void Predict_Json_IsALineAPhotoInOrder()
    {
        NeedsPng();
        using TinyRun run = new();
        TemporaryFolder folder = run.Folder.Add("one.png", Png).Add("two.jpg", Junk).Add("three.png", Png);
        string[] paths = [folder.At("one.png"), folder.At("two.jpg"), folder.At("three.png"), folder.At("four.png")];
        (int code, string output, string errors) = Run(null, ["predict", "--run", run.Path, "--json", "--top", "3", .. paths]);
        Assert.Equal((1, ""), (code, errors));
        JsonElement[] lines = Lines(output);
        Assert.Equal(paths, lines.Select(FileOf));
        Assert.Equal([3, 0, 3, 0], lines.Select(line => line.TryGetProperty("labels", out JsonElement labels) ? labels.GetArrayLength() : 0));
        Assert.Contains("two.jpg is not a JPEG", lines[1].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains("does not exist", lines[3].GetProperty("error").GetString(), StringComparison.Ordinal);
        double[] probabilities = [.. lines[0].GetProperty("labels").EnumerateArray().Select(label => label.GetProperty("probability").GetDouble())];
        Assert.Equal(probabilities.OrderDescending(), probabilities);
        Assert.InRange(probabilities.Sum(), 0.3, 1.0001);
        Assert.Equal(lines[0].GetProperty("labels").GetRawText(), lines[2].GetProperty("labels").GetRawText());
    }

    [Fact]
    public void Predict_ExportedModel_AnswersAsItsRun()
    {
        NeedsPng();
        using TinyRun run = new();
        TemporaryFolder folder = run.Folder.Add("one.png", Png);
        Assert.Equal(0, CommandRun.Run("export", "--run", run.Path, "--format", "onnx", "--out", folder.At("net.onnx")).Code);
        JsonElement[] byRun = Lines(Run(null, "predict", "--run", run.Path, "--json", folder.At("one.png")).Output);
        (int code, string output, string errors) = Run(null, "predict", "--onnx", folder.At("net.onnx"), "--json", folder.At("one.png"));
        Assert.Equal((0, ""), (code, errors));
        foreach ((JsonElement own, JsonElement other) in byRun[0].GetProperty("labels").EnumerateArray().Zip(Lines(output)[0].GetProperty("labels").EnumerateArray()))
        {
            Assert.Equal(own.GetProperty("name").GetString(), other.GetProperty("name").GetString());
            Assert.Equal(own.GetProperty("probability").GetDouble(), other.GetProperty("probability").GetDouble(), 5);
        }

        Assert.Equal(2, Run(null, "predict", "--onnx", folder.At("net.onnx"), "--run", run.Path, folder.At("one.png")).Code);
        Assert.Equal(2, Run(null, "predict", folder.At("one.png")).Code);
        Assert.Equal(2, Run(null, "predict", "--run", run.Path, "--input", "unit", folder.At("one.png")).Code);
    }

    [Fact]
    public void Predict_ForPeople_ErrorsGoToStandardError()
    {
        NeedsPng();
        using TinyRun run = new();
        TemporaryFolder folder = run.Folder.Add("one.png", Png).Add("two.jpg", Junk);
        (int code, string output, string errors) = Run(null, "predict", "--run", run.Path, folder.At("one.png"), folder.At("two.jpg"));
        Assert.Equal(1, code);
        string line = Assert.Single(output.TrimEnd().Split('\n'));
        Assert.StartsWith(folder.At("one.png"), line, StringComparison.Ordinal);
        Assert.Equal(5, line.Count(c => c == '%'));
        Assert.StartsWith("rectify: ", errors, StringComparison.Ordinal);
        Assert.Contains("two.jpg is not a JPEG", errors, StringComparison.Ordinal);
        (code, _, errors) = Run(null, "predict", "--run", run.Path, folder.At("one.png"));
        Assert.Equal((0, ""), (code, errors));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Predict_PictureOnStandardInput_IsAnsweredAsDash(bool dash)
    {
        NeedsPng();
        using TinyRun run = new();
        (int code, string output, string errors) = Run(Png, ["predict", "--run", run.Path, "--json", .. dash ? (string[])["-"] : []]);
        Assert.True(code == 0, errors);
        JsonElement line = Assert.Single(Lines(output));
        Assert.Equal("-", FileOf(line));
        Assert.Equal(5, line.GetProperty("labels").GetArrayLength());
    }

    [Fact]
    public void Predict_ListOnStandardInput_IsReadLineByLine()
    {
        using TinyRun run = new();
        TemporaryFolder folder = run.Folder.Add("pictures/b.jpg", Junk).Add("pictures/a.jpg", Junk);
        string list = $"{folder.At("x y.jpg")}\r\n\n{folder.At("pictures")}\nö.jpg";
        (int code, string output, _) = Run(Encoding.UTF8.GetBytes(list), "predict", "--run", run.Path, "--json", "-");
        Assert.Equal(1, code);
        Assert.Equal([folder.At("x y.jpg"), folder.At("pictures/a.jpg"), folder.At("pictures/b.jpg"), "ö.jpg"], Lines(output).Select(FileOf));
    }

    [Fact]
    public void Predict_DamagedPictureOnStandardInput_IsItsError()
    {
        NeedsPng();
        using TinyRun run = new();
        (int code, string output, _) = Run(Png[..40], "predict", "--run", run.Path, "--json");
        Assert.Equal(1, code);
        Assert.Contains("damaged PNG", Assert.Single(Lines(output)).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_EmptyStandardInput_IsWrongUse()
    {
        using TinyRun run = new();
        (int code, _, string errors) = Run([], "predict", "--run", run.Path);
        Assert.Equal(2, code);
        Assert.Contains("standard input is empty", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_Folder_ListsItsPicturesInOrdinalOrder()
    {
        using TinyRun run = new();
        string[] names = ["B.jpg", "a/1.png", "a/2/0.jpeg", "a-b/1.jpg", "a.jpg", "b.JPG"];
        foreach (string name in names.Concat(["notes.txt", ".hidden/1.jpg", "a/.2.jpg"]))
        {
            _ = run.Folder.Add("pictures/" + name, Junk);
        }

        string root = run.Folder.At("pictures");
        _ = Directory.CreateDirectory(run.Folder.At("empty"));
        (int code, string output, _) = Run(null, "predict", "--run", run.Path, "--json", root, run.Folder.At("empty"));
        Assert.Equal(1, code);
        JsonElement[] lines = Lines(output);
        string[] expected = [.. names];
        Array.Sort(expected, StringComparer.Ordinal);
        Assert.Equal(expected.Append("../empty"), lines.Select(line => Path.GetRelativePath(root, FileOf(line)!).Replace('\\', '/')));
        Assert.Contains("holds no .jpg", lines[^1].GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_ReaderHasGone_EndsQuietly()
    {
        using TinyRun run = new();
        using ClosedPipe output = new();
        using StringWriter errors = new();
        Assert.Equal(0, CommandTree.Run(["predict", "--run", run.Path, "--json", .. Enumerable.Repeat("missing.jpg", 500)], output, errors));
        Assert.Equal((2, ""), (output.Lines, errors.ToString()));
    }

    private static void NeedsPng() => Assert.SkipUnless(SpngDecoder.IsAvailable, "libspng is not installed: apt install libspng0");

    private static JsonElement[] Lines(string output) => [.. output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];

    private static string? FileOf(JsonElement line) => line.GetProperty("file").GetString();

    private static (int Code, string Output, string Errors) Run(byte[]? input, params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter errors = new();
        using MemoryStream stream = new(input ?? []);
        int code = CommandTree.Run(arguments, output, errors, stream);
        return (code, output.ToString(), errors.ToString());
    }

    // Breaks at the second line, as a pipe to head -1 does.
    private sealed class ClosedPipe : StringWriter
    {
        public int Lines { get; private set; }

        public override void WriteLine(string? value)
        {
            if (++Lines == 2)
            {
                throw new IOException("Broken pipe", 32);
            }
        }
    }
}
