using Rectify.Diagnostics;
using Rectify.Initialization;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Tensors;

namespace Rectify.Tests.Diagnostics;

/// <summary>The numbers of section 2.2 come out of the theory.</summary>
public sealed class PaperExampleTests
{
    [Fact]
    public void Predict_VggBWithFixedStd_HasThePapersGradientAtConv2()
    {
        // "If the std is initialized as 0.01, the std of the gradient propagated from conv10 to conv2 is 1/(5.9×4.2²×2.9²×2.1⁴) = 1/(1.7×10⁴) of what we derive."
        using Network network = VggB();
        PropagationPrediction prediction = Propagation.Predict(network, Rule("fixed:0.01"));
        LayerPrediction[] conv = [.. prediction.Layers.Take(10)];
        Assert.Equal("conv5_2", conv[9].Name);
        Assert.All(conv.Zip((double[])[0.059, 0.059, 0.042, 0.042, 0.029, 0.029, 0.021, 0.021, 0.021, 0.021]), pair =>

            // 0.0295 is printed as 0.029.
            Assert.InRange(pair.First.BackwardStd, pair.Second - 0.0005, pair.Second + 0.0006));

        double gradient = Math.Sqrt(conv[1..].Select(layer => layer.BackwardFactor).Aggregate(1.0, (product, factor) => product * factor));
        Assert.InRange(1.0 / gradient, 1.65e4, 1.75e4);
        Assert.Equal(gradient, Math.Sqrt(conv[1].Theory.Backward / prediction.Layers[10].Theory.Backward), 1e-12);
        Assert.Equal(1.0, Math.Sqrt(Propagation.Predict(network, Rule("he-out")).Layers[1].Theory.Backward), 1e-9);
    }

