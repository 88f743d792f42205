using Rectify.Kernels;
using Rectify.Onnx.Graphs;
using Rectify.Onnx.Messages;
using Rectify.Onnx.Operators;
using Rectify.Tensors;

namespace Rectify.Onnx.Conversion;

/// <summary>One run of a graph on zeros: what shape each value has, and what the constants are.</summary>
internal sealed class ConversionTrace
{
    private readonly IReadOnlyDictionary<string, GraphValue> _values;
    private readonly OnnxProgram _program;
    private readonly KernelContext _context;

    /// <summary>Runs the graph.</summary>
    /// <param name="program">The graph.</param>
    /// <param name="size">Rows and columns of the photo; 0 for what the model says.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <exception cref="RectifyException">The graph has not one photo for its input, or takes other sizes.</exception>
    public ConversionTrace(OnnxProgram program, int size, KernelContext context)
    {
        (_program, _context) = (program, context);
        if (program.Inputs.Count != 1 || program.Inputs[0].Dimensions is not { Count: 4 } dimensions)
        {
            throw new RectifyException($"{program.Name} takes {string.Join("; ", program.Inputs)}, and a network has one input, [N,C,H,W]; run it as it is with rectify run.");
        }

        TakesAnySize = dimensions[2].Size is null && dimensions[3].Size is null;

        Shape = [(int)(dimensions[0].Size ?? 1), .. Enumerable.Range(1, 3).Select(axis => Axis(program, dimensions[axis], axis, size))];
        long count = GraphValue.CountOf(Shape);
        if (Shape.Any(d => d < 1) || count > 1 << 28)
        {
            throw new RectifyException($"{program.Name}: its input {program.Inputs[0]} is no photo that fits the memory; export it for other sizes.");
        }

        Input = program.Inputs[0].Name;
        _values = program.RunAll(new Dictionary<string, GraphValue> { [Input] = GraphValue.Of(Shape, new float[count]) }, context);
    }

    /// <summary>Name of the input.</summary>
    public string Input { get; }

    /// <summary>Whether height and width are open.</summary>
    public bool TakesAnySize { get; }

    /// <summary>[N,C,H,W] of the input.</summary>
    public int[] Shape { get; }

    /// <summary>A value of the run.</summary>
    public GraphValue this[string name] => _values[name];

    /// <summary>A node and its settings, to be asked.</summary>
    public OperatorCall Call(OnnxNode node) => _program.Call(node, _values, _context);

    /// <summary>What one value becomes if another is something else; null where that cannot be run.</summary>
    public GraphValue? Rerun(string from, GraphValue value, string to)
    {
        try
        {
            return _program.RunBetween(from, value, to, _context);
        }
        catch (RectifyException)
        {
            return null;
        }
    }

    private static int Axis(OnnxProgram program, OnnxDimension dimension, int axis, int size)
    {
        if (dimension.Size is { } fixedSize)
        {
            return axis == 1 || size == 0 || size == fixedSize
                ? (int)Math.Clamp(fixedSize, 0, int.MaxValue)
                : throw new UsageException($"--size {size}: {program.Name} takes {program.Inputs[0]} and no other size.");
        }

        return axis == 1
            ? throw new RectifyException($"{program.Name}: its input {program.Inputs[0]} does not say how many channels it has; export it with that number.")
            : size > 0 ? size : throw new UsageException($"{program.Name} takes photos of any size ({program.Inputs[0]}); choose one with --size.");
    }
}
