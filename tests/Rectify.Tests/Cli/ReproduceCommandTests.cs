using System.Text.Json;
using Rectify.Reproduction;

namespace Rectify.Tests.Cli;

/// <summary>rectify reproduce: the list, and what it refuses.</summary>
[Trait("Width", "any")]
public sealed class ReproduceCommandTests
{
    [Fact]
    public void Reproduce_WithoutName_ListsAllWithTheirMinutes()
    {
        (int code, string output, string errors) = CommandRun.Run("reproduce", "--scale", "builtin", "--threads", "2", "--json");
        Assert.Equal(0, code);
        using JsonDocument json = JsonDocument.Parse(output);
        JsonElement[] listed = [.. json.RootElement.GetProperty("experiments").EnumerateArray()];
        Assert.Equal(ExperimentCatalog.All.Select(experiment => experiment.Name), listed.Select(one => one.GetProperty("name").GetString()));
        Assert.All(listed, one => Assert.True(one.GetProperty("minutes").GetDouble() > 0));
        Assert.All(ExperimentCatalog.All, experiment => Assert.Contains(experiment.Name, errors, StringComparison.Ordinal));
        Assert.Contains("33.82 → 32.71", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no experiment 'table-9'", "table-9")]
    [InlineData("--scale huge: choose one of builtin, cifar", "figure-3", "--scale", "huge")]
    [InlineData("--seeds 0", "figure-3", "--scale", "builtin", "--seeds", "0")]
    [InlineData("--data is for the scales", "figure-3", "--scale", "builtin", "--data", "x")]
    [InlineData("--data builtin:10", "figure-3", "--scale", "cifar", "--data", "builtin:10")]
    public void Reproduce_WrongUse_SaysWhatToDo(string expected, params string[] arguments)
    {
        (int code, _, string errors) = CommandRun.Run(["reproduce", .. arguments]);
        Assert.Equal(2, code);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Reproduce_ScaleWithoutItsData_NamesOptionAndVariable()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("IMAGENET") is { Length: > 0 }, "IMAGENET is set.");
        (int code, _, string errors) = CommandRun.Run("reproduce", "table-2", "--scale", "imagenet");
        Assert.Equal(2, code);
        Assert.Contains("--data PATH, or in the environment variable IMAGENET", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Reproduce_DataThatIsNotThere_SaysSo()
    {
        (int code, _, string errors) = CommandRun.Run("reproduce", "table-2", "--scale", "cifar", "--data", "/nowhere/cifar");
        Assert.Equal(1, code);
        Assert.Contains("/nowhere/cifar does not exist", errors, StringComparison.Ordinal);
    }
}
