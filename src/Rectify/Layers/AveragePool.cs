using Rectify.Kernels.Pooling;
using Rectify.Tensors;

namespace Rectify.Layers;

/// <summary>y[n,p,q,c] = the mean of x over a window, or over the whole map; each pixel of a window gets its share of dy.</summary>
/// <remarks>The paper's networks have none; networks that are imported do.</remarks>
public sealed class AveragePool : Layer
{
    /// <summary>A mean over the whole map, whatever its size.</summary>
    /// <param name="name">Name.</param>
    public AveragePool(string name)
        : base(name)
    {
    }

    /// <summary>An average pooling.</summary>
    /// <param name="name">Name.</param>
    /// <param name="window">Rows, columns, strides, padding (less than the window on each side).</param>
    /// <param name="roundUp">Whether an incomplete last window counts.</param>
    /// <param name="countPadding">Whether padding counts as zeros, or is left out.</param>
    /// <exception cref="RectifyException">The window makes no sense.</exception>
    public AveragePool(string name, Window window, bool roundUp = false, bool countPadding = false)
        : base(name)
    {
        window.Validate(name);
        if (window.PadTop >= window.R || window.PadBottom >= window.R || window.PadLeft >= window.S || window.PadRight >= window.S)
        {
            throw new RectifyException($"{name}: the padding of {window} must be smaller than the window, or some windows would see nothing.");
        }

        (Window, RoundUp, CountPadding) = (window, roundUp, countPadding);
    }

    /// <summary>Rows, columns, strides, padding; null for the whole map.</summary>
    public Window? Window { get; }

    /// <summary>Whether an incomplete last window counts.</summary>
    public bool RoundUp { get; }

    /// <summary>Whether padding counts as zeros.</summary>
    public bool CountPadding { get; }

    /// <inheritdoc/>
    public override string Description => Window is { } window ? $"mean {window}{(RoundUp ? " rounded up" : "")}{(CountPadding ? " with padding" : "")}" : "mean of the map";

    /// <summary>The work on an input.</summary>
    internal AverageShape Shape(MapShape input) => new(input, Window ?? new Window(input.H, input.W, 1, 1, 0, 0, 0, 0), RoundUp, CountPadding);

    /// <inheritdoc/>
    public override MapShape Output(MapShape input)
    {
        MapShape output = Shape(input).Output;
        return output.H >= 1 && output.W >= 1
            ? output
            : throw Misfit(input, $"is smaller than the window {Window}; use larger photos (--size) or a network with fewer poolings.");
    }
}
