using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Tests.Layers;

public sealed class LayerShapeTests
{
    [Theory]
    [InlineData(224, 7, 2, 0, 109)]
    [InlineData(224, 7, 2, 3, 112)]
    [InlineData(36, 2, 1, 0, 35)]
    [InlineData(35, 2, 1, 1, 36)]
    [InlineData(5, 5, 3, 0, 1)]
    public void Convolution_Output_IsRoundedDown(int size, int filter, int stride, int pad, int expected)
    {
        Convolution convolution = new("conv", 3, 17, Window.Square(filter, stride, pad));
        Assert.Equal(new MapShape(2, expected, expected, 17, 32), convolution.Output(MapShape.Map(2, size, size, 3)));
    }

    [Theory]
    [InlineData(109, 3, 3, false, 36)]
    [InlineData(109, 3, 3, true, 37)]
    [InlineData(7, 2, 2, false, 3)]
    [InlineData(7, 2, 2, true, 4)]
    [InlineData(8, 3, 2, true, 4)]
    public void MaxPool_Output_IsRoundedAsAsked(int size, int window, int stride, bool roundUp, int expected)
    {
        MaxPool pool = new("pool", Window.Square(window, stride), roundUp);
        Assert.Equal(MapShape.Map(1, expected, expected, 5), pool.Output(MapShape.Map(1, size, size, 5)));
    }

    [Fact]
    public void MaxPool_RoundedUpWithPadding_LeavesOutWindowsBeyondTheMap()
    {
        // Windows at −1, 1, 3; one at 5 would lie beyond the five pixels.
        MaxPool pool = new("pool", Window.Square(2, 2, 1), roundUp: true);
        Assert.Equal(MapShape.Map(1, 3, 3, 1), pool.Output(MapShape.Map(1, 5, 5, 1)));
    }

    [Fact]
    public void SpatialPyramidPool_AnySize_GivesTheSameBins()
    {
        SpatialPyramidPool spp = new("spp", 7, 3, 2, 1);
        Assert.Equal(MapShape.Map(2, 63, 1, 512), spp.Output(MapShape.Map(2, 14, 14, 512)));
        Assert.Equal(MapShape.Map(2, 63, 1, 512), spp.Output(MapShape.Map(2, 9, 31, 512)));
    }

    [Fact]
    public void Linear_Output_IsAPixelAnImage() =>
        Assert.Equal(MapShape.Map(5, 1, 1, 10), new Linear("fc", MapShape.Map(1, 3, 4, 7), 10).Output(MapShape.Map(5, 3, 4, 7)));

    [Fact]
    public void RectifierAndDropout_Output_IsTheInput()
    {
        MapShape input = MapShape.Map(2, 3, 4, 5);
        Layer[] layers = [new ReLU("f"), new LeakyReLU("f"), new PReLU("f", 5), new PReLU("f", 5, shared: true), new Dropout("d")];
        foreach (Layer layer in layers)
        {
            Assert.Equal(input, layer.Output(input));
        }
    }

