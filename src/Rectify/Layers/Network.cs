using Rectify.Tensors;

namespace Rectify.Layers;

/// <summary>Layers one after another, blocks among them.</summary>
public sealed class Network : IDisposable
{
    private readonly int[] _nodesBefore;

    /// <summary>A network.</summary>
    /// <param name="name">What to call it, e.g. "small14".</param>
    /// <param name="input">The crop that it is trained on; the batch does not matter.</param>
    /// <param name="layers">Layers in order.</param>
    /// <exception cref="RectifyException">There is no layer, two layers share a name, or one does not fit the one before it.</exception>
    public Network(string name, MapShape input, IReadOnlyList<Layer> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0)
        {
            throw new RectifyException($"The network {name} has no layers; give it at least one.");
        }

        List<Node> nodes = [];
        _nodesBefore = new int[layers.Count + 1];
        for (int i = 0; i < layers.Count; i++)
        {
            _nodesBefore[i + 1] = Node.Add(nodes, layers[i], _nodesBefore[i]);
        }

        if (nodes.GroupBy(node => node.Layer.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new RectifyException($"The network {name} has {twice.Count()} layers called {twice.Key}; names must differ.");
        }

        (Name, Input, Layers, Nodes) = (name, input.WithBatch(1), [.. layers], nodes);
        Parameters = [.. layers.SelectMany(layer => layer.Parameters)];
        Output = Shapes(Input)[^1];
    }

    /// <summary>What to call it.</summary>
    public string Name { get; }

    /// <summary>The crop that it is trained on, as a batch of one.</summary>
    public MapShape Input { get; }

    /// <summary>Its output for one crop.</summary>
    public MapShape Output { get; }

    /// <summary>Layers in order.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>The layers with blocks taken apart, in the order in which they run; in a chain node i is layer i.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>What it learns, layer by layer.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>How many numbers it learns.</summary>
    public long ParameterCount => Parameters.Sum(parameter => parameter.Count);

    /// <summary>How many slopes it learns: 13 in the 14-layer net with shared slopes.</summary>
    public long SlopeCount => Parameters.OfType<Slope>().Sum(slope => slope.Count);

    /// <summary>The output of every node for an input.</summary>
    public MapShape[] Shapes(MapShape input)
    {
        MapShape[] maps = new MapShape[Nodes.Count + 1];
        maps[0] = input;
        for (int i = 0; i < Nodes.Count; i++)
        {
            maps[i + 1] = Nodes[i].Output(maps);
        }

        return maps[1..];
    }

    /// <summary>Multiply-adds of a forward pass over an input: what the paper's Table 3 calls complexity, for one crop.</summary>
    public long MultiplyAdds(MapShape input)
    {
        long sum = 0;
        foreach (Layer layer in Layers)
        {
            sum += layer.MultiplyAdds(input);
            input = layer.Output(input);
        }

        return sum;
    }

    /// <summary>How many nodes stand before a layer: its first node, and the map that it reads. Layers.Count gives all.</summary>
    internal int NodesBefore(int layer) => _nodesBefore[layer];

    /// <summary>Frees the parameters' memory.</summary>
    public void Dispose()
    {
        foreach (Parameter parameter in Parameters)
        {
            parameter.Dispose();
        }
    }
}
