using Rectify.Kernels.Pooling;
using Rectify.Tensors;

namespace Rectify.Layers;

/// <summary>Spatial pyramid pooling: maps of any size to Σ n² bins, level n a grid of n×n maxima; bin (i,j) covers rows ⌊iH/n⌋..⌈(i+1)H/n⌉−1 and columns likewise.</summary>
/// <remarks>Output [N, bins, 1, C], levels in the order given, bins row by row. dx goes to the first pixel that has the maximum. {7,3,2,1} gives the paper's 63 bins.</remarks>
public sealed class SpatialPyramidPool : Layer
{
    private const int LargestLevel = 128;

    /// <summary>A pyramid.</summary>
    /// <param name="name">Name.</param>
    /// <param name="levels">n of each level, at least 1.</param>
    /// <exception cref="RectifyException">There is no level, one below 1, or more than 128×128 bins.</exception>
    public SpatialPyramidPool(string name, params IReadOnlyList<int> levels)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(levels);
        if (levels.Count == 0 || levels.Any(n => n < 1))
        {
            throw new RectifyException($"{name}: the levels {{{string.Join(',', levels)}}} must be one or more numbers of at least 1.");
        }

        if (levels.Any(n => n > LargestLevel) || levels.Sum(n => n * n) > LargestLevel * LargestLevel)
        {
            throw new RectifyException($"{name}: the levels {{{string.Join(',', levels)}}} make too many bins; {LargestLevel}×{LargestLevel} in all is the limit.");
        }

        Levels = [.. levels];
    }

    /// <summary>n of each level.</summary>
    public IReadOnlyList<int> Levels { get; }

    /// <inheritdoc/>
    public override string Description => $"spp {{{string.Join(',', Levels)}}}, {Levels.Sum(n => n * n)} bins";

    /// <summary>The work on an input.</summary>
    public PyramidShape Shape(MapShape input) => new(input, Levels);

    /// <inheritdoc/>
    public override MapShape Output(MapShape input) => Shape(input).Output;
}
