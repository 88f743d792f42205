using Rectify.Onnx.Graphs;
using Rectify.Onnx.Messages;
using Rectify.Tensors;
using Rectify.Tests.Onnx.Operators;

namespace Rectify.Tests.Onnx.Graphs;

public sealed class OnnxProgramTests
{
    private static OnnxNode Relu(string from, string to) => new() { Name = $"relu {to}", Operator = "Relu", Inputs = [from], Outputs = [to] };

    private static OnnxModel Model(params OnnxNode[] nodes) => new()
    {
        OperatorSets = [new OnnxOperatorSet("", 17)],
        Graph = new OnnxGraph { Inputs = [OnnxValue.Of("x", "N", 2)], Outputs = [OnnxValue.Of("y", "N", 2)], Nodes = nodes },
    };

    private static string Refused(OnnxModel model) => Assert.Throws<RectifyException>(() => new OnnxProgram(model, "net.onnx")).Message;

    [Fact]
    public void Run_ValuesReadTwiceAndOutputsInTheMiddle_AreKept()
    {
        OnnxModel model = Model(
            Relu("x", "a"),
            new OnnxNode { Operator = "Add", Inputs = ["a", "x"], Outputs = ["b"] },
            new OnnxNode { Operator = "Mul", Inputs = ["b", "a"], Outputs = ["y"] });
        model = model with { Graph = model.Graph with { Outputs = [.. model.Graph.Outputs, OnnxValue.Of("a"), OnnxValue.Of("x")] } };

        IReadOnlyDictionary<string, GraphValue> made = OperatorRun.Run(new OnnxProgram(model), new Dictionary<string, GraphValue> { ["x"] = GraphValue.Of([1, 2], [3f, -1f]) });

        Assert.Equal([18f, 0], made["y"].Floats);
        Assert.Equal([3f, 0], made["a"].Floats);
        Assert.Equal([3f, -1], made["x"].Floats);
    }

    [Fact]
    public void Run_InputsThatDoNotFit_AreRefusedWithWhatIsDue()
    {
        OnnxModel model = Model(new OnnxNode { Operator = "Add", Inputs = ["x", "z"], Outputs = ["y"] });
        OnnxProgram program = new(model with { Graph = model.Graph with { Inputs = [.. model.Graph.Inputs, OnnxValue.Of("z", "N", "M")] } }, "net.onnx");
        string Run<TException>(params (string Name, GraphValue Value)[] inputs)
            where TException : Exception => Assert.Throws<TException>(() => OperatorRun.Run(program, inputs.ToDictionary(i => i.Name, i => i.Value))).Message;
        GraphValue two = GraphValue.Of([1, 2], [1f, 2f]);

        Assert.Equal("net.onnx: the input 'z' is missing; it takes x F32 [N,2]; z F32 [N,M].", Run<UsageException>(("x", two)));
        Assert.Contains("has no input 'w'", Run<UsageException>(("x", two), ("z", two), ("w", two)), StringComparison.Ordinal);
        Assert.Contains("'x' is F32 [2]", Run<RectifyException>(("x", GraphValue.Of([2], [1f, 2f])), ("z", two)), StringComparison.Ordinal);
        Assert.Contains("'x' is I64 [1,2]", Run<RectifyException>(("x", GraphValue.Of([1, 2], [1L, 2])), ("z", two)), StringComparison.Ordinal);

        // N is 1 in one and 2 in the other.
        Assert.Contains("'z' is F32 [2,1]", Run<RectifyException>(("x", two), ("z", GraphValue.Of([2, 1], [1f, 2f]))), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_GraphThatMakesNoSense_IsRefusedWithTheNode()
    {
        Assert.Contains("relu y (Relu) reads 'a', which is no input", Refused(Model(Relu("a", "y"), Relu("y", "a"))), StringComparison.Ordinal);
        Assert.Contains("nothing makes the output 'y'", Refused(Model(Relu("x", "a"))), StringComparison.Ordinal);
        Assert.Contains("has 'y' twice, the second time as output of relu y (Relu)", Refused(Model(Relu("x", "y"), Relu("x", "y"))), StringComparison.Ordinal);
        Assert.Contains("'x' twice", Refused(Model(Relu("x", "x"))), StringComparison.Ordinal);
        OnnxModel doubled = Model(Relu("x", "y"));
        doubled = doubled with { Graph = doubled.Graph with { Outputs = [.. doubled.Graph.Outputs, OnnxValue.Of("y")] } };
        Assert.Contains("lists the output 'y' twice", Refused(doubled), StringComparison.Ordinal);
        Assert.Contains("relu y (Tanh): the operator Tanh is not supported", Refused(Model(Relu("x", "y") with { Operator = "Tanh" })), StringComparison.Ordinal);
        Assert.Contains("the operator com.other.Relu is not supported", Refused(Model(Relu("x", "y") with { Domain = "com.other" })), StringComparison.Ordinal);
        Assert.Contains("does not say which version", Refused(Model(Relu("x", "y")) with { OperatorSets = [] }), StringComparison.Ordinal);
        Assert.Contains("version 99", Refused(Model(Relu("x", "y")) with { OperatorSets = [new OnnxOperatorSet("ai.onnx", 99)] }), StringComparison.Ordinal);
        Assert.Contains("Relu is read from version 6", Refused(Model(Relu("x", "y")) with { OperatorSets = [new OnnxOperatorSet("", 5)] }), StringComparison.Ordinal);
        OnnxModel model = Model(Relu("x", "y"));
        OnnxTensor wrong = new() { Name = "w", Element = OnnxElement.F32, Dimensions = [1L << 40], Data = new byte[4] };
        Assert.Contains("'w' F32 [1099511627776] does not fit", Refused(model with { Graph = model.Graph with { Initializers = [wrong] } }), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_InitializersThatAreInputsToo_AreNoInputs()
    {
        OnnxModel model = Model(new OnnxNode { Operator = "Mul", Inputs = ["x", "w"], Outputs = ["y"] });
        model = model with { Graph = model.Graph with { Inputs = [.. model.Graph.Inputs, OnnxValue.Of("w", 1)], Initializers = [OnnxTensor.Of("w", [1], [2f])] } };

        OnnxProgram program = new(model);

        Assert.Equal(["x"], program.Inputs.Select(input => input.Name));
        Assert.Equal([2f, 4], OperatorRun.Run(program, new Dictionary<string, GraphValue> { ["x"] = GraphValue.Of([1, 2], [1f, 2f]) })["y"].Floats);
    }
}
