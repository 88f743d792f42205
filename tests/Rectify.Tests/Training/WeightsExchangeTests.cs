using Rectify.Data;
using Rectify.Tensors;
using Rectify.Tests.Data;
using Rectify.Training;

namespace Rectify.Tests.Training;

public sealed class WeightsExchangeTests
{
    private static readonly ImportOptions Small = new() { Width = TorchvisionTwin.Width, Size = TorchvisionTwin.Crop };

    [Theory]
    [InlineData("vgg16", false)]
    [InlineData("vgg19", false)]
    [InlineData("vgg19", true)]
    public void Read_WeightsOfTorchvision_GivesItsScores(string model, bool timm)
    {
        using TemporaryFolder folder = new();
        TorchvisionTwin twin = TorchvisionTwin.Of(model);
        string path = (timm ? twin.AsTimm() : twin).Write(folder.At("vgg.safetensors"));
        using ImportedWeights imported = WeightsImport.Read(path, Small with { Model = model });
        Assert.Equal(timm ? TensorNaming.Timm : TensorNaming.Torchvision, imported.Naming);
        Assert.Equal(twin.Tensors.Count, imported.Tensors);
        Assert.Equal(ForeignInput.ImageNet, imported.Folded);
        Assert.Equal(10, imported.Recipe.Classes.Count);
        AssertClose(twin.Scores, TorchvisionTwin.ScoresOf(imported.Network, imported.Mean), 1e-4);
    }

    [Fact]
    public void Read_OtherPreprocessing_GivesOtherScores()
    {
        // The nearest wrong answer: mean and std of which each colour takes another's.
        using TemporaryFolder folder = new();
        TorchvisionTwin twin = TorchvisionTwin.Of("vgg16");
        ForeignInput turned = new([0.456, 0.406, 0.485], [0.224, 0.225, 0.229]);
        using ImportedWeights imported = WeightsImport.Read(twin.Write(folder.At("vgg.safetensors")), Small with { Model = "vgg16", Input = turned });
        Assert.True(LargestDifference(twin.Scores, TorchvisionTwin.ScoresOf(imported.Network, imported.Mean)) > 1e-3);
    }

    [Fact]
    public void Save_ImportedWeights_MakesARunThatLoads()
    {
        using TemporaryFolder folder = new();
        TorchvisionTwin twin = TorchvisionTwin.Of("vgg16");
        string[] classes = [.. Enumerable.Range(0, 10).Select(i => $"n{i}")];
        using (ImportedWeights imported = WeightsImport.Read(twin.Write(folder.At("vgg.safetensors")), Small with { Model = "vgg16", Classes = classes }))
        {
            _ = imported.Save(folder.At("run"));
        }

        using TrainedNetwork trained = RunFolder.Open(folder.At("run")).Load();
        Assert.Equal(classes, trained.Recipe.Classes);
        Assert.Equal("relu", trained.Recipe.Activation);
        AssertClose(twin.Scores, TorchvisionTwin.ScoresOf(trained.Network, trained.Mean), 1e-4);
        WarmStart start = WarmStart.Open(folder.At("run"));
        using Rectify.Layers.Network other = trained.Recipe.BuildNetwork();
        Assert.Empty(start.Apply(other, classes).Left);
    }

    [Theory]
    [InlineData(TensorNaming.Rectify, "small14", "prelu", true)]
    [InlineData(TensorNaming.Torchvision, "small14", "prelu-shared", true)]
    [InlineData(TensorNaming.Torchvision, "vgg16", "relu", true)]
    [InlineData(TensorNaming.Timm, "vgg16", "prelu", false)]
    [InlineData(TensorNaming.Timm, "vgg-b", "leaky", false)]
    public void Write_ThenRead_GivesTheSameBits(TensorNaming naming, string model, string activation, bool perChannel)
    {
        using TemporaryFolder folder = new();
        string kind = perChannel ? "per-channel" : "per-pixel";
        Recipe recipe = new() { Model = model, Activation = activation, Width = 0.05, Size = 32, Classes = ["cat", "dog \"d\"", "é"], Mean = kind };
        using Rectify.Layers.Network network = recipe.BuildNetwork();
        RandomStream random = new(3, RandomPurpose.Testing, 0, 0);
        Execution.RandomNetwork.Fill(network, ref random);
        MeanImage mean = perChannel
            ? new MeanImage(32, MeanKind.PerChannel, [120.25f, 110.5f, 100.1f])
            : new MeanImage(32, MeanKind.PerPixel, [.. Enumerable.Range(0, 32 * 32 * 3).Select(i => 100f + (i % 3))]);
        using TrainedNetwork trained = new(recipe, network, mean, "best");
        WeightsExport.Write(folder.At("out.safetensors"), trained, naming);
        using ImportedWeights imported = WeightsImport.Read(folder.At("out.safetensors"), new ImportOptions());
        Assert.Equal((naming, model, activation, 0.05, 32), (imported.Naming, imported.Recipe.Model, imported.Recipe.Activation, imported.Recipe.Width, imported.Recipe.Size));
        Assert.Equal(recipe.Classes, imported.Recipe.Classes);
        Assert.Null(imported.Folded);
        Assert.Equal(mean.Channels, imported.Mean.Channels);
        foreach ((Rectify.Layers.Parameter written, Rectify.Layers.Parameter read) in network.Parameters.Zip(imported.Network.Parameters))
        {
            Assert.True(written.Values.SequenceEqual(read.Values), written.Name);
        }
    }

