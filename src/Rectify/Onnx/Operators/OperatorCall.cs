using System.Globalization;
using Rectify.Kernels;
using Rectify.Onnx.Graphs;
using Rectify.Onnx.Messages;
using Rectify.Tensors;

namespace Rectify.Onnx.Operators;

/// <summary>One run of one node: its settings, its inputs, and what it may use.</summary>
/// <param name="node">The node.</param>
/// <param name="model">What messages call the model.</param>
/// <param name="version">The version of the standard operators.</param>
/// <param name="inputs">Its inputs; null where an optional one is left out.</param>
/// <param name="context">Threads and vector width.</param>
/// <param name="options">What the run may take.</param>
internal sealed class OperatorCall(OnnxNode node, string model, long version, GraphValue?[] inputs, KernelContext context, GraphOptions options)
{
    public long Version => version;

    public KernelContext Context => context;

    public int InputCount => inputs.Length;

    public bool Has(string attribute) => node.Attributes.Any(a => a.Name == attribute);

    /// <summary>Whether an output is wanted.</summary>
    public bool Wants(int output) => output < node.Outputs.Count && node.Outputs[output].Length > 0;

    public RectifyException Error(string what) => new($"{model}: {node}: {what}.");

    /// <summary>An input that must be there.</summary>
    public GraphValue Input(int index) => Optional(index) ?? throw Error($"its input {index + 1} is missing");

    public GraphValue? Optional(int index) => index < inputs.Length ? inputs[index] : null;

    /// <summary>An input that must be there and hold floats.</summary>
    public GraphValue Floats(int index)
    {
        GraphValue value = Input(index);
        return value.IsFloat ? value : throw Error($"its input {index + 1} is {value}, and floats are due");
    }

    public GraphValue? OptionalFloats(int index) => Optional(index) is null ? null : Floats(index);

    /// <summary>The numbers of an input that must hold whole ones, along one axis at most.</summary>
    public long[] Integers(int index)
    {
        GraphValue value = Input(index);
        return !value.IsFloat && value.Shape.Length <= 1 ? value.Integers : throw Error($"its input {index + 1} is {value}, and a list of whole numbers is due");
    }

    public long[]? OptionalIntegers(int index) => Optional(index) is null ? null : Integers(index);

    public long Whole(string name, long otherwise) => Attribute(name, OnnxAttributeKind.Whole)?.Whole ?? otherwise;

    public bool Flag(string name)
    {
        long value = Whole(name, 0);
        return value is 0 or 1 ? value == 1 : throw Error($"its {name} is {value}, and 0 or 1 is due");
    }

    public float Number(string name, float otherwise) => Attribute(name, OnnxAttributeKind.Number)?.Number ?? otherwise;

    public string Text(string name, string otherwise) => Attribute(name, OnnxAttributeKind.Text)?.Text ?? otherwise;

    public long[]? Wholes(string name) => Attribute(name, OnnxAttributeKind.Wholes) is { } attribute ? [.. attribute.Wholes] : null;

    public OnnxAttribute? Attribute(string name, OnnxAttributeKind kind)
    {
        OnnxAttribute? attribute = node.Attributes.FirstOrDefault(a => a.Name == name);
        return attribute is null || attribute.Kind == kind ? attribute : throw Error($"its attribute '{name}' is a {attribute.Kind} where a {kind} is due");
    }

    /// <summary>An axis counted from the front.</summary>
    /// <param name="axis">As it was given: negative ones count from the end.</param>
    /// <param name="rank">Axes that there are.</param>
    public int Axis(long axis, int rank) => axis >= -rank && axis < rank
        ? (int)(axis < 0 ? axis + rank : axis)
        : throw Error($"its axis {axis} is none of {rank}");

    /// <summary>Axes counted from the front, each once.</summary>
    public int[] Axes(IEnumerable<long> axes, int rank)
    {
        int[] found = [.. axes.Select(axis => Axis(axis, rank))];
        return found.Distinct().Count() == found.Length ? found : throw Error($"its axes {GraphValue.ShapeText(found)} name one twice");
    }

    /// <summary>Memory for floats.</summary>
    public float[] NewFloats(ReadOnlySpan<int> shape) => new float[CheckedCount(shape, sizeof(float))];

    /// <summary>Memory for whole numbers.</summary>
    public long[] NewIntegers(ReadOnlySpan<int> shape) => new long[CheckedCount(shape, sizeof(long))];

    private int CheckedCount(ReadOnlySpan<int> shape, int size)
    {
        long count = GraphValue.CountOf(shape);
        if (count > Array.MaxLength || count * size > options.MostBytes)
        {
            throw Error(string.Create(CultureInfo.InvariantCulture, $"its output {GraphValue.ShapeText(shape.ToArray())} needs more memory than there is; give smaller inputs"));
        }

        return (int)count;
    }
}
