using Rectify.Kernels.Pooling;
using Rectify.Tensors;

namespace Rectify.Layers;

/// <summary>y[n,p,q,c] = max of x over a window; dx goes to the first pixel that has the maximum.</summary>
public sealed class MaxPool : Layer
{
    /// <summary>A max pooling.</summary>
    /// <param name="name">Name.</param>
    /// <param name="window">Rows, columns, strides, padding (less than the window on each side).</param>
    /// <param name="roundUp">Whether an incomplete last window counts.</param>
    /// <exception cref="RectifyException">The window makes no sense.</exception>
    public MaxPool(string name, Window window, bool roundUp = false)
        : base(name)
    {
        window.Validate(name);
        if (window.PadTop >= window.R || window.PadBottom >= window.R || window.PadLeft >= window.S || window.PadRight >= window.S)
        {
            throw new RectifyException($"{name}: the padding of {window} must be smaller than the window, or some windows would see nothing.");
        }

        (Window, RoundUp) = (window, roundUp);
    }

    /// <summary>Rows, columns, strides, padding.</summary>
    public Window Window { get; }

    /// <summary>Whether an incomplete last window counts.</summary>
    public bool RoundUp { get; }

    /// <inheritdoc/>
    public override string Description => $"max {Window}{(RoundUp ? " rounded up" : "")}";

    /// <summary>The work on an input.</summary>
    public PoolShape Shape(MapShape input) => new(input, Window, RoundUp);

    /// <inheritdoc/>
    public override MapShape Output(MapShape input)
    {
        MapShape output = Shape(input).Output;
        return output.H >= 1 && output.W >= 1
            ? output
            : throw Misfit(input, $"is smaller than the window {Window}; use larger photos (--size) or a network with fewer poolings.");
    }
}
