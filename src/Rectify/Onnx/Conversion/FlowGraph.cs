using Rectify.Onnx.Messages;
using Rectify.Tensors;

namespace Rectify.Onnx.Conversion;

/// <summary>The way of the data through a graph, taken apart into chains and blocks.</summary>
/// <remarks>A value dominates another if every way to that one leads over it. A join's branches begin at the last value that dominates all its inputs.</remarks>
internal sealed class FlowGraph
{
    private readonly string _model;
    private readonly Dictionary<string, OnnxNode> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Dominator, int Depth)> _dominators = new(StringComparer.Ordinal);
    private readonly HashSet<string> _constants;
    private readonly HashSet<OnnxNode> _used = new(ReferenceEqualityComparer.Instance);

    /// <summary>A graph whose nodes stand after what they read.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="model">What messages call it.</param>
    /// <param name="input">The one input.</param>
    public FlowGraph(OnnxGraph graph, string model, string input)
    {
        _model = model;
        _constants = [.. graph.Initializers.Select(tensor => tensor.Name)];
        _dominators[input] = ("", 0);
        foreach (OnnxNode node in graph.Nodes)
        {
            // A shape is the same for all photos of one size.
            if (node.Operator == "Shape" || node.Inputs.All(name => name.Length == 0 || _constants.Contains(name)))
            {
                _constants.UnionWith(node.Outputs);
                continue;
            }

            string[] sources = [.. DataInputs(node).Where(_dominators.ContainsKey)];
            if (sources.Length > 0)
            {
                string dominator = sources.Aggregate(Common);
                foreach (string output in node.Outputs.Where(name => name.Length > 0))
                {
                    _dominators[output] = (dominator, _dominators[dominator].Depth + 1);
                    _producers[output] = node;
                }
            }
        }
    }

    /// <summary>Whether a value depends on no number of the input; it may depend on its size.</summary>
    public bool IsConstant(string value) => _constants.Contains(value);

    /// <summary>What lies between two values, the first dominating the second.</summary>
    /// <exception cref="RectifyException">A node would lie in two branches: that is no network of chains and blocks.</exception>
    public IReadOnlyList<FlowPiece> Between(string from, string to)
    {
        List<FlowPiece> pieces = [];
        for (string at = to; at != from;)
        {
            if (!_producers.TryGetValue(at, out OnnxNode? node))
            {
                throw new RectifyException($"{_model}: '{at}' does not depend on the input; run the model as it is with rectify run.");
            }

            if (!_used.Add(node))
            {
                throw new RectifyException(
                    $"{_model}: {node} belongs to two branches, and only chains, sums and concatenations of branches are converted; run the model as it is with rectify run.");
            }

            string[] sources = [.. DataInputs(node)];
            if (sources.FirstOrDefault(source => !_dominators.ContainsKey(source)) is { } foreign)
            {
                throw new RectifyException($"{_model}: {node} reads '{foreign}', which does not come from the input; run the model as it is with rectify run.");
            }

            string fork = at = sources.Aggregate(Common);
            pieces.Add(new FlowPiece(node, fork, sources.Length == 1 ? null : [.. sources.Select(source => Between(fork, source))]));
        }

        pieces.Reverse();
        return pieces;
    }

    // Of all others the first input is the map; the rest are weights and settings.
    private IEnumerable<string> DataInputs(OnnxNode node) => node.Operator is "Add" or "Sub" or "Mul" or "Div" or "Sum" or "Concat"
        ? node.Inputs.Where(name => !_constants.Contains(name))
        : node.Inputs.Take(1);

    // The last value that dominates both; a value dominates itself.
    private string Common(string a, string b)
    {
        while (a != b)
        {
            if (_dominators[a].Depth >= _dominators[b].Depth)
            {
                a = _dominators[a].Dominator;
            }
            else
            {
                b = _dominators[b].Dominator;
            }
        }

        return a;
    }
}