    // Each message names the layer, the values and a remedy.
    public static TheoryData<string, string[]> Misfits => new()
    {
        { "channels", ["conv3_1", "[N=32,H=28,W=28,C=128]", "128 channels", "expect 64", "inChannels: 128"] },
        { "pitch", ["conv3_1", "[N=1,H=28,W=28,C=3]", "packed", "packedInput: true"] },
        { "map for photo", ["conv3_1", "[N=1,H=28,W=28,C=3]", "packed", "packedInput: false"] },
        { "small", ["conv3_1", "[N=1,H=2,W=9,C=64]", "3×3", "--size"] },
        { "pool", ["pool4", "[N=1,H=9,W=1,C=8]", "2×2 /2", "--size"] },
        { "linear", ["fc1", "[N=4,H=8,W=7,C=16]", "H=7, W=7, C=16", "spp"] },
        { "prelu", ["conv1.rectifier", "[N=1,H=2,W=2,C=96]", "96 channels", "slopes for 64", "channels: 96"] },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void Output_Misfit_NamesLayerValuesAndRemedy(string which, string[] parts)
    {
        RectifyException e = Assert.Throws<RectifyException>(() => which switch
        {
            "channels" => new Convolution("conv3_1", 64, 256, Window.Square(3)).Output(MapShape.Map(32, 28, 28, 128)),
            "pitch" => new Convolution("conv3_1", 3, 8, Window.Square(3)).Output(MapShape.Image(1, 28, 28, 3)),
            "map for photo" => new Convolution("conv3_1", 3, 8, Window.Square(3), packedInput: true).Output(MapShape.Map(1, 28, 28, 3)),
            "small" => new Convolution("conv3_1", 64, 256, Window.Square(3)).Output(MapShape.Map(1, 2, 9, 64)),
            "pool" => new MaxPool("pool4", Window.Square(2, 2)).Output(MapShape.Map(1, 9, 1, 8)),
            "linear" => new Linear("fc1", MapShape.Map(1, 7, 7, 16), 10).Output(MapShape.Map(4, 8, 7, 16)),
            _ => new PReLU("conv1.rectifier", 64).Output(MapShape.Map(1, 2, 2, 96)),
        });
        Assert.All(parts, part => Assert.Contains(part, e.Message, StringComparison.Ordinal));
    }

    public static TheoryData<string, string[]> BadSettings => new()
    {
        { "window", ["conv1", "0×3", "at least 1"] },
        { "pad", ["conv1", "pad -1", "at least 0"] },
        { "filters", ["conv1", "0 filters", "at least 1"] },
        { "pool pad", ["pool1", "2×2 pad 2", "smaller than the window"] },
        { "no level", ["spp", "{}", "at least 1"] },
        { "level 0", ["spp", "{2,0}", "at least 1"] },
        { "outputs", ["fc1", "0 outputs", "at least 1"] },
        { "leaky", ["f", "NaN", "finite", "0.01"] },
        { "dropout 1", ["drop", "1", "below 1", "0.5"] },
        { "dropout NaN", ["drop", "NaN", "below 1", "0.5"] },
    };

    [Theory]
    [MemberData(nameof(BadSettings))]
    public void Constructor_BadSetting_NamesLayerValueAndRule(string which, string[] parts)
    {
        RectifyException e = Assert.Throws<RectifyException>(() =>
        {
            _ = which switch
            {
                "window" => (Layer)new Convolution("conv1", 3, 8, new Window(0, 3, 1, 1, 0, 0, 0, 0)),
                "pad" => new Convolution("conv1", 3, 8, Window.Square(3, 1, -1)),
                "filters" => new Convolution("conv1", 3, 0, Window.Square(3)),
                "pool pad" => new MaxPool("pool1", Window.Square(2, 1, 2)),
                "no level" => new SpatialPyramidPool("spp"),
                "level 0" => new SpatialPyramidPool("spp", 2, 0),
                "outputs" => new Linear("fc1", MapShape.Map(1, 1, 1, 4), 0),
                "leaky" => new LeakyReLU("f", float.NaN),
                "dropout 1" => new Dropout("drop", 1f),
                _ => new Dropout("drop", float.NaN),
            };
        });
        Assert.All(parts, part => Assert.Contains(part, e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Network_NoLayersOrOneNameTwice_Throws()
    {
        MapShape input = MapShape.Map(1, 4, 4, 4);
        Assert.Contains("has no layers", Assert.Throws<RectifyException>(() => new Network("net", input, [])).Message, StringComparison.Ordinal);
        RectifyException twice = Assert.Throws<RectifyException>(() => new Network("net", input, [new ReLU("f"), new ReLU("f")]));
        Assert.Contains("2 layers called f", twice.Message, StringComparison.Ordinal);
        RectifyException misfit = Assert.Throws<RectifyException>(() => new Network("net", input, [new ReLU("f"), new PReLU("g", 5)]));
        Assert.Contains("g: the input [N=1,H=4,W=4,C=4]", misfit.Message, StringComparison.Ordinal);
    }
}
