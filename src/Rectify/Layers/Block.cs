using Rectify.Tensors;

namespace Rectify.Layers;

/// <summary>Branches that read the same map, and a join that makes one map of theirs.</summary>
/// <remarks>
/// A branch is a list of layers, blocks among them; without layers it is the map itself.
/// A block names what it takes in: "conv1" in the block "block1" becomes "block1/conv1", its weights "block1/conv1.weight". dx is the sum of the branches' dx.
/// </remarks>
public abstract class Block : Layer
{
    private protected Block(string name, IReadOnlyList<IReadOnlyList<Layer>> branches)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(branches);
        if (branches.Count == 0)
        {
            throw new RectifyException($"{name}: a block needs at least one branch.");
        }

        Branches = [.. branches.Select(branch => (IReadOnlyList<Layer>)[.. branch])];
        foreach (Layer layer in Branches.SelectMany(branch => branch))
        {
            layer.MoveInto(name);
        }

        Parameters = [.. Branches.SelectMany(branch => branch).SelectMany(layer => layer.Parameters)];
    }

    /// <summary>Layers of each branch, in order.</summary>
    public IReadOnlyList<IReadOnlyList<Layer>> Branches { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The shape of the join's output.</summary>
    /// <param name="branches">The shapes of the branches' outputs.</param>
    /// <exception cref="RectifyException">They do not fit together.</exception>
    public abstract MapShape Join(ReadOnlySpan<MapShape> branches);

    /// <inheritdoc/>
    public sealed override MapShape Output(MapShape input) =>
        Join(Branches.Select(branch => branch.Aggregate(input, (shape, layer) => layer.Output(shape))).ToArray());

    /// <inheritdoc/>
    public sealed override long MultiplyAdds(MapShape input)
    {
        long sum = 0;
        foreach (IReadOnlyList<Layer> branch in Branches)
        {
            MapShape shape = input;
            foreach (Layer layer in branch)
            {
                sum += layer.MultiplyAdds(shape);
                shape = layer.Output(shape);
            }
        }

        return sum;
    }

    internal sealed override void MoveInto(string block)
    {
        base.MoveInto(block);
        foreach (Layer layer in Branches.SelectMany(branch => branch))
        {
            layer.MoveInto(block);
        }
    }

    private protected static string List(ReadOnlySpan<MapShape> shapes)
    {
        List<string> texts = [];
        foreach (MapShape shape in shapes)
        {
            texts.Add(shape.ToString());
        }

        return string.Join(", ", texts);
    }
}
