using Rectify.Tensors;

namespace Rectify.Kernels.Pooling;

/// <summary>A spatial pyramid pooling's work: maps of any size to a fixed number of bins.</summary>
/// <remarks>Level n has n×n bins; bin (i,j) covers rows ⌊iH/n⌋..⌈(i+1)H/n⌉−1 and columns likewise (the SPP paper's rule), so neighbours may overlap by one.</remarks>
/// <param name="Input">The maps.</param>
/// <param name="Levels">n of each level, in order.</param>
public readonly record struct PyramidShape(MapShape Input, IReadOnlyList<int> Levels)
{
    /// <summary>Bins of all levels: Σ n².</summary>
    public int Bins
    {
        get
        {
            int bins = 0;
            for (int level = 0; level < Levels.Count; level++)
            {
                bins += Levels[level] * Levels[level];
            }

            return bins;
        }
    }

    /// <summary>[N, bins, 1, C].</summary>
    public MapShape Output => Input with { H = Bins, W = 1 };

    /// <summary>Writes the rectangles of all bins, level by level, row by row.</summary>
    /// <param name="bins">At least <see cref="Bins"/> long.</param>
    internal void Rectangles(Span<PixelRectangle> bins)
    {
        int at = 0;
        for (int level = 0; level < Levels.Count; level++)
        {
            int n = Levels[level];
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    bins[at++] = new PixelRectangle(First(i, Input.H, n), End(i, Input.H, n), First(j, Input.W, n), End(j, Input.W, n));
                }
            }
        }
    }

    private static int First(int i, int size, int n) => (int)((long)i * size / n);

    private static int End(int i, int size, int n) => (int)((((long)(i + 1) * size) + n - 1) / n);
}
