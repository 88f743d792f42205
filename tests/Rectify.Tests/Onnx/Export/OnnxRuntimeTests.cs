using System.Text.Json;
using Rectify.Data;
using Rectify.Layers;
using Rectify.Onnx.Export;
using Rectify.Onnx.Messages;
using Rectify.Tensors;
using Rectify.Tests.Data;
using Rectify.Tests.Execution;
using Rectify.Training;

namespace Rectify.Tests.Onnx.Export;

/// <summary>ONNX Runtime loads what is exported and gives the scores that our engine gives, to 1e-4 of the largest: sums of float32 in another order differ by less.</summary>
public sealed class OnnxRuntimeTests
{
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData("small14", "prelu", "per-pixel")]
    [InlineData("small14", "prelu-shared", "per-channel")]
    [InlineData("small30", "leaky", "per-channel")]
    [InlineData("a", "prelu", "per-pixel")]
    public void Write_NetworkWithPyramid_RunsAtAnySize(string model, string activation, string mean)
    {
        Assert.SkipWhen(OnnxRuntime.Missing is not null, OnnxRuntime.Missing ?? "");
        int crop = model == "a" ? 224 : 24;
        int[][] sizes = model == "a" ? [[1, 224, 224], [1, 193, 160]] : [[3, 24, 24], [1, 31, 40], [2, 16, 57]];
        Check(Trained(model, activation, mean, crop), [.. sizes.Select((size, i) => ExportedPhotos.Random(i, size[0], 3, size[1], size[2]))]);
    }

    [Theory]
    [InlineData("vgg-b", "relu", "per-pixel")]
    [InlineData("vgg16", "prelu", "per-channel")]
    public void Write_NetworkOfOneSize_RunsAtThatSize(string model, string activation, string mean)
    {
        Assert.SkipWhen(OnnxRuntime.Missing is not null, OnnxRuntime.Missing ?? "");
        Check(Trained(model, activation, mean, 64), ExportedPhotos.Random(1, 2, 3, 64, 64), ExportedPhotos.Random(2, 1, 3, 64, 64));
    }

    [Fact]
    public void Model_EveryKindOfLayerAndBlock_RunsAtAnySize()
    {
        Assert.SkipWhen(OnnxRuntime.Missing is not null, OnnxRuntime.Missing ?? "");
        using Network network = EveryKind.Create();
        Assert.True(OnnxExport.TakesAnySize(network));
        Check(network, null, ExportedPhotos.Random(1, 2, 3, 11, 13), ExportedPhotos.Random(2, 1, 3, 30, 41), ExportedPhotos.Random(3, 3, 3, 8, 9));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Model_RandomNetworks_GiveOurScores(bool blocks)
    {
        Assert.SkipWhen(OnnxRuntime.Missing is not null, OnnxRuntime.Missing ?? "");
        for (int seed = 0; seed < 12; seed++)
        {
            (Network network, MapShape input) = blocks ? RandomNetwork.CreateOfBlocks(seed) : RandomNetwork.Create(seed);
            using (network)
            {
                Check(network, null, ExportedPhotos.Random(seed, input.N, input.C, input.H, input.W));
            }
        }
    }

    [Fact]
    public void LockFile_PinsEveryPackageAndNamesNoHost()
    {
        string path = Path.Combine(Repository.Root, "tests", "Rectify.Tests", "Onnx", "node", "package-lock.json");
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(path));
        JsonProperty[] packages = [.. file.RootElement.GetProperty("packages").EnumerateObject().Where(package => package.Name.Length > 0)];
        Assert.NotEmpty(packages);
        Assert.All(packages, package => Assert.StartsWith("sha512-", package.Value.GetProperty("integrity").GetString(), StringComparison.Ordinal));
        Assert.All(packages, package => Assert.False(package.Value.TryGetProperty("resolved", out _), package.Name));
    }

    /// <summary>A narrow network of the catalog with random weights and a mean that is no constant.</summary>
    internal static TrainedNetwork Trained(string model, string activation, string mean, int crop)
    {
        Recipe recipe = new() { Model = model, Activation = activation, Width = 0.1, Size = crop, Mean = mean, Classes = ["cat", "dog", "gnu", "ä \"ö\"", "emu"] };
        Network network = recipe.BuildNetwork();
        RandomStream random = new(9, RandomPurpose.Testing, 0, 0);
        RandomNetwork.Fill(network, ref random);
        MeanImage image = mean == "per-channel"
            ? new MeanImage(crop, MeanKind.PerChannel, [123.5f, 116.25f, 103.125f])
            : new MeanImage(crop, MeanKind.PerPixel, [.. Enumerable.Range(0, 3 * crop * crop).Select(i => 90f + (i * 37 % 71))]);
        return new TrainedNetwork(recipe, network, image, "best");
    }

    private static void Check(TrainedNetwork trained, params (float[] Values, int[] Shape)[] photos)
    {
        using (trained)
        {
            Check(trained.Network, trained.Mean, photos);
        }
    }

    private static void Check(Network network, MeanImage? mean, params (float[] Values, int[] Shape)[] photos)
    {
        using TemporaryFolder folder = new();
        OnnxFile.Write(folder.At("net.onnx"), OnnxExport.Model(network, mean, []));
        IReadOnlyList<Dictionary<string, float[]>> theirs = OnnxRuntime.Run(folder.At("net.onnx"), photos);
        for (int i = 0; i < photos.Length; i++)
        {
            float[] ours = ExportedPhotos.Scores(network, mean, photos[i]);
            double difference = ExportedPhotos.Difference(ours, theirs[i][OnnxExport.Logits]);
            Assert.True(difference < Tolerance, $"{network.Name} on [{string.Join(',', photos[i].Shape)}]: the logits differ by {difference}");

            // A probability moves at most as far as the logits do.
            double probabilities = ExportedPhotos.Difference(ExportedPhotos.Softmax(ours, network.Output.C), theirs[i][OnnxExport.Probabilities]);
            Assert.True(probabilities < Tolerance * ours.Max(Math.Abs), $"{network.Name}: the probabilities differ by {probabilities}");
        }
    }
}
