using Rectify.Tensors;

namespace Rectify.Kernels.Pooling;

/// <summary>The work of pooling every window of a map by the pyramid's rule: windows of one size at every place, stride 1, counted row by row, image by image.</summary>
/// <remarks>A level as large as the window has bins of one pixel: {14} for windows of 14×14 copies them.</remarks>
/// <param name="Input">The maps.</param>
/// <param name="Rows">Rows of a window, at most those of the map.</param>
/// <param name="Columns">Columns of a window, at most those of the map.</param>
/// <param name="Levels">n of each level, in order.</param>
internal readonly record struct WindowPyramidShape(MapShape Input, int Rows, int Columns, IReadOnlyList<int> Levels)
{
    /// <summary>Places for a window in a column of the map.</summary>
    public int Down => Input.H - Rows + 1;

    /// <summary>Places for a window in a row of the map.</summary>
    public int Across => Input.W - Columns + 1;

    /// <summary>Windows of all images.</summary>
    public int Windows => checked(Input.N * Down * Across);

    /// <summary>The pyramid over one window.</summary>
    public PyramidShape OfWindow => new(Input with { N = 1, H = Rows, W = Columns }, Levels);

    /// <summary>[windows, bins, 1, C]: what so many windows give.</summary>
    public MapShape Output(int windows) => OfWindow.Output.WithBatch(windows);
}
