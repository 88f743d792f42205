using Rectify.Layers;
using Rectify.Models;
using Rectify.Tensors;

namespace Rectify.Tests.Models;

public sealed class ModelBuilderTests
{
    [Fact]
    public void Build_SmallCrop_UsesTheSmallFormBelow96()
    {
        using Network at95 = ModelBuilder.Build("small14", new ModelOptions { Crop = 95 });
        using Network at96 = ModelBuilder.Build("small14", new ModelOptions { Crop = 96 });
        Assert.Equal(Window.Square(3, 1, 1), ((Convolution)at95.Layers[0]).Window);
        Assert.Equal(Window.Square(7, 2), ((Convolution)at96.Layers[0]).Window);
        Assert.Equal([4, 2, 1], at95.Layers.OfType<SpatialPyramidPool>().Single().Levels);
        Assert.Equal(512, at95.Layers.OfType<Linear>().First().Outputs);
        Assert.Equal(4096, at96.Layers.OfType<Linear>().First().Outputs);
        Assert.Equal(14, at95.Layers.Count(layer => layer is Convolution or Linear));
    }

    [Fact]
    public void Build_SmallFormAt32_KeepsMapsCentred()
    {
        using Network network = ModelBuilder.Build("small14", new ModelOptions { Crop = 32, Classes = 10 });
        int[] sizes = [.. network.Layers.Zip(network.Shapes(network.Input)).Where(p => p.First is Convolution or MaxPool).Select(p => p.Second.H)];
        Assert.Equal([32, 16, 15, 16, 15, 16, 8, 7, 8, 7, 8, 7, 8], sizes);
    }

    [Fact]
    public void Build_Names_CountStagesAndLayers()
    {
        using Network network = ModelBuilder.Build("small14", new ModelOptions { Crop = 32, Width = 0.1 });
        string[] expected =
        [
            "conv1", "conv1.rectifier", "pool1",
            "conv2_1", "conv2_1.rectifier", "conv2_2", "conv2_2.rectifier", "conv2_3", "conv2_3.rectifier", "conv2_4", "conv2_4.rectifier", "pool2",
            "conv3_1", "conv3_1.rectifier", "conv3_2", "conv3_2.rectifier", "conv3_3", "conv3_3.rectifier",
            "conv3_4", "conv3_4.rectifier", "conv3_5", "conv3_5.rectifier", "conv3_6", "conv3_6.rectifier", "spp",
            "fc1", "fc1.rectifier", "fc1.dropout", "fc2", "fc2.rectifier", "fc2.dropout", "fc3",
        ];
        Assert.Equal(expected, network.Layers.Select(layer => layer.Name));
        Assert.Equal("conv2_1.rectifier.slope", network.Layers[4].Parameters[0].Name);
        Assert.Equal("conv1.bias", network.Parameters[1].Name);
    }

    [Theory]
    [InlineData(1.0, 64, 128, 256, 512)]
    [InlineData(0.5, 32, 64, 128, 256)]
    [InlineData(0.1, 6, 13, 26, 51)]
    [InlineData(0.01, 1, 1, 3, 5)]
    [InlineData(2.0, 128, 256, 512, 1024)]
    public void Build_Width_ScalesAllButTheClasses(double width, int conv1, int conv2, int conv3, int fc)
    {
        using Network network = ModelBuilder.Build("small14", new ModelOptions { Crop = 32, Width = width, Classes = 7 });
        int[] filters = [.. network.Layers.OfType<Convolution>().Select(c => c.Filters)];
        Assert.Equal([conv1, conv2, conv2, conv2, conv2, conv3, conv3, conv3, conv3, conv3, conv3], filters);
        Assert.Equal([fc, fc, 7], network.Layers.OfType<Linear>().Select(l => l.Outputs));
    }

    [Fact]
    public void Build_Activation_IsAfterEveryLayerButTheLast()
    {
        foreach ((ActivationKind kind, Type type) in new[]
        {
            (ActivationKind.ReLU, typeof(ReLU)),
            (ActivationKind.Leaky, typeof(LeakyReLU)),
            (ActivationKind.PReLU, typeof(PReLU)),
            (ActivationKind.PReLUShared, typeof(PReLU)),
        })
        {
            using Network network = ModelBuilder.Build("small14", new ModelOptions { Crop = 32, Width = 0.1, Activation = kind, Dropout = 0f });
            Rectifier[] rectifiers = [.. network.Layers.OfType<Rectifier>()];
            Assert.Equal(13, rectifiers.Length);
            Assert.All(rectifiers, rectifier => Assert.IsType(type, rectifier));
            Assert.All(rectifiers.OfType<PReLU>(), prelu => Assert.Equal(kind == ActivationKind.PReLUShared, prelu.Slope.Shared));
            Assert.DoesNotContain(network.Layers, layer => layer is Dropout);
            Assert.Equal(kind, ActivationNames.Parse(ActivationNames.NameOf(kind)));
        }
    }

    public static TheoryData<ModelOptions, string[]> BadOptions => new()
    {
        { new ModelOptions { Classes = 1 }, ["at least 2 classes", "not 1"] },
        { new ModelOptions { Crop = 7 }, ["crop of 7", "--size", "8"] },
        { new ModelOptions { Crop = 5000 }, ["crop of 5000", "4096"] },
        { new ModelOptions { Width = 0.0 }, ["width 0", "--width"] },
        { new ModelOptions { Width = double.NaN }, ["width NaN", "--width"] },
        { new ModelOptions { Dropout = 1f }, ["dropout", "1", "below 1"] },
        { new ModelOptions { Dropout = -0.5f }, ["dropout", "-0.5", "at least 0"] },
        { new ModelOptions { Dropout = float.NaN }, ["dropout", "NaN"] },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void Build_BadOption_NamesValueAndRemedy(ModelOptions options, string[] parts)
    {
        RectifyException e = Assert.ThrowsAny<RectifyException>(() => ModelBuilder.Build("small14", options));
        Assert.All(parts, part => Assert.Contains(part, e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Build_CropTooSmallForModel_NamesLayerAndRemedy()
    {
        string message = Assert.ThrowsAny<RectifyException>(() => ModelBuilder.Build("a", new ModelOptions { Crop = 8 })).Message;
        Assert.StartsWith("pool3: the input [N=1,H=1,W=1,C=512]", message, StringComparison.Ordinal);
        Assert.Contains("--size", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_UnknownActivation_ListsTheNames()
    {
        string message = Assert.ThrowsAny<RectifyException>(() => ActivationNames.Parse("tanh")).Message;
        Assert.Equal("'tanh' is no activation; choose one of prelu, prelu-shared, relu, leaky.", message);
    }
}
