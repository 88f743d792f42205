using Rectify.Tensors;

namespace Rectify.Kernels.Pooling;

/// <summary>A max pooling's work. Padding is left out of the maximum.</summary>
/// <param name="Input">The maps.</param>
/// <param name="Window">Rows, columns, strides, padding.</param>
/// <param name="RoundUp">Whether the last, incomplete window counts (output size rounded up).</param>
public readonly record struct PoolShape(MapShape Input, Window Window, bool RoundUp)
{
    /// <summary>The pooled maps.</summary>
    public MapShape Output => Input with { H = Window.OutputRows(Input.H, RoundUp), W = Window.OutputColumns(Input.W, RoundUp) };
}
