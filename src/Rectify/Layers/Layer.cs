using Rectify.Tensors;

namespace Rectify.Layers;

/// <summary>A part of a network: it describes (parameters, shapes) and does not run; a plan does.</summary>
public abstract class Layer
{
    private protected Layer(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
    }

    /// <summary>Name within the network, e.g. "conv3_1"; in a block it begins with the block's, e.g. "block1/conv2".</summary>
    public string Name { get; private set; }

    /// <summary>What it learns, in a fixed order; none by default.</summary>
    public virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>What it is, for tables: "3×3 pad 1, 256".</summary>
    public abstract string Description { get; }

    /// <summary>The shape of its output.</summary>
    /// <exception cref="RectifyException">The input does not fit; the message names layer, values, rule and remedy.</exception>
    public abstract MapShape Output(MapShape input);

    /// <summary>Multiply-adds of a forward pass.</summary>
    public virtual long MultiplyAdds(MapShape input) => 0;

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Description}";

    // The layer has become part of a block.
    internal virtual void MoveInto(string block)
    {
        Name = $"{block}/{Name}";
        if (this is not Block)
        {
            foreach (Parameter parameter in Parameters)
            {
                parameter.Name = $"{block}/{parameter.Name}";
            }
        }
    }

    private protected RectifyException Misfit(MapShape input, string rule) => new($"{Name}: the input {input} {rule}");
}
