using Rectify.Tensors;

namespace Rectify.Layers;

/// <summary>One layer in a network's flow, blocks taken apart: the layers of a block's branches are nodes of their own, and the block's own node is the join.</summary>
/// <remarks>Map 0 is the network's input; node i makes map i+1. A node comes after all whose maps it reads.</remarks>
public sealed class Node
{
    internal Node(Layer layer, IReadOnlyList<int> sources) =>
        (Layer, Sources, Parameters) = (layer, sources, layer is Block ? [] : layer.Parameters);

    /// <summary>The layer; for a join its block.</summary>
    public Layer Layer { get; }

    /// <summary>The maps that it reads: one, or for a join one a branch.</summary>
    public IReadOnlyList<int> Sources { get; }

    /// <summary>What it learns itself: nothing in a join.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Its weights, or null.</summary>
    public Weight? Weight => Parameters.OfType<Weight>().FirstOrDefault();

    /// <summary>The shape of its map.</summary>
    /// <param name="maps">Those of all maps before it.</param>
    public MapShape Output(ReadOnlySpan<MapShape> maps)
    {
        if (Layer is not Block block)
        {
            return Layer.Output(maps[Sources[0]]);
        }

        MapShape[] branches = new MapShape[Sources.Count];
        for (int i = 0; i < branches.Length; i++)
        {
            branches[i] = maps[Sources[i]];
        }

        return block.Join(branches);
    }

    /// <summary>Multiply-adds of a forward pass: 0 in a join.</summary>
    /// <param name="input">The first map that it reads.</param>
    public long MultiplyAdds(MapShape input) => Layer is Block ? 0 : Layer.MultiplyAdds(input);

    // Adds a layer, its branches before it; returns its map.
    internal static int Add(List<Node> nodes, Layer layer, int source)
    {
        IReadOnlyList<int> sources = layer is Block block
            ? [.. block.Branches.Select(branch => branch.Aggregate(source, (map, inner) => Add(nodes, inner, map)))]
            : [source];
        nodes.Add(new Node(layer, sources));
        return nodes.Count;
    }
}
