using Rectify.Onnx.Messages;

namespace Rectify.Onnx.Export;

/// <summary>A graph that grows node by node; small constants that are used again are kept once.</summary>
internal sealed class GraphWriter
{
    private readonly List<OnnxNode> _nodes = [];
    private readonly List<OnnxTensor> _initializers = [];
    private readonly HashSet<string> _constants = [];

    /// <summary>Adds a node with one output.</summary>
    /// <param name="name">Of the node and of its output; not yet used.</param>
    /// <param name="operation">The operator.</param>
    /// <param name="inputs">Names of what it reads; "" for an optional input that is left out.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <returns>The name.</returns>
    public string Add(string name, string operation, IReadOnlyList<string> inputs, params IReadOnlyList<OnnxAttribute> attributes)
    {
        _nodes.Add(new OnnxNode { Name = name, Operator = operation, Inputs = inputs, Outputs = [name], Attributes = attributes });
        return name;
    }

    /// <summary>Adds a tensor.</summary>
    /// <returns>Its name.</returns>
    public string Add(string name, IReadOnlyList<long> dimensions, ReadOnlySpan<float> values)
    {
        _initializers.Add(OnnxTensor.Of(name, dimensions, values));
        return name;
    }

    /// <summary>A vector of whole numbers.</summary>
    /// <returns>Its name.</returns>
    public string Whole(params IReadOnlyList<long> values)
    {
        string name = $"whole.{string.Join('.', values)}";
        if (_constants.Add(name))
        {
            _initializers.Add(OnnxTensor.Of(name, [values.Count], values.ToArray()));
        }

        return name;
    }

    /// <summary>The graph.</summary>
    public OnnxGraph Build(string name, OnnxValue input, params IReadOnlyList<OnnxValue> outputs) =>
        new() { Name = name, Nodes = _nodes, Initializers = _initializers, Inputs = [input], Outputs = outputs };
}
