using Rectify.Kernels;
using Rectify.Onnx.Messages;
using Rectify.Onnx.Operators;
using Rectify.Tensors;

namespace Rectify.Onnx.Graphs;

/// <summary>A graph that can be run as it stands: node after node, by ONNX's specification of each operator, whatever the network.</summary>
/// <remarks>
/// Floats are computed in 32 bits. Results have the same bits for any number of threads. A value is let go after its last reader. Thread-safe: any number of threads may
/// run one program, each with a context of its own.
/// </remarks>
public sealed class OnnxProgram
{
    private readonly OnnxModel _model;
    private readonly GraphOptions _options;
    private readonly Dictionary<string, GraphValue> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _lastUse = new(StringComparer.Ordinal);

    /// <summary>A program.</summary>
    /// <param name="model">The model.</param>
    /// <param name="name">What messages call it, e.g. the file.</param>
    /// <param name="options">What a run may take.</param>
    /// <exception cref="RectifyException">An operator, an attribute or the version is not supported, or the graph makes no sense: one sentence names the node.</exception>
    public OnnxProgram(OnnxModel model, string name = "The model", GraphOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        (_model, Name, _options) = (model, name, options ?? new GraphOptions());
        GraphCheck.Run(model, name);
        foreach (OnnxTensor tensor in model.Graph.Initializers)
        {
            try
            {
                _constants.Add(tensor.Name, GraphValue.Of(tensor));
            }
            catch (RectifyException e)
            {
                throw new RectifyException($"{name}: {e.Message}", e);
            }
        }

        Inputs = [.. model.Graph.Inputs.Where(input => !_constants.ContainsKey(input.Name))];
        for (int i = 0; i < model.Graph.Nodes.Count; i++)
        {
            foreach (string input in model.Graph.Nodes[i].Inputs.Concat(model.Graph.Nodes[i].Outputs))
            {
                _lastUse[input] = i;
            }
        }

        foreach (OnnxValue output in Outputs)
        {
            _lastUse[output.Name] = int.MaxValue;
        }
    }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>What goes in.</summary>
    public IReadOnlyList<OnnxValue> Inputs { get; }

    /// <summary>What comes out.</summary>
    public IReadOnlyList<OnnxValue> Outputs => _model.Graph.Outputs;

    /// <summary>Reads a file.</summary>
    /// <exception cref="RectifyException">It cannot be read, or not be run.</exception>
    public static OnnxProgram Load(string path) => new(OnnxFile.Read(path), path);

    /// <summary>Runs the graph.</summary>
    /// <param name="inputs">A value for each input.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <returns>The outputs.</returns>
    /// <exception cref="UsageException">An input is missing, or there is one too many.</exception>
    /// <exception cref="RectifyException">A shape or kind does not fit, or a value would be too large: one sentence names the node.</exception>
    public IReadOnlyDictionary<string, GraphValue> Run(IReadOnlyDictionary<string, GraphValue> inputs, KernelContext context)
    {
        Dictionary<string, GraphValue> values = Run(inputs, context, keepAll: false);
        return Outputs.ToDictionary(output => output.Name, output => values[output.Name]);
    }

    /// <summary>Runs the graph and keeps every value.</summary>
    internal IReadOnlyDictionary<string, GraphValue> RunAll(IReadOnlyDictionary<string, GraphValue> inputs, KernelContext context) => Run(inputs, context, keepAll: true);

    /// <summary>Runs what lies between two values.</summary>
    /// <param name="from">The first.</param>
    /// <param name="value">What it is.</param>
    /// <param name="to">The second.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <returns>The second; null if it depends on more than the first.</returns>
    internal GraphValue? RunBetween(string from, GraphValue value, string to, KernelContext context)
    {
        Dictionary<string, GraphValue> values = new(_constants, StringComparer.Ordinal) { [from] = value };
        foreach (OnnxNode node in _model.Graph.Nodes.Where(node => !node.Outputs.Contains(from)))
        {
            if (values.ContainsKey(to))
            {
                break;
            }

            if (node.Inputs.All(name => name.Length == 0 || values.ContainsKey(name)))
            {
                foreach ((string name, GraphValue made) in Run(node, values, context))
                {
                    values[name] = made;
                }
            }
        }

        return values.GetValueOrDefault(to);
    }

    /// <summary>A node and its settings, to be asked.</summary>
    internal OperatorCall Call(OnnxNode node, IReadOnlyDictionary<string, GraphValue> values, KernelContext context) =>
        new(node, Name, _model.StandardVersion, [.. node.Inputs.Select(name => name.Length > 0 ? values[name] : null)], context, _options);

    private Dictionary<string, GraphValue> Run(IReadOnlyDictionary<string, GraphValue> inputs, KernelContext context, bool keepAll)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(context);
        InputCheck.Run(Name, Inputs, inputs);
        Dictionary<string, GraphValue> values = new(_constants, StringComparer.Ordinal);
        foreach ((string name, GraphValue value) in inputs)
        {
            values[name] = value;
        }

        for (int i = 0; i < _model.Graph.Nodes.Count; i++)
        {
            OnnxNode node = _model.Graph.Nodes[i];
            foreach ((string name, GraphValue value) in Run(node, values, context))
            {
                values[name] = value;
            }

            foreach (string name in node.Inputs.Concat(node.Outputs).Where(name => !keepAll && _lastUse[name] <= i))
            {
                _ = values.Remove(name);
            }
        }

        return values;
    }

    private IEnumerable<(string Name, GraphValue Value)> Run(OnnxNode node, Dictionary<string, GraphValue> values, KernelContext context)
    {
        OperatorCall call = Call(node, values, context);
        GraphValue[] made;
        try
        {
            made = OperatorTable.Find(node.Operator)!.Run(call);
        }
        catch (OverflowException e)
        {
            throw new RectifyException($"{Name}: {node}: a size or a whole number goes beyond what can be counted.", e);
        }

        if (made.Length < node.Outputs.Count)
        {
            throw call.Error($"it has {node.Outputs.Count} outputs, and {made.Length} can be made");
        }

        return made.Zip(node.Outputs, (value, name) => (name, value)).Where(pair => pair.name.Length > 0);
    }
}
