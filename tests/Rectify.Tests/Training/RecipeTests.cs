using System.Text.Json.Nodes;
using Rectify.Data;
using Rectify.Tensors;
using Rectify.Tests.Data;
using Rectify.Training;

namespace Rectify.Tests.Training;

public sealed class RecipeTests
{
    [Fact]
    public void Load_WhatWasSaved_IsTheSame()
    {
        using TemporaryFolder folder = new();
        Recipe recipe = new() { Classes = ["a", "b"], Width = 0.3, Data = "photos", Training = new TrainerOptions { LearningRateDrops = [2, 5], Seed = ulong.MaxValue } };
        recipe.Save(folder.At("recipe.json"));
        Recipe again = Recipe.Load(folder.At("recipe.json"));
        Assert.Equal(recipe.Training.Seed, again.Training.Seed);
        Assert.Equal((recipe.Width, recipe.Data, recipe.Size, recipe.Model, recipe.Dropout), (again.Width, again.Data, again.Size, again.Model, again.Dropout));
        Assert.Equal(recipe.Classes, again.Classes);
        Assert.Equal(recipe.Training.LearningRateDrops, again.Training.LearningRateDrops);
    }

    [Fact]
    public void Load_WithoutAugmentation_HasTheDefaults()
    {
        using TemporaryFolder folder = new();
        string path = folder.At("recipe.json");
        Augmentation other = new() { ScaleMin = 40, ScaleMax = 64, ColourSigma = 0.1 };
        new Recipe { Classes = ["a", "b"], Augmentation = other, Mean = "per-channel" }.Save(path);
        Assert.Equal((other, MeanKind.PerChannel), (Recipe.Load(path).Augmentation, Recipe.Load(path).MeanKind));
        JsonObject json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        Assert.True(json.Remove("augmentation"));
        File.WriteAllText(path, json.ToJsonString());
        Assert.Equal(new Augmentation(), Recipe.Load(path).Augmentation);
    }

    [Theory]
    [InlineData("augmentation", "{\"scaleMin\":64,\"scaleMax\":40}")]
    [InlineData("augmentation", "{\"colourSigma\":-1}")]
    [InlineData("classes", "null")]
    [InlineData("classes", "[]")]
    [InlineData("classes", "[\"a\"]")]
    [InlineData("classes", "[\"a\",\"a\"]")]
    [InlineData("classes", "[\"a\",null]")]
    [InlineData("training", "null")]
    [InlineData("training", "{\"learningRateDrops\":null}")]
    [InlineData("training", "{\"epochs\":-1}")]
    [InlineData("training", "{\"batchSize\":1e99}")]
    [InlineData("data", "null")]
    [InlineData("model", "null")]
    [InlineData("model", "\"resnet\"")]
    [InlineData("activation", "\"gelu\"")]
    [InlineData("initialization", "\"magic\"")]
    [InlineData("inputScale", "\"0..1\"")]
    [InlineData("width", "-3")]
    [InlineData("width", "1e300")]
    [InlineData("size", "0")]
    [InlineData("size", "2000000000")]
    [InlineData("formatVersion", "3")]
    public void Load_Nonsense_SaysWhatAndWhere(string key, string value)
    {
        using TemporaryFolder folder = new();
        string path = folder.At("recipe.json");
        new Recipe { Classes = ["a", "b"] }.Save(path);
        JsonObject json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        json[key] = JsonNode.Parse(value);
        File.WriteAllText(path, json.ToJsonString());
        RectifyException e = Assert.Throws<RectifyException>(() => Recipe.Load(path));
        Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("\0\0\0")]
    public void Load_NoRecipe_SaysSo(string text)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.At("recipe.json"), text);
        Assert.Contains("no recipe", Assert.Throws<RectifyException>(() => Recipe.Load(folder.At("recipe.json"))).Message, StringComparison.Ordinal);
    }
}