    [Fact]
    public void Predict_Xavier_LosesSqrtHalfALayer()
    {
        // "When there are L layers, the std will be 1/√2^L of our derived std."
        using Network network = Chain(0f, 8, 16, 16, 16, 16, 16, 16);
        PropagationPrediction xavier = Propagation.Predict(network, Rule("xavier"));
        PropagationPrediction he = Propagation.Predict(network, Rule("he-in"));
        Assert.Equal(Math.Pow(Math.Sqrt(0.5), 6), Math.Sqrt(xavier.Layers[^1].Theory.Forward / he.Layers[^1].Theory.Forward), 1e-12);
        Assert.Equal(Math.Pow(0.5, 5), xavier.ForwardProduct, 1e-12);
        Assert.All(xavier.Layers.Skip(1), layer => Assert.Equal(0.5, layer.ForwardFactor, 1e-12));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.25f)]
    public void Predict_OneDirectionScaled_LeavesTheOtherTheQuotientOfChannels(float slope)
    {
        // With equation 14 the forward product is c₂/d_L, and with equation 10 the backward product its inverse. The last layer has no rectifier after it.
        using Network network = Chain(slope, 3, 24, 40, 56, 12);
        double ends = (1 + (slope * slope)) / 2.0;
        PropagationPrediction backward = Propagation.Predict(network, Rule("he-out"));
        Assert.Equal(1.0, backward.BackwardProduct, 1e-12);
        Assert.Equal(24.0 / 12.0 * ends, backward.ForwardProduct, 1e-12);
        PropagationPrediction forward = Propagation.Predict(network, Rule("he-in"));
        Assert.Equal(1.0, forward.ForwardProduct, 1e-12);
        Assert.Equal(12.0 / 24.0 / ends, forward.BackwardProduct, 1e-12);
    }

    [Fact]
    public void Predict_FirstLayer_HasNoRectifierBeforeIt()
    {
        using Network network = Chain(0f, 8, 16, 16);
        LayerPrediction first = Propagation.Predict(network, Rule("xavier")).Layers[0];
        Assert.Equal(1.0, first.ForwardFactor, 1e-12);
        Assert.Equal(1.0, first.Theory.Forward, 1e-12);
        Assert.Equal(Math.Sqrt(1.0 / (9 * 8)), first.ForwardStd, 1e-12);
        Assert.Equal(2.0, Propagation.Predict(network, Rule("he-in")).Layers[0].ForwardFactor, 1e-12);
    }

    [Fact]
    public void Predict_InputsOf128_AreBroughtToOneByTheRootOnEveryLayer()
    {
        using Network network = Chain(0f, 8, 16, 16, 16, 16);
        InitializationOptions scaled = Rule("he-in") with { Factor = InitializationMath.InputFactor(128, 4) };
        double plain = 128 * Math.Sqrt(Propagation.Predict(network, Rule("he-in")).Layers[^1].Theory.Forward);
        double small = 128 * Math.Sqrt(Propagation.Predict(network, scaled).Layers[^1].Theory.Forward);
        Assert.Equal(plain / 128, small, 1e-9);
        Assert.Equal(128.0, 1.0 / Math.Pow(InitializationMath.InputFactor(128, 4), 4), 1e-9);
    }

    [Fact]
    public void Predict_ZeroPadding_TakesNinePercentAtFourteen()
    {
        using Network network = new(
            "padded", MapShape.Map(1, 14, 14, 8), [new Convolution("conv1", 8, 8, Window.Square(3, 1, 1)), new ReLU("f"), new Convolution("conv2", 8, 8, Window.Square(3, 1, 1))]);
        PropagationPrediction prediction = Propagation.Predict(network, Rule("he-in"));
        Omission[] edges = [.. prediction.Omissions.Where(omission => omission.Kind == OmissionKind.Edges)];
        Assert.Equal(2, edges.Length);
        double rows = ((12 * 3) + (2 * 2)) / (14.0 * 3);
        Assert.All(edges, edge => Assert.Equal(rows * rows, edge.Forward!.Value, 1e-12));
        Assert.InRange(1 - (rows * rows), 0.09, 0.094);
        Assert.Equal(2 * rows * rows, prediction.Layers[0].Corrected.Forward, 1e-12);

        // The edges of conv1's map are weaker already, so conv2 loses less: along a row (2/3 + 1)/3, (2/3 + 2)/3, ten of 1, and back.
        double second = ((2 * (5.0 / 9)) + (2 * (8.0 / 9)) + 10) / 14;
        Assert.Equal(2 * second * second, prediction.Layers[1].Corrected.Forward, 1e-12);
        Assert.Equal(2.0, prediction.Layers[1].Theory.Forward, 1e-12);
    }

    [Fact]
    public void Predict_AveragePooling_KeepsTheSignalAndSharesTheGradient()
    {
        using Network network = new(
            "averaged",
            MapShape.Map(1, 8, 8, 8),
            [new Convolution("conv", 8, 8, Window.Square(1)), new ReLU("f"), new AveragePool("mean", Window.Square(2, 2)), new Convolution("last", 8, 8, Window.Square(1))]);
        PropagationPrediction prediction = Propagation.Predict(network, Rule("he-in"));
        Omission pool = prediction.Omissions.Single(omission => omission.Kind == OmissionKind.Pooling);
        Assert.Equal((null, 1.0 / 16), (pool.Forward, pool.Backward));
        Assert.Equal(prediction.Layers[1].Theory.Forward, prediction.Layers[1].Corrected.Forward, 1e-12);

        // A quarter of the gradient, and half of the responses pass it on.
        Assert.Equal(0.5 / 16, (prediction.Layers[0].Corrected.Backward / prediction.Layers[1].Corrected.Backward) / (8 * Math.Pow(prediction.Layers[0].Std, 2)), 1e-9);
    }

    [Fact]
    public void Predict_PoolingOfRectifiedResponses_MultipliesByAboutThree()
    {
        using Network network = new(
            "pooled",
            MapShape.Map(1, 8, 8, 8),
            [new Convolution("conv", 8, 8, Window.Square(1)), new ReLU("f"), new MaxPool("pool", Window.Square(2, 2)), new Convolution("last", 8, 8, Window.Square(1))]);
        PropagationPrediction prediction = Propagation.Predict(network, Rule("he-in"));
        Omission pool = prediction.Omissions.Single(omission => omission.Kind == OmissionKind.Pooling);
        Assert.InRange(pool.Forward!.Value, 3.0, 3.1);
        Assert.Equal(0.25, pool.Backward);
        Assert.Equal(pool.Forward!.Value, prediction.Layers[1].Corrected.Forward / prediction.Layers[1].Theory.Forward, 1e-9);

        // Not ½ but 15 of 16 winners are above 0, and one place of four has a gradient.
        Assert.Equal(15.0 / 16 / 4, (prediction.Layers[0].Corrected.Backward / prediction.Layers[1].Corrected.Backward) / (8 * Math.Pow(prediction.Layers[0].Std, 2)), 1e-9);
    }

    [Fact]
    public void SecondMoments_OfFourNormals_IsTheKnownNumber()
    {
        (double positive, double negative) = MaximumMath.SecondMoments(4, 1);
        Assert.Equal(1 + (Math.Sqrt(3) / Math.PI), positive + negative, 1e-6);
        (positive, negative) = MaximumMath.SecondMoments(1, 0.5);
        Assert.Equal(0.5, positive, 1e-6);
        Assert.Equal(0.125, negative, 1e-6);
    }

    [Fact]
    public void Predict_WhatTheoryLeavesOut_IsNamed()
    {
        using Network network = new(
            "all",
            MapShape.Image(1, 12, 12, 3),
            [
                new Convolution("conv1", 3, 8, Window.Square(3), packedInput: true),
                new Residual("block", [new Convolution("c", 8, 8, Window.Square(1))]),
                new Concatenation("side", [], []),
                new SpatialPyramidPool("spp", 2, 1),
                new Dropout("drop", 0.2f),
                new Linear("fc", MapShape.Map(1, 5, 1, 16), 4),
            ]);
        PropagationPrediction prediction = Propagation.Predict(network, InitializationOptions.Paper);
        Assert.Equal(
            [OmissionKind.Input, OmissionKind.Edges, OmissionKind.Join, OmissionKind.Join, OmissionKind.Pyramid, OmissionKind.Dropout],
            prediction.Omissions.Select(omission => omission.Kind));
        Assert.Equal(1.25, prediction.Omissions[^1].Forward!.Value, 1e-6);
        Assert.Equal(100.0 / 144, prediction.Omissions[1].Backward!.Value, 1e-12);
    }

    [Fact]
    public void Predict_ResidualBlock_AddsItsTerms()
    {
        using Network network = new(
            "residual",
            MapShape.Map(1, 4, 4, 8),
            [
                new Residual("block", [new Convolution("a", 8, 8, Window.Square(1)), new ReLU("f"), new Convolution("b", 8, 8, Window.Square(1))]),
                new Convolution("last", 8, 8, Window.Square(1)),
            ]);
        PropagationPrediction prediction = Propagation.Predict(network, Rule("xavier"));
        Assert.Equal([1.0, 0.5, 1.5], prediction.Layers.Select(layer => Math.Round(layer.Theory.Forward, 12)));
        Assert.Equal([1.5, 1.0, 1.0], prediction.Layers.Select(layer => Math.Round(layer.Theory.Backward, 12)));
    }

    [Fact]
    public void Predict_NoWeights_SaysSo()
    {
        using Network network = new("bare", MapShape.Map(1, 4, 4, 8), [new ReLU("f")]);
        Assert.Contains("no layer with weights", Assert.Throws<RectifyException>(() => Propagation.Predict(network)).Message, StringComparison.Ordinal);
    }

    private static InitializationOptions Rule(string scheme) => new() { Scheme = InitializationScheme.Parse(scheme), PaperLinear = false };

    private static Network VggB() => ModelBuilder.Build("vgg-b", new ModelOptions { Activation = ActivationKind.ReLU });

    // 3×3 layers of so many channels, a rectifier between each two.
    private static Network Chain(float slope, params int[] channels)
    {
        List<Layer> layers = [];
        for (int i = 1; i < channels.Length; i++)
        {
            layers.Add(new Convolution($"conv{i}", channels[i - 1], channels[i], Window.Square(3, 1, 1)));
            if (i + 1 < channels.Length)
            {
                layers.Add(new LeakyReLU($"f{i}", slope));
            }
        }

        return new Network("chain", MapShape.Map(1, 8, 8, channels[0]), layers);
    }
}