    [Fact]
    public void Read_TensorMissingSurplusOrMisshapen_NamesIt()
    {
        using TemporaryFolder folder = new();
        string path = folder.At("vgg.safetensors");
        void Refused(Action<TorchvisionTwin> spoil, params string[] words)
        {
            TorchvisionTwin twin = TorchvisionTwin.Of("vgg16");
            spoil(twin);
            _ = twin.Write(path);
            RectifyException error = Assert.Throws<RectifyException>(() => WeightsImport.Read(path, Small with { Model = "vgg16" }));
            Assert.All(words.Prepend(path), word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
        }

        Refused(twin => twin.Tensors.RemoveAll(tensor => tensor.Name == "features.5.bias"), "no tensor 'features.5.bias' [8]");
        Refused(twin => twin.Tensors.RemoveAll(tensor => tensor.Name == "classifier.6.weight"), "no tensor 'classifier.6.weight'");
        Refused(twin => twin.Tensors.Add(("features.99.weight", [4], new float[4])), "'features.99.weight'", "no place");
        Refused(twin => twin.Tensors.Add(("features.1.running_mean", [4], new float[4])), "'features.1.running_mean'", "batch normalization");
        Refused(twin => twin.Tensors[0] = ("features.0.weight", [3, 4, 3, 3], twin.Tensors[0].Values), "'features.0.weight' has the shape [3,4,3,3]", "[4,3,3,3]");
        Refused(twin => twin.Tensors[2].Values[7] = float.NaN, "'features.2.weight'", "NaN");
    }

    [Fact]
    public void Read_WrongOptions_SaysWhatToGive()
    {
        using TemporaryFolder folder = new();
        string path = TorchvisionTwin.Of("vgg16").Write(folder.At("vgg.safetensors"));
        void Refused<T>(ImportOptions options, string word)
            where T : RectifyException =>
            Assert.Contains(word, Assert.Throws<T>(() => WeightsImport.Read(path, options)).Message, StringComparison.Ordinal);

        Refused<UsageException>(Small, "--model");
        Refused<UsageException>(Small with { Model = "vgg16", Classes = ["a", "b"] }, "10 outputs, and 2 classes");
        Refused<UsageException>(Small with { Model = "vgg16", Input = new([0, 0, 0], [1, 1, 0]) }, "--std");
        Refused<RectifyException>(Small with { Model = "vgg19" }, "features.16.weight");
        Refused<RectifyException>(Small with { Model = "vgg16", Size = 96 }, "another --model, --width or --size");
    }

    [Fact]
    public void Write_NetworkWithBlocks_HasNoNamesOfOthers()
    {
        using Rectify.Layers.Network network = Execution.EveryKind.Create();
        using TrainedNetwork trained = new(new Recipe(), network, MeanImage.Zero(11), "best");
        UsageException error = Assert.Throws<UsageException>(() => WeightsExport.Write("unused", trained, TensorNaming.Torchvision));
        Assert.Contains("mixed", error.Message, StringComparison.Ordinal);
        Assert.Contains("--names rectify", error.Message, StringComparison.Ordinal);
    }

    private static void AssertClose(double[][] expected, double[][] actual, double tolerance) =>
        Assert.True(LargestDifference(expected, actual) < tolerance, $"they differ by {LargestDifference(expected, actual)} of the largest score");

    private static double LargestDifference(double[][] expected, double[][] actual)
    {
        double largest = expected.SelectMany(scores => scores).Max(Math.Abs);
        return expected.Zip(actual, (a, b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max()).Max() / largest;
    }
}
