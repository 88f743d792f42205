namespace Rectify.Kernels.Pooling;

/// <summary>Rows [Top, Bottom) × columns [Left, Right) of a map.</summary>
/// <param name="Top">First row.</param>
/// <param name="Bottom">Row after the last.</param>
/// <param name="Left">First column.</param>
/// <param name="Right">Column after the last.</param>
internal readonly record struct PixelRectangle(int Top, int Bottom, int Left, int Right);
