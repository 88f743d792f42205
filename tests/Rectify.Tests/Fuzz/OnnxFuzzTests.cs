using Rectify.Kernels.Simd;
using Rectify.Onnx.Messages;
using Rectify.Tensors;

namespace Rectify.Tests.Fuzz;

/// <summary>Models that are whole as files and wrong in what they say: each is run, converted or refused with a sentence, in bounded memory.</summary>
[Trait("Width", "any")]
public sealed class OnnxFuzzTests
{
    private const int Trials = 20_000;
    private const long MostAllocated = 128L << 20;

    private static readonly long[] Numbers = [0, 1, -1, 2, 3, 7, 100, int.MaxValue, int.MinValue, 1L << 24, 1L << 40, long.MaxValue, long.MinValue];
    private static readonly string[] Operators =
    [
        "Conv", "Gemm", "MatMul", "MaxPool", "AveragePool", "Relu", "PRelu", "Add", "Concat", "Flatten", "Reshape", "Slice", "Gather", "Transpose", "Softmax",
        "Squeeze", "Unsqueeze", "Shape", "ReduceMax", "ReduceMean", "GlobalAveragePool", "GlobalMaxPool", "BatchNormalization", "Cast", "Dropout", "Resize", "Sum", "Div",
        "Identity", "Constant", "LeakyRelu", "Nothing",
    ];

    [Fact]
    public void Run_ModelThatSaysNonsense_IsRunOrRefusedWithASentence()
    {
        OnnxModel[] corpus = [OnnxModels.Small(), OnnxModels.Pyramid()];
        (int done, int refused) = (0, 0);
        int trials = IsaDetection.Widest == Isa.V512 ? Trials : Trials / 10;
        for (int trial = 0; trial < trials; trial++)
        {
            RandomStream random = new(12, RandomPurpose.Testing, 0, (ulong)trial);
            OnnxModel model = corpus[trial % corpus.Length];
            for (int i = 1 + random.NextInt(3); i > 0; i--)
            {
                model = model with { Graph = Mutated(model.Graph, ref random), OperatorSets = [new OnnxOperatorSet("", random.NextInt(8) == 0 ? random.NextInt(26) : 17)] };
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                OnnxModels.RunAndConvert(model);
                done++;
            }
            catch (RectifyException e)
            {
                refused++;
                Assert.False(string.IsNullOrWhiteSpace(e.Message) || e.Message.Contains("\n   at ", StringComparison.Ordinal), e.Message);
            }
            catch (Exception e) when (e is not RectifyException)
            {
                Assert.Fail($"trial {trial} of seed 12: {e}");
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < MostAllocated, $"trial {trial} of seed 12: {allocated} bytes");
        }

        Assert.True(done > trials / 50 && refused > trials / 2, $"{done} were run and {refused} refused: the mutations do not reach the graph");
    }

    private static OnnxGraph Mutated(OnnxGraph graph, ref RandomStream random)
    {
        int at = random.NextInt(graph.Nodes.Count);
        OnnxNode node = graph.Nodes[at];
        switch (random.NextInt(8))
        {
            case 0:
                return With(graph, at, node with { Operator = Operators[random.NextInt(Operators.Length)] });
            case 1:
                return With(graph, at, node with { Operator = Operators[random.NextInt(Operators.Length)], Attributes = [] });
            case 2 when node.Inputs.Count > 0:
                string[] inputs = [.. node.Inputs];
                inputs[random.NextInt(inputs.Length)] = random.NextInt(4) == 0 ? "" : AnyName(graph, ref random);
                return With(graph, at, node with { Inputs = inputs });
            case 3:
                return With(graph, at, node with { Inputs = [.. node.Inputs, AnyName(graph, ref random)] });
            case 4 when node.Attributes.Count > 0:
                OnnxAttribute[] attributes = [.. node.Attributes];
                int which = random.NextInt(attributes.Length);
                long[] wholes = [.. attributes[which].Wholes];
                if (wholes.Length > 0)
                {
                    wholes[random.NextInt(wholes.Length)] = Numbers[random.NextInt(Numbers.Length)];
                }

                wholes = random.NextInt(4) == 0 ? wholes[..(wholes.Length / 2)] : wholes;
                attributes[which] = attributes[which] with { Wholes = wholes, Whole = Numbers[random.NextInt(Numbers.Length)] };
                return With(graph, at, node with { Attributes = attributes });
            case 5:
                return With(graph, at, node with { Outputs = [random.NextBool() ? AnyName(graph, ref random) : "", .. node.Outputs.Skip(random.NextInt(2))] });
            case 6:
                return graph with { Nodes = [.. graph.Nodes.Take(at), .. graph.Nodes.Skip(at + 1)] };
            default:
                OnnxTensor[] tensors = [.. graph.Initializers];
                int t = random.NextInt(tensors.Length);
                tensors[t] = Mutated(tensors[t], ref random);
                return graph with { Initializers = tensors };
        }
    }

    private static OnnxTensor Mutated(OnnxTensor tensor, ref RandomStream random)
    {
        if (tensor.Element == OnnxElement.I64)
        {
            long[] wholes = tensor.ToIntegers();
            wholes[random.NextInt(wholes.Length)] = Numbers[random.NextInt(Numbers.Length)];
            return OnnxTensor.Of(tensor.Name, tensor.Dimensions, wholes);
        }

        long[] dimensions = [.. tensor.Dimensions];
        switch (dimensions.Length == 0 ? 2 : random.NextInt(3))
        {
            case 0:
                dimensions[random.NextInt(dimensions.Length)] = Numbers[random.NextInt(Numbers.Length)];
                return tensor with { Dimensions = dimensions };
            case 1:
                Array.Reverse(dimensions);
                return tensor with { Dimensions = dimensions };
            default:
                return tensor with { Dimensions = [], Data = tensor.Data[..4] };
        }
    }

    private static OnnxGraph With(OnnxGraph graph, int at, OnnxNode node) => graph with { Nodes = [.. graph.Nodes.Take(at), node, .. graph.Nodes.Skip(at + 1)] };

    private static string AnyName(OnnxGraph graph, ref RandomStream random)
    {
        string[] names = [.. graph.Nodes.SelectMany(node => node.Outputs), .. graph.Initializers.Select(tensor => tensor.Name), "pixels"];
        return names[random.NextInt(names.Length)];
    }
}
