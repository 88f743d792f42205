using Rectify.Formats;
using Rectify.Initialization;
using Rectify.Layers;
using Rectify.Tensors;
using Rectify.Tests.Inference;
using Rectify.Training;

namespace Rectify.Tests.Training;

public sealed class WarmStartTests
{
    [Fact]
    public void Apply_OtherClasses_TakesAllButTheLastLayer()
    {
        using TinyRun run = new();
        Recipe recipe = Recipe.Load(Path.Combine(run.Path, "recipe.json"));
        using Network source = recipe.BuildNetwork();
        Checkpoint.LoadWeights(run.CheckpointPath, source);
        using Network network = Fresh(recipe with { Classes = ["cat", "dog", "gnu"] }, 9);
        using Network before = Fresh(recipe with { Classes = ["cat", "dog", "gnu"] }, 9);
        WarmStartReport report = WarmStart.Open(run.Path).Apply(network, ["cat", "dog", "gnu"]);
        Assert.Equal(["fc3.weight", "fc3.bias"], report.Left.Select(left => left.Name));
        Assert.All(report.Left, left => Assert.Contains("classes", left.Reason, StringComparison.Ordinal));
        Assert.Equal(network.Parameters.Count - 2, report.Loaded.Count);
        Assert.Empty(report.Unused);
        for (int i = 0; i < network.Parameters.Count; i++)
        {
            Network same = report.Loaded.Contains(network.Parameters[i].Name) ? source : before;
            Assert.True(same.Parameters[i].Values.SequenceEqual(network.Parameters[i].Values), network.Parameters[i].Name);
        }
    }

    // As many outputs, but of other things: the shape alone would let them pass.
    [Fact]
    public void Apply_AsManyOtherClasses_LeavesTheLastLayer()
    {
        using TinyRun run = new();
        Recipe recipe = Recipe.Load(Path.Combine(run.Path, "recipe.json"));
        string[] others = [.. recipe.Classes.Reverse()];
        using Network network = Fresh(recipe with { Classes = others }, 9);
        Assert.Equal(["fc3.weight", "fc3.bias"], WarmStart.Open(run.CheckpointPath).Apply(network, others).Left.Select(left => left.Name));
        Assert.Empty(WarmStart.Open(run.CheckpointPath).Apply(network, recipe.Classes).Left);
    }

    [Fact]
    public void Apply_BareFile_GoesByNameAndShapeAndListsTheRest()
    {
        using TinyRun run = new();
        Recipe recipe = Recipe.Load(Path.Combine(run.Path, "recipe.json"));
        using Network network = Fresh(recipe, 9);
        Parameter slope = network.Parameters.First(parameter => parameter.Name == "conv1.rectifier.slope");
        float[] given = [.. Enumerable.Range(0, (int)slope.Count).Select(i => 0.1f * i)];
        SafetensorsWriter writer = new();
        writer.Add(slope.Name, slope.Dimensions, values => given.CopyTo(values));
        writer.Add("conv1.bias", network.Parameters.First(parameter => parameter.Name == "conv1.bias").Dimensions, values => values.Fill(3));
        writer.Add("head.weight", [2], values => values.Clear());
        string path = run.Folder.At("bare.safetensors");
        AtomicFile.Write(path, writer.Write);
        WarmStartReport report = WarmStart.Open(path).Apply(network, recipe.Classes);
        Assert.Equal([slope.Name], report.Loaded);
        Assert.Equal(["head.weight"], report.Unused.Where(name => name != "conv1.bias"));
        Assert.Equal("conv1.weight is not in the file", report.Left.Single(left => left.Name == "conv1.bias").Reason);
        float[] taken = new float[slope.Count];
        slope.ToFile(slope.Values, taken);
        Assert.Equal(given, taken);
    }

    [Fact]
    public void Apply_NothingThatFits_SaysSo()
    {
        using TinyRun run = new();
        using Network network = Fresh(new Recipe { Width = 0.3, Size = 16, Classes = ["cat", "dog"], Activation = "relu" }, 1);
        RectifyException e = Assert.Throws<RectifyException>(() => WarmStart.Open(run.Path).Apply(network, ["cat", "dog"]));
        Assert.Contains("nothing fits small14: conv1.weight has the shape", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_WeightsThatAreNotFinite_SaysSo()
    {
        using TinyRun run = new(network => network.Parameters[3].Values[0] = float.NaN);
        Recipe recipe = Recipe.Load(Path.Combine(run.Path, "recipe.json"));
        using Network network = Fresh(recipe, 1);
        Assert.Contains("NaN", Assert.Throws<RectifyException>(() => WarmStart.Open(run.Path).Apply(network, recipe.Classes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoSuchRunOrFile_SaysSo()
    {
        Assert.Contains("no-such-run", Assert.Throws<RectifyException>(() => WarmStart.Open("no-such-run")).Message, StringComparison.Ordinal);
        Assert.Contains("no such file", Assert.Throws<RectifyException>(() => WarmStart.Open("no.safetensors")).Message, StringComparison.Ordinal);
    }

    private static Network Fresh(Recipe recipe, ulong seed)
    {
        Network network = recipe.BuildNetwork();
        Initializer.Apply(network, new InitializationOptions { PaperLinear = false }, seed);
        return network;
    }
}
