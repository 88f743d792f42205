using Rectify.Kernels.Pooling;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Tensors;

namespace Rectify.Tests.Models;

/// <summary>The catalog against the paper's numbers.</summary>
public sealed class ModelCatalogTests
{
    private static readonly MapShape Crop224 = MapShape.Image(1, 224, 224, 3);

    // Table 3's complexities, in 10^10 multiply-adds, and our own count to three digits.
    [Theory]
    [InlineData("vgg19", 1.96, 1.963)]
    [InlineData("a", 1.90, 1.906)]
    [InlineData("b", 2.32, 2.322)]
    [InlineData("c", 5.30, 5.346)]
    public void MultiplyAdds_Table3_IsThePapersWithinOnePercent(string model, double paper, double exact)
    {
        using Network network = ModelBuilder.Build(model, new ModelOptions());
        double count = network.MultiplyAdds(Crop224) / 1e10;
        Assert.InRange(count, paper * 0.99, paper * 1.01);
        Assert.Equal(exact, Math.Round(count, 3));
    }

    [Theory]
    [InlineData("small14", 11, 3)]
    [InlineData("small30", 27, 3)]
    [InlineData("vgg19", 16, 3)]
    [InlineData("vgg16", 13, 3)]
    [InlineData("vgg-b", 10, 3)]
    [InlineData("a", 16, 3)]
    [InlineData("b", 19, 3)]
    [InlineData("c", 19, 3)]
    public void Build_EveryModel_HasThePapersDepth(string model, int convolutions, int linears)
    {
        using Network network = ModelBuilder.Build(model, new ModelOptions());
        Assert.Equal((convolutions, linears), (network.Layers.OfType<Convolution>().Count(), network.Layers.OfType<Linear>().Count()));

        // A rectifier after every layer with weights but the last, dropout after the hidden ones.
        Assert.Equal(convolutions + linears - 1, network.Layers.OfType<Rectifier>().Count());
        Assert.Equal(linears - 1, network.Layers.OfType<Dropout>().Count());
        Assert.Equal(MapShape.Map(1, 1, 1, 1000), network.Output);
        Assert.Equal(Crop224, network.Input);
    }

    [Fact]
    public void Small14_At224_HasTheSourcesMapSizes()
    {
        using Network network = ModelBuilder.Build("small14", new ModelOptions());
        (string, int, int)[] expected =
        [
            ("conv1", 109, 64), ("pool1", 36, 64),
            ("conv2_1", 35, 128), ("conv2_2", 36, 128), ("conv2_3", 35, 128), ("conv2_4", 36, 128), ("pool2", 18, 128),
            ("conv3_1", 17, 256), ("conv3_2", 18, 256), ("conv3_3", 17, 256), ("conv3_4", 18, 256), ("conv3_5", 17, 256), ("conv3_6", 18, 256),
            ("spp", 50, 256), ("fc1", 1, 4096), ("fc2", 1, 4096), ("fc3", 1, 1000),
        ];
        Assert.Equal(expected, Sizes(network));
        Convolution conv1 = (Convolution)network.Layers[0];
        Assert.Equal(new Window(7, 7, 2, 2, 0, 0, 0, 0), conv1.Window);
    }

    [Theory]
    [InlineData("a", 256, 512, 512, 5)]
    [InlineData("b", 256, 512, 512, 6)]
    [InlineData("c", 384, 768, 896, 6)]
    public void Large_At224_HasTable3sMapSizesAndFilters(string model, int at56, int at28, int at14, int layers)
    {
        using Network network = ModelBuilder.Build(model, new ModelOptions());
        List<(string, int, int)> expected = [("conv1", 112, 96), ("pool1", 56, 96)];
        (int Size, int Filters)[] stages = [(56, at56), (28, at28), (14, at14)];
        for (int stage = 0; stage < stages.Length; stage++)
        {
            expected.AddRange(Enumerable.Range(1, layers).Select(i => ($"conv{stage + 2}_{i}", stages[stage].Size, stages[stage].Filters)));
            expected.Add(stage < 2 ? ($"pool{stage + 2}", stages[stage + 1].Size, stages[stage].Filters) : ("spp", 63, at14));
        }

        expected.AddRange([("fc1", 1, 4096), ("fc2", 1, 4096), ("fc3", 1, 1000)]);
        Assert.Equal(expected, Sizes(network));
    }

    [Fact]
    public void ParameterCount_ModelA_IsTheSumByHand()
    {
        using Network network = ModelBuilder.Build("a", new ModelOptions());
        long convolutions = ((7 * 7 * 3 * 96) + 96)
            + ((9L * 96 * 256) + 256) + (4 * ((9L * 256 * 256) + 256))
            + ((9L * 256 * 512) + 512) + (4 * ((9L * 512 * 512) + 512))
            + (5 * ((9L * 512 * 512) + 512));
        long linears = ((63L * 512 * 4096) + 4096) + ((4096L * 4096) + 4096) + ((4096L * 1000) + 1000);
        long slopes = 96 + (5 * 256) + (10 * 512) + (2 * 4096);
        Assert.Equal(slopes, network.SlopeCount);
        Assert.Equal(178_032_072, convolutions + linears + slopes);
        Assert.Equal(178_032_072, network.ParameterCount);
    }

    [Theory]
    [InlineData(ActivationKind.PReLUShared, 13)]
    [InlineData(ActivationKind.PReLU, 64 + (4 * 128) + (6 * 256) + (2 * 4096))]
    [InlineData(ActivationKind.ReLU, 0)]
    [InlineData(ActivationKind.Leaky, 0)]
    public void SlopeCount_Small14_IsOneALayerOrOneAChannel(ActivationKind activation, int expected)
    {
        using Network network = ModelBuilder.Build("small14", new ModelOptions { Activation = activation });
        Assert.Equal(expected, network.SlopeCount);
    }

    [Fact]
    public void Pyramid_OfSmall14On18_DividesEvenly()
    {
        using Network network = ModelBuilder.Build("small14", new ModelOptions());
        SpatialPyramidPool spp = network.Layers.OfType<SpatialPyramidPool>().Single();
        Assert.Equal([6, 3, 2, 1], spp.Levels);
        PyramidShape shape = spp.Shape(MapShape.Map(1, 18, 18, 256));
        PixelRectangle[] bins = new PixelRectangle[shape.Bins];
        shape.Rectangles(bins);
        int at = 0;
        foreach (int n in spp.Levels)
        {
            // Bins of one size that cover each pixel once.
            PixelRectangle[] level = bins[at..(at + (n * n))];
            at += n * n;
            Assert.All(level, bin => Assert.Equal((18 / n, 18 / n), (bin.Bottom - bin.Top, bin.Right - bin.Left)));
            Assert.Equal(n * n, level.Distinct().Count());
        }
    }

    [Fact]
    public void Find_Name_IgnoresCaseAndListsModelsWhenThereIsNone()
    {
        Assert.Equal("vgg-b", ModelCatalog.Find("VGG-B").Name);
        string message = Assert.ThrowsAny<RectifyException>(() => ModelCatalog.Find("resnet")).Message;
        Assert.Equal("There is no model 'resnet'; choose one of small14, small30, a, b, c, vgg16, vgg19, vgg-b.", message);
    }

    // Layers with their size and channels; rectifiers and dropout, which change neither, left out.
    private static IEnumerable<(string Name, int H, int C)> Sizes(Network network) =>
        network.Layers.Zip(network.Shapes(network.Input))
            .Where(pair => pair.First is not (Rectifier or Dropout))
            .Select(pair => (pair.First.Name, pair.Second.H, pair.Second.C));
}
