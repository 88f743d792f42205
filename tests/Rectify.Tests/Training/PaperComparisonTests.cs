using Rectify.Training;

namespace Rectify.Tests.Training;

public sealed class PaperComparisonTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    [InlineData("c")]
    [InlineData("small14")]
    [InlineData("small30")]
    [InlineData("vgg16")]
    public void All_ThePapersRecipe_HasNothingChanged(string model)
    {
        PaperComparison comparison = new(NamedRecipes.Find("paper", model).Recipe);
        Assert.DoesNotContain(comparison.All, parameter => parameter.Origin == ValueOrigin.Changed);
        Assert.All(comparison.All, parameter => Assert.Equal(parameter.Origin == ValueOrigin.NotStated, parameter.Paper.Length == 0));
        Assert.Equal(comparison.All.Count, comparison.All.Select(parameter => parameter.Name).Distinct().Count());
        Assert.Equal([0.01, 0.001, 0.0001], comparison.LearningRates.Select(rate => Math.Round(rate, 10)));
        Assert.Equal([0.01, 0.01, 0.001], comparison.FcStds);
    }

    [Theory]
    [InlineData("patience")]
    [InlineData("leastGain")]
    [InlineData("colourSigma")]
    [InlineData("weight decay of biases")]
    public void All_WhatThePaperLeavesOut_SaysSo(string name) =>
        Assert.Equal(ValueOrigin.NotStated, new PaperComparison(NamedRecipes.Find("paper").Recipe).All.Single(parameter => parameter.Name == name).Origin);

    // Each entry of the paper's recipe that somebody changes must be seen.
    [Fact]
    public void All_AnyChange_IsSeenWithThePapersValue()
    {
        Recipe paper = NamedRecipes.Find("paper").Recipe;
        (string Name, string Value, Recipe Changed)[] changes =
        [
            ("batch", "128", paper with { Training = paper.Training with { BatchSize = 32 } }),
            ("momentum", "0.9", paper with { Training = paper.Training with { Momentum = 0.8 } }),
            ("weightDecay", "0.0005", paper with { Training = paper.Training with { WeightDecay = 0 } }),
            ("dropout", "0.5", paper with { Dropout = 0 }),
            ("init", "he-out", paper with { Initialization = "xavier" }),
            ("fcStd", "0.01, 0.01, 0.001", paper with { LastFcStd = 0.01 }),
            ("learningRates", "0.01, 0.001, 0.0001", paper with { Training = paper.Training with { LearningRate = 0.1 } }),
            ("schedule", "plateau", paper with { Training = paper.Training with { Plateau = null, LearningRateDrops = [40, 60] } }),
            ("epochs", "80", paper with { Training = paper.Training with { Epochs = 90 } }),
            ("scaleMin", "256", paper with { Augmentation = paper.Augmentation with { ScaleMin = 224 } }),
            ("scaleMax", "512", paper with { Augmentation = paper.Augmentation with { ScaleMax = 256 } }),
            ("crop", "224", paper with { Size = 112 }),
            ("width", "1", paper with { Width = 0.25 }),
            ("activation", "prelu or prelu-shared or relu", paper with { Activation = "leaky" }),
            ("colourSigma", "\"random color altering\"", paper with { Augmentation = paper.Augmentation with { ColourSigma = 0 } }),
            ("frozen", "nothing", paper with { Training = paper.Training with { Freeze = ["conv1"] } }),
            ("weights at the start", "drawn", paper with { From = "w" }),
        ];
        foreach ((string name, string value, Recipe changed) in changes)
        {
            HyperParameter found = new PaperComparison(changed).All.Single(parameter => parameter.Name == name);
            Assert.Equal((ValueOrigin.Changed, value), (found.Origin, found.Paper));
        }
    }
}
