using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Onnx.Graphs;
using Rectify.Onnx.Messages;
using Rectify.Tensors;

namespace Rectify.Tests.Onnx.Operators;

/// <summary>Models of one node, run with inputs of shapes that are fixed, that have names, and as initializers: the outputs must be the same.</summary>
internal static class OperatorRun
{
    public static GraphValue Floats(int[] shape, params float[] values) => GraphValue.Of(shape, values);

    public static GraphValue Wholes(int[] shape, params long[] values) => GraphValue.Of(shape, values);

    public static GraphValue List(params long[] values) => GraphValue.Of([values.Length], values);

    public static GraphValue Random(ref RandomStream random, params int[] shape)
    {
        float[] values = new float[shape.Aggregate(1, (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)random.NextGaussian();
        }

        return GraphValue.Of(shape, values);
    }

    /// <summary>The first output.</summary>
    public static GraphValue One(string operation, GraphValue?[] inputs, params OnnxAttribute[] attributes) => All(operation, 17, 1, inputs, attributes)[0];

    /// <summary>The first output by another version of the operators.</summary>
    public static GraphValue One(string operation, long version, GraphValue?[] inputs, params OnnxAttribute[] attributes) => All(operation, version, 1, inputs, attributes)[0];

    public static GraphValue[] All(string operation, long version, int outputs, GraphValue?[] inputs, params OnnxAttribute[] attributes)
    {
        GraphValue[] first = Run(Model(operation, version, outputs, inputs, attributes, Shapes.Fixed), inputs);
        foreach (Shapes shapes in (Shapes[])[Shapes.Named, Shapes.Unknown, Shapes.Constant])
        {
            GraphValue[] other = Run(Model(operation, version, outputs, inputs, attributes, shapes), inputs);
            Assert.Equal(first.Select(value => value.ToString()), other.Select(value => value.ToString()));
            Assert.All(first.Zip(other), pair => Assert.True(pair.First.IsFloat
                ? pair.First.Floats.AsSpan().SequenceEqual(pair.Second.Floats)
                : pair.First.Integers.AsSpan().SequenceEqual(pair.Second.Integers), $"{operation}: other numbers with {shapes} shapes"));
        }

        return first;
    }

    /// <summary>What is wrong with it, in a sentence.</summary>
    public static string Refused(string operation, GraphValue?[] inputs, params OnnxAttribute[] attributes) =>
        Assert.Throws<RectifyException>(() => Run(Model(operation, 17, 1, inputs, attributes, Shapes.Fixed), inputs)).Message;

    public static IReadOnlyDictionary<string, GraphValue> Run(OnnxProgram program, IReadOnlyDictionary<string, GraphValue> inputs, Isa? isa = null)
    {
        using Workers workers = new(2);
        return program.Run(inputs, new KernelContext(workers, isa ?? IsaDetection.Widest));
    }

    private static GraphValue[] Run(OnnxModel model, GraphValue?[] inputs)
    {
        Dictionary<string, GraphValue> given = [];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] is { } value && model.Graph.Inputs.Any(input => input.Name == $"x{i}"))
            {
                given.Add($"x{i}", value);
            }
        }

        IReadOnlyDictionary<string, GraphValue> made = Run(new OnnxProgram(model), given);
        return [.. model.Graph.Outputs.Select(output => made[output.Name])];
    }

    private static OnnxModel Model(string operation, long version, int outputs, GraphValue?[] inputs, OnnxAttribute[] attributes, Shapes shapes)
    {
        (GraphValue Value, string Name)[] given = [.. inputs.Select((value, i) => (value!, $"x{i}")).Where(input => input.Item1 is not null)];
        return new OnnxModel
        {
            OperatorSets = [new OnnxOperatorSet("", version)],
            Graph = new OnnxGraph
            {
                Inputs = shapes == Shapes.Constant
                    ? []
                    : [.. given.Select(input => new OnnxValue { Name = input.Name, Element = input.Value.Element, Dimensions = Dimensions(input.Value, input.Name, shapes) })],
                Initializers = shapes == Shapes.Constant ? [.. given.Select(input => Tensor(input.Name, input.Value))] : [],
                Nodes =
                [
                    new OnnxNode
                    {
                        Name = "node",
                        Operator = operation,
                        Attributes = attributes,
                        Inputs = [.. inputs.Select((value, i) => value is null ? "" : $"x{i}")],
                        Outputs = [.. Enumerable.Range(0, outputs).Select(i => $"y{i}")],
                    },
                ],
                Outputs = [.. Enumerable.Range(0, outputs).Select(i => new OnnxValue { Name = $"y{i}" })],
            },
        };
    }

    private static OnnxTensor Tensor(string name, GraphValue value)
    {
        long[] dimensions = [.. value.Dimensions.Select(size => (long)size)];
        if (value.IsFloat)
        {
            return OnnxTensor.Of(name, dimensions, value.Singles);
        }

        int size = OnnxElements.SizeOf(value.Element);
        byte[] bytes = [.. value.Wholes.ToArray().SelectMany(number => BitConverter.GetBytes(number).Take(size))];
        return new OnnxTensor { Name = name, Element = value.Element, Dimensions = dimensions, Data = bytes };
    }

    private static OnnxDimension[]? Dimensions(GraphValue value, string name, Shapes shapes) => shapes switch
    {
        Shapes.Fixed => [.. value.Dimensions.Select(size => OnnxDimension.FromInt64(size))],
        Shapes.Named => [.. value.Dimensions.Select((_, axis) => OnnxDimension.FromString($"{name}.{axis}"))],
        _ => null,
    };

    private enum Shapes
    {
        Fixed,
        Named,
        Unknown,
        Constant,
    }
}
