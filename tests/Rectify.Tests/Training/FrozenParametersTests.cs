using Rectify.Execution;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Tests.Training;

public sealed class FrozenParametersTests
{
    private static readonly TrainerOptions OneStep = new() { Epochs = 1, BatchSize = 48, Seed = 5 };

    [Theory]
    [InlineData("conv1", "conv1.weight conv1.bias conv1.rectifier.slope")]
    [InlineData("conv1.weight", "conv1.weight")]
    [InlineData("conv1.*", "conv1.weight conv1.bias conv1.rectifier.slope")]
    [InlineData("fc?", "fc1.weight fc1.bias fc1.rectifier.slope fc2.weight fc2.bias fc2.rectifier.slope fc3.weight fc3.bias")]
    public void Of_Pattern_StandsForLayersAndParameters(string pattern, string expected)
    {
        using Network network = Small();
        Assert.Equal(expected.Split(' ').Order(), FrozenParameters.Of(network, [pattern]).Select(parameter => parameter.Name).Order());
    }

    [Fact]
    public void Of_Slopes_AreAllSlopes()
    {
        using Network network = Small();
        IReadOnlySet<Parameter> frozen = FrozenParameters.Of(network, ["*.slope"]);
        Assert.Equal(13, frozen.Count);
        Assert.All(frozen, parameter => Assert.IsType<Slope>(parameter));
    }

    [Fact]
    public void Of_NameOfNothingOrOfAll_SaysSo()
    {
        using Network network = Small();
        Assert.Contains("conv2_1", Assert.Throws<UsageException>(() => FrozenParameters.Of(network, ["conv1", "conv9"])).Message, StringComparison.Ordinal);
        Assert.Contains("nothing would be learned", Assert.Throws<UsageException>(() => FrozenParameters.Of(network, ["*"])).Message, StringComparison.Ordinal);
    }

    // After one step the others have the bits that they would have had anyway, for no gradient depends on whether another is used.
    [Theory]
    [InlineData("conv1,conv2_*")]
    [InlineData("conv2_2.weight,fc1,fc2.bias")]
    [InlineData("*.slope")]
    public void Run_Frozen_StayAndChangeNothingElse(string names)
    {
        using SmallTraining free = new(OneStep);
        using SmallTraining frozen = new(OneStep with { Freeze = names.Split(',') });
        Dictionary<string, float[]> before = frozen.Values();
        free.Run();
        frozen.Run();
        Dictionary<string, float[]> expected = free.Values();
        Dictionary<string, float[]> found = frozen.Values();
        HashSet<string> still = [.. frozen.Trainer.Optimizer.Frozen.Select(parameter => parameter.Name)];
        Assert.NotEmpty(still);
        foreach ((string name, float[] values) in found)
        {
            Assert.True((still.Contains(name) ? before : expected)[name].AsSpan().SequenceEqual(values), name);
            Assert.False(before[name].AsSpan().SequenceEqual(expected[name]), $"{name} would not have moved anyway");
        }
    }

    [Fact]
    public void Plan_FrozenFirstLayers_HaveNoWayBackAndNeedLessMemory()
    {
        using SmallTraining session = new(OneStep);
        IReadOnlySet<Parameter> frozen = FrozenParameters.Of(session.Network, ["conv1", "conv2_*"]);
        Plan plan = new(session.Network, Range.All, fuse: true, frozen);
        int first = Enumerable.Range(0, plan.StepList.Length).First(i => plan.StepList[i].Name == "conv3_1");
        Assert.All(Enumerable.Range(0, plan.StepList.Length), i => Assert.Equal(i >= first, plan.HasWayBack(i)));
        MapShape images = MapShape.Image(8, SmallTraining.Size, SmallTraining.Size, 3);
        Plan whole = new(session.Network);
        Assert.True(plan.ArenaBytes(session.Context, ExecutionMode.Training, images) < whole.ArenaBytes(session.Context, ExecutionMode.Training, images));
    }

    private static Network Small() => ModelBuilder.Build("small14", new ModelOptions { Classes = 10, Crop = SmallTraining.Size, Width = 0.1 });
}
