using Rectify.Tensors;

namespace Rectify.Layers;

/// <summary>y[n,h,w,:] = the branches' channels one after another, in the order of the branches; each branch gets its channels of dy.</summary>
/// <remarks>GoogLeNet's inception blocks; with a branch without layers, DenseNet's.</remarks>
public sealed class Concatenation : Block
{
    /// <summary>A concatenation.</summary>
    /// <param name="name">Name; that of what it holds begins with it.</param>
    /// <param name="branches">Layers of each branch.</param>
    public Concatenation(string name, params IReadOnlyList<IReadOnlyList<Layer>> branches)
        : base(name, branches)
    {
    }

    /// <inheritdoc/>
    public override string Description => $"concatenation of {Branches.Count}";

    /// <inheritdoc/>
    public override MapShape Join(ReadOnlySpan<MapShape> branches)
    {
        MapShape first = branches[0];
        int channels = 0;
        foreach (MapShape shape in branches)
        {
            if ((shape.N, shape.H, shape.W) != (first.N, first.H, first.W))
            {
                throw new RectifyException($"{Name}: the branches give {List(branches)}, and only maps of the same height and width go side by side; change strides or padding.");
            }

            channels = checked(channels + shape.C);
        }

        return MapShape.Map(first.N, first.H, first.W, channels);
    }
}
