using Rectify.Reproduction;
using Rectify.Training;

namespace Rectify.Tests.Reproduction;

/// <summary>Which recipes are one run.</summary>
public sealed class RecipeKeyTests
{
    private static readonly Recipe OnFiles = new() { Data = "/here/cifar", Validation = "split", DataFingerprint = "1:ab", ValidationFingerprint = "1:cd" };

    [Fact]
    public void Of_WhatChangesNoResult_IsTheSame()
    {
        string key = RecipeKey.Of(OnFiles);
        Assert.Matches("^[0-9a-f]{8}$", key);
        Assert.Equal(key, RecipeKey.Of(OnFiles with { Version = "2", Command = ["x"], Machine = "y", Isa = "V128", Threads = 7, Classes = ["a", "b"] }));
        Assert.Equal(key, RecipeKey.Of(OnFiles with { Data = "/elsewhere/cifar" }));
        Assert.Equal(key, RecipeKey.Of(OnFiles with { Training = OnFiles.Training with { LoaderWorkers = 9 } }));
    }

    [Fact]
    public void Of_WhatChangesResults_Differs()
    {
        Recipe[] others =
        [
            OnFiles,
            OnFiles with { DataFingerprint = "1:ee" },
            OnFiles with { Width = 0.5 },
            OnFiles with { Activation = "relu" },
            OnFiles with { Kernels = Recipe.ExactKernels },
            OnFiles with { Training = OnFiles.Training with { Seed = 2 } },
            OnFiles with { Training = OnFiles.Training with { LearningRateDrops = [3] } },
            OnFiles with { Data = "builtin:100" },
            OnFiles with { Data = "builtin:200" },
        ];
        Assert.Equal(others.Length, others.Select(RecipeKey.Of).Distinct().Count());
    }

    [Fact]
    public void Of_BuiltinPictures_IgnoresTheirFingerprint()
    {
        Recipe planned = new() { Data = "builtin", Validation = "builtin" };
        Assert.Equal(RecipeKey.Of(planned), RecipeKey.Of(planned with { DataFingerprint = "1:ab", ValidationFingerprint = "1:cd" }));
    }

    [Fact]
    public void NameOf_ARecipe_SaysWhatItIs() =>
        Assert.StartsWith("small14-1-32-prelu-he-out-10ep-seed1-", RecipeKey.NameOf(OnFiles), StringComparison.Ordinal);
}
