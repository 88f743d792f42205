using Rectify.Tensors;

namespace Rectify.Layers;

/// <summary>y = F(x) + S(x): the branch F, and a shortcut S that is x itself unless layers are given (a 1×1 convolution where the shape changes).</summary>
/// <remarks>He, Zhang, Ren, Sun: Deep Residual Learning (2015), equations 1 and 2. dF = dS = dy. A rectifier after the sum is a layer after the block.</remarks>
public sealed class Residual : Block
{
    /// <summary>A residual block.</summary>
    /// <param name="name">Name; that of what it holds begins with it.</param>
    /// <param name="branch">F.</param>
    /// <param name="shortcut">S; null or empty for x itself.</param>
    public Residual(string name, IReadOnlyList<Layer> branch, IReadOnlyList<Layer>? shortcut = null)
        : base(name, [branch, shortcut ?? []])
    {
    }

    /// <inheritdoc/>
    public override string Description => Branches[1].Count == 0 ? "sum with the block's input" : "sum with the shortcut";

    /// <inheritdoc/>
    public override MapShape Join(ReadOnlySpan<MapShape> branches)
    {
        if (branches[0] with { Pitch = 0 } != branches[1] with { Pitch = 0 })
        {
            throw new RectifyException(
                $"{Name}: the branch gives {branches[0]}, the shortcut {branches[1]}, and a sum needs the same shape; "
                + $"give the shortcut a convolution with {branches[0].C} filters and the branch's strides.");
        }

        return branches[0].Pitch == branches[1].Pitch
            ? branches[0]
            : throw new RectifyException($"{Name}: a packed photo cannot be added to a map; begin the network with a convolution.");
    }
}
