using System.Text.Json;
using Rectify.Data;
using Rectify.Imaging;
using Rectify.Tests.Data;
using Rectify.Tests.Fixtures;
using static Rectify.Tests.Cli.CommandRun;

namespace Rectify.Tests.Cli;

public sealed class ImageNetCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_Evaluate_Predict_OnImageNetAsGivenOut_CountEachPicture()
    {
        Assert.SkipUnless(SpngDecoder.IsAvailable, "libspng is not installed: eng/setup.sh");
        string data = Files("imagenet").AsGivenOut().Root, run = _folder.At("run");
        (int code, string output, string errors) = Run(
            "train", "--data", data, "--model", "small14", "--width", "0.1", "--size", "32", "--epochs", "1", "--batch", "50", "--run", run);
        Assert.True(code == 0, errors);
        Assert.Contains("200 training images, 100 for validation", output, StringComparison.Ordinal);
        Assert.Contains("50 classes", output, StringComparison.Ordinal);
        Assert.Equal("n01440764 tench, Tinca tinca", File.ReadLines(Path.Combine(run, "synset_words.txt")).First());

        JsonElement Evaluated(params string[] line)
        {
            (int done, string json, string said) = Run(["evaluate", "--run", run, "--json", .. line]);
            Assert.True(done == 0, said);
            return JsonDocument.Parse(json).RootElement;
        }

        static (int, double, double) Errors(JsonElement evaluated) =>
            (evaluated.GetProperty("images").GetInt32(), evaluated.GetProperty("top1Error").GetDouble(), evaluated.GetProperty("top5Error").GetDouble());

        JsonElement validation = Evaluated("--data", data);
        Assert.Equal((100, 200), (validation.GetProperty("images").GetInt32(), Evaluated("--data", data, "--split", "train").GetProperty("images").GetInt32()));

        // Unpacked into class folders, and unpacked as it comes: the same errors.
        string folders = Files("folders").TrainFolders().ValFolder(sorted: true).SynsetWords().Root, flat = Files("flat").ValFolder(sorted: false).Devkit(unpacked: true).Root;
        Assert.Equal(Errors(validation), Errors(Evaluated("--data", folders)));
        Assert.Equal(Errors(validation), Errors(Evaluated("--data", Path.Combine(flat, "val"))));

        (code, output, errors) = Run("predict", "--run", run, "--top", "50", Path.Combine(flat, "val", ImageNetFiles.ValidationName(1)));
        Assert.True(code == 0, errors);
        Assert.Contains("n01440764 tench ", output, StringComparison.Ordinal);
        (code, output, errors) = Run("dataset", "check", data, "--size", "16");
        Assert.True(code == 0, output + errors);
        Assert.Contains("300 images", output, StringComparison.Ordinal);
        Assert.Contains("n01440764 tench", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("devkit", "put ImageNet's ILSVRC2012_devkit_t12.tar.gz")]
    [InlineData("val", "neither a validation nor a test part")]
    [InlineData("train", "no part for training")]
    [InlineData("class", "that the network does not know")]
    public void Run_PartThatIsMissing_IsOneSentence(string missing, string expected)
    {
        Assert.SkipUnless(SpngDecoder.IsAvailable, "libspng is not installed: eng/setup.sh");
        ImageNetFiles files = Files("imagenet").AsGivenOut();
        File.Delete(Path.Combine(files.Root, missing switch { "devkit" => ImageNetFiles.DevkitArchive, "val" => ImageNetFiles.Val, _ => ImageNetFiles.Train }));
        if (missing == "class")
        {
            ImageNetFiles fewer = new ImageNetFiles(_folder.At("fewer"), Picture) { Classes = 49 }.TrainTar();
            File.Copy(Path.Combine(fewer.Root, ImageNetFiles.Train), Path.Combine(files.Root, ImageNetFiles.Train));
        }

        string[] train = ["train", "--data", files.Root, "--width", "0.1", "--size", "16", "--epochs", "1", "--run", _folder.At("run")];
        if (missing == "val")
        {
            // Training alone goes; a tenth is held out.
            (int trained, string output, string why) = Run(train);
            Assert.True(trained == 0, why);
            Assert.Contains("a tenth of each class", output, StringComparison.Ordinal);
        }

        (int code, _, string errors) = Run(missing == "val" ? ["evaluate", "--run", _folder.At("run"), "--data", files.Root] : train);
        Assert.Equal(1, code);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static byte[] Picture(int c, int number) => TestPictures.Png(new RenderedDataset(number + 1, 32, (ulong)c).Read(number));

    private ImageNetFiles Files(string name) => new(_folder.At(name), Picture);
}
