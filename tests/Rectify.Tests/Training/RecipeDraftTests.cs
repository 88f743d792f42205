using Rectify.Data;
using Rectify.Tensors;
using Rectify.Tests.Data;
using Rectify.Training;

namespace Rectify.Tests.Training;

public sealed class RecipeDraftTests
{
    [Fact]
    public void Open_PartOfARecipe_TakesDefaultsForTheRest()
    {
        RecipeDraft draft = Read("""{ "width": 0.5, /* by hand */ "training": { "epochs": 3, "plateau": { "patience": 2 }, }, "augmentation": { "colourSigma": 0.2 } }""");
        Assert.Equal(
            ["augmentation", "augmentation.colourSigma", "training", "training.epochs", "training.plateau", "training.plateau.patience", "width"],
            draft.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((0.5, 3, 2, 0.2), (draft.Recipe.Width, draft.Recipe.Training.Epochs, draft.Recipe.Training.Plateau!.Patience, draft.Recipe.Augmentation.ColourSigma));
        Assert.Equal(new Recipe().Augmentation.ScaleMax, draft.Recipe.Augmentation.ScaleMax);
        Assert.Equal(new PlateauOptions().LeastGain, draft.Recipe.Training.Plateau.LeastGain);
        Assert.Equal((128, 0.9), (draft.Recipe.Training.BatchSize, draft.Recipe.Training.Momentum));
        Assert.Empty(draft.Recipe.Classes);
    }

    [Theory]
    [InlineData("""{ "wdith": 1 }""", "'wdith'", "'width'")]
    [InlineData("""{ "training": { "epoch": 1 } }""", "'training.epoch'", "'training.epochs'")]
    [InlineData("""{ "epochs": 1 }""", "'epochs'", "'training.epochs'")]
    [InlineData("""{ "training": { "plateau": { "leastgain": 1 } } }""", "'training.plateau.leastgain'", "'training.plateau.leastGain'")]
    [InlineData("""{ "Model": "a" }""", "'Model'", "'model'")]
    public void Open_UnknownEntry_NamesItAndTheNearest(string json, string entry, string nearest)
    {
        UsageException e = Assert.Throws<UsageException>(() => Read(json));
        Assert.Contains($"no entry {entry}; did you mean {nearest}?", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "width": 1, "width": 2 }""", "'width' is there twice")]
    [InlineData("""{ "m\ud800": 1 }""", "no Unicode")]
    [InlineData("""{ "model": "\ud800" }""", "no Unicode")]
    [InlineData("""[]""", "no JSON object")]
    [InlineData("""{ "width": """, "no recipe that can be read")]
    [InlineData("""{ "width": "wide" }""", "no recipe that can be read")]
    [InlineData("""{ "training": null }""", "training")]
    [InlineData("""{ "training": { "plateau": { "patience": 0 } } }""", "--lr-plateau 0")]
    [InlineData("""{ "training": { "plateau": {}, "learningRateDrops": [3] } }""", "choose one")]
    [InlineData("""{ "fcStd": 0 }""", "fcStd")]
    [InlineData("""{ "from": null }""", "from")]
    [InlineData("""{ "formatVersion": 99 }""", "later version")]
    public void Open_Nonsense_SaysWhatAndWhere(string json, string word)
    {
        RectifyException e = Assert.ThrowsAny<RectifyException>(() => Read(json));
        Assert.Contains(word, e.Message, StringComparison.Ordinal);
        Assert.Contains("r.json", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoSuchName_ListsThoseThatThereAre() => Assert.Contains(
        "paper, cifar, finetune", Assert.Throws<UsageException>(() => RecipeDraft.Open("papr")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(null, 80, 256, 512)]
    [InlineData("a", 80, 256, 512)]
    [InlineData("b", 80, 256, 512)]
    [InlineData("c", 80, 256, 512)]
    [InlineData("small14", 75, 256, 256)]
    [InlineData("small30", 75, 256, 256)]
    public void Find_Paper_IsWhatThePaperStates(string? model, int epochs, int least, int most)
    {
        Recipe recipe = NamedRecipes.Find("paper", model).Recipe;
        Assert.Equal(model ?? "a", recipe.Model);
        Assert.Equal((epochs, 128, 0.9, 0.0005), (recipe.Training.Epochs, recipe.Training.BatchSize, recipe.Training.Momentum, recipe.Training.WeightDecay));
        Assert.Equal(
            (224, 1.0, "prelu", "he-out", 0.5f, 0.01, 0.001),
            (recipe.Size, recipe.Width, recipe.Activation, recipe.Initialization, recipe.Dropout, recipe.FcStd, recipe.LastFcStd));
        Assert.Equal((least, most, MeanKind.PerPixel), (recipe.Augmentation.ScaleMin, recipe.Augmentation.ScaleMax, recipe.MeanKind));
        Assert.Equal((0.01, 10.0, 2), (recipe.Training.LearningRate, recipe.Training.Plateau!.Factor, recipe.Training.Plateau.MostDrops));
        Assert.Empty(recipe.Training.LearningRateDrops);
        Assert.False(recipe.Training.DecayBiases);
    }

    // A recipe.json of version 0.1 before plateaus, warm starts and augmentation stood in it.
    [Fact]
    public void Load_FormatOne_IsReadWithDefaults()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.At("recipe.json"), """
            {
              "formatVersion": 1, "version": "0.1.0", "command": ["rectify", "train"], "machine": "X64", "isa": "V512", "kernels": "default", "threads": 2,
              "model": "small14", "width": 0.25, "size": 32, "activation": "prelu", "dropout": 0.5, "initialization": "he-out",
              "inputScale": "RGB 0..255 minus mean, divided by nothing", "mean": "per-pixel", "classes": ["a", "b"], "data": "builtin", "validation": "split",
              "dataFingerprint": "", "validationFingerprint": "", "statistics": "",
              "training": { "epochs": 16, "batchSize": 128, "microBatch": 0, "learningRate": 0.01, "learningRateDrops": [13], "momentum": 0.9,
                "weightDecay": 0.0005, "decayBiases": false, "seed": 1, "loaderWorkers": 2 }
            }
            """);
        Recipe recipe = Recipe.Load(folder.At("recipe.json"));
        Assert.Null(recipe.Training.Plateau);
        Assert.Empty(recipe.Training.Freeze);
        Assert.Equal(("", 0.01, 0.001), (recipe.From, recipe.FcStd, recipe.LastFcStd));
        Assert.Equal(1e-3, recipe.Training.RateAt(new TrainingPosition(13, 0, 0, 0)), 1e-12);
        Assert.Equal(recipe.Training.LearningRateDrops, RecipeDraft.Open(folder.At("recipe.json")).Recipe.Training.LearningRateDrops);
    }

    [Fact]
    public void Load_WhatWasSaved_HasTheNewEntriesToo()
    {
        using TemporaryFolder folder = new();
        Recipe recipe = NamedRecipes.Find("paper").Recipe with { Classes = ["a", "b"], From = "/w.safetensors", FromChecksum = "0" };
        recipe = recipe with { Training = recipe.Training with { Freeze = ["conv1"] } };
        recipe.Save(folder.At("recipe.json"));
        Recipe again = Recipe.Load(folder.At("recipe.json"));
        Assert.Equal(
            (recipe.From, recipe.FromChecksum, recipe.Augmentation, recipe.Training.Plateau),
            (again.From, again.FromChecksum, again.Augmentation, again.Training.Plateau));
        Assert.Equal(["conv1"], again.Training.Freeze);
    }

    private static RecipeDraft Read(string json)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.At("r.json"), json);
        return RecipeDraft.Open(folder.At("r.json"));
    }
}
