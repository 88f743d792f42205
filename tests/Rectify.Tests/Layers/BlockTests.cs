using Rectify.Data;
using Rectify.Execution;
using Rectify.Initialization;
using Rectify.Layers;
using Rectify.Tensors;
using Rectify.Tests.Data;
using Rectify.Tests.Execution;
using Rectify.Training;

namespace Rectify.Tests.Layers;

public sealed class BlockTests
{
    private static readonly MapShape Input = MapShape.Map(1, 8, 8, 16);

    [Fact]
    public void Parameters_InBlocksOfBlocks_AreNamedByTheirPath()
    {
        using Network network = Nested();
        Assert.Equal(
            [
                "block1/conv1.weight", "block1/conv1.bias", "block1/f.slope", "block1/inner/conv2.weight", "block1/inner/conv2.bias",
                "block1/shortcut.weight", "last.weight", "last.bias",
            ],
            network.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(
            ["block1/conv1", "block1/f", "block1/inner/conv2", "block1/inner", "block1/shortcut", "block1", "last"],
            network.Nodes.Select(node => node.Layer.Name));
    }

    [Fact]
    public void Nodes_InBlocks_ReadWhatTheBlocksSay()
    {
        using Network network = Nested();
        Assert.Equal(["0", "1", "2", "3,2", "0", "4,5", "6"], network.Nodes.Select(node => string.Join(',', node.Sources)));
    }

    [Fact]
    public void Output_Residual_IsTheBranchs()
    {
        Residual block = new("b", [new Convolution("c", 16, 24, Window.Square(3, 2, 1))], [new Convolution("s", 16, 24, Window.Square(1, 2))]);
        Assert.Equal(MapShape.Map(1, 4, 4, 24), block.Output(Input));
        Assert.Equal(2L * 8 * 24 * 16 * 9 + (2L * 8 * 24 * 16), block.MultiplyAdds(Input));
    }

    [Fact]
    public void Output_Concatenation_AddsChannels()
    {
        Concatenation block = new("b", [new Convolution("c", 16, 5, Window.Square(1))], [], [new MaxPool("p", Window.Square(3, 1, 1))]);
        Assert.Equal(MapShape.Map(1, 8, 8, 37), block.Output(Input));
    }

    [Fact]
    public void Output_BranchesThatDoNotFit_SayWhichAndHow()
    {
        Residual sum = new("block3", [new Convolution("c", 16, 24, Window.Square(3, 2, 1))]);
        RectifyException e = Assert.Throws<RectifyException>(() => sum.Output(Input));
        Assert.Equal(
            "block3: the branch gives [N=1,H=4,W=4,C=24], the shortcut [N=1,H=8,W=8,C=16], and a sum needs the same shape; "
            + "give the shortcut a convolution with 24 filters and the branch's strides.",
            e.Message);
        Concatenation side = new("block4", [new MaxPool("p", Window.Square(2, 2))], []);
        e = Assert.Throws<RectifyException>(() => side.Output(Input));
        Assert.Equal(
            "block4: the branches give [N=1,H=4,W=4,C=16], [N=1,H=8,W=8,C=16], and only maps of the same height and width go side by side; change strides or padding.",
            e.Message);
        Residual photo = new("block5", [new Convolution("c", 3, 3, Window.Square(1), packedInput: true)]);
        Assert.Contains("packed photo", Assert.Throws<RectifyException>(() => photo.Output(MapShape.Image(1, 8, 8, 3))).Message, StringComparison.Ordinal);
        Assert.Throws<RectifyException>(() => new Concatenation("none"));
    }

    [Fact]
    public void Network_SameNameTwiceInABlock_Throws()
    {
        Concatenation block = new("b", [new ReLU("f")], [new ReLU("f")]);
        RectifyException e = Assert.Throws<RectifyException>(() => new Network("net", Input, [block]));
        Assert.Contains("2 layers called b/f", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_RectifierThatSharesItsInput_IsNotFused()
    {
        // conv's map goes to the rectifier and, as the shortcut, to the sum: fused it would be lost.
        using Network network = new("n", Input, [new Convolution("conv", 16, 16, Window.Square(1)), new Residual("block", [new ReLU("f")]), new ReLU("g")]);
        IReadOnlyList<PlanEntry> plan = new Plan(network).Describe(Input, ExecutionMode.Training, Rectify.Kernels.Simd.Isa.Scalar);
        Assert.Equal(["conv", "block/f", "block", "g"], plan.Select(entry => entry.Name));
        Assert.Equal([64L * 256, 0, 0, 0], plan.Select(entry => entry.MultiplyAdds));
    }

    [Fact]
    public void Checkpoint_OfBlocks_ComesBack()
    {
        using TemporaryFolder folder = new();
        using Network network = Nested();
        using Network other = Nested();
        Initializer.Apply(network, InitializationOptions.Paper, 1);
        MeanImage mean = new(8, MeanKind.PerChannel, [1f, 2f, 3f]);
        Checkpoint.SaveWeights(folder.At("w.safetensors"), network, mean, new TrainingPosition(0, 0, 0, 0));
        Checkpoint.LoadWeights(folder.At("w.safetensors"), other);
        Assert.All(network.Parameters.Zip(other.Parameters), pair => Assert.Equal(pair.First.Values.ToArray(), pair.Second.Values.ToArray()));
        Assert.Contains(network.Parameters, parameter => parameter.Name == "block1/inner/conv2.weight" && parameter.Values.ContainsAnyExcept(0f));
    }

    [Fact]
    public void Initializer_ThroughBlocks_FindsTheRectifiers()
    {
        using Network network = new(
            "n",
            Input,
            [
                new Convolution("conv", 16, 16, Window.Square(1)),
                new LeakyReLU("f", 0.5f),
                new Residual("block", [new Convolution("a", 16, 16, Window.Square(1)), new LeakyReLU("g", 0.25f), new Convolution("b", 16, 16, Window.Square(1))]),
                new ReLU("h"),
                new Convolution("last", 16, 16, Window.Square(1)),
            ]);
        string[] names = [.. network.Nodes.Select(node => node.Layer.Name)];
        Assert.Equal(0.5, Initializer.SlopeBefore(network, Array.IndexOf(names, "block/a")));
        Assert.Equal(0.25, Initializer.SlopeAfter(network, Array.IndexOf(names, "block/a")));
        Assert.Equal(0.25, Initializer.SlopeBefore(network, Array.IndexOf(names, "block/b")));
        Assert.Equal(0.0, Initializer.SlopeAfter(network, Array.IndexOf(names, "block/b")));
        Assert.Equal(0.0, Initializer.SlopeBefore(network, Array.IndexOf(names, "last")));
        Assert.Equal(1.0, Initializer.SlopeAfter(network, Array.IndexOf(names, "last")));
    }

    [Fact]
    public void Backward_OfBlocks_AnnouncesEveryGradientOnceWhenComplete()
    {
        using Network network = Nested();
        RandomStream random = new(1, RandomPurpose.Testing, 0, 0);
        RandomNetwork.Fill(network, ref random);
        using PlanRun run = new(network, Input);
        run.Forward(Packed.Gaussian(ref random, 64 * 16));
        Announced announced = new();
        run.Backward(Packed.Gaussian(ref random, 5), announced);
        Assert.Equal(network.Parameters.Count, announced.Gradients.Count);
        Assert.All(network.Parameters, parameter => Assert.Equal(run.Workspace.Gradient(parameter).ToArray(), announced.Gradients[parameter]));
    }

    private static Network Nested() => new(
        "nested",
        Input,
        [
            new Residual(
                "block1",
                [
                    new Convolution("conv1", 16, 16, Window.Square(3, 1, 1)),
                    new PReLU("f", 16),
                    new Residual("inner", [new Convolution("conv2", 16, 16, Window.Square(3, 1, 1))]),
                ],
                [new Convolution("shortcut", 16, 16, Window.Square(1), bias: false)]),
            new Linear("last", Input, 5),
        ]);

    private sealed class Announced : IGradientSink
    {
        public Dictionary<Parameter, float[]> Gradients { get; } = [];

        public void Complete(Parameter parameter, Workspace workspace) => Gradients.Add(parameter, workspace.Gradient(parameter).ToArray());
    }
}
