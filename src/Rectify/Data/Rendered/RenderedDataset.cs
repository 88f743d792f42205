using System.Globalization;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Pictures that are computed, not stored: ten shapes, textured, turned, scaled, shifted, cluttered and lit.</summary>
/// <remarks>
/// For a first run without a data set, for tests and for benchmarks. The sign and the hue of the contrast between figure and ground are random, so
/// a linear classifier
/// on pixels stays near chance, while a small convolutional network passes 90 %. Picture i depends on (seed, size, i) alone and has the
/// same bits on every machine; pictures of one seed and different size show the same scene. Classes are balanced: each ten consecutive samples
/// hold each class once.
/// Use another seed, not another range, for a test set.
/// </remarks>
public sealed class RenderedDataset : IDataset, IKeyed, IRecordDataset
{
    /// <summary>The smallest picture in which the shapes can be told apart.</summary>
    public const int MinSize = 16;

    private readonly int _size;
    private readonly ulong _seed;

    /// <summary>A set of <paramref name="count"/> pictures.</summary>
    /// <param name="count">Samples, at least 1.</param>
    /// <param name="size">Rows and columns of a picture, 16..4096.</param>
    /// <param name="seed">Tells sets apart.</param>
    /// <exception cref="RectifyException"><paramref name="count"/> or <paramref name="size"/> is out of range.</exception>
    public RenderedDataset(int count, int size, ulong seed)
    {
        if (count < 1)
        {
            throw new RectifyException($"The built-in pictures: {count} samples are asked for; ask for 1 or more.");
        }

        if (size is < MinSize or > 4096)
        {
            throw new RectifyException($"The built-in pictures: a size of {size} pixels is asked for; choose {MinSize} to 4096.");
        }

        (Count, _size, _seed) = (count, size, seed);
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => ShapeMath.Names;

    /// <inheritdoc/>
    public int Label(int index)
    {
        Check(index);

        // Each ten samples hold each class once: i → (a·i + b) mod 10 is a permutation for a in {1, 3, 7, 9}; a and b differ from ten to ten.
        RandomStream random = new(_seed, RandomPurpose.Rendering, 1, (ulong)(index / 10));
        int factor = random.NextInt(4) switch { 0 => 1, 1 => 3, 2 => 7, _ => 9 };
        return ((factor * (index % 10)) + random.NextInt(10)) % 10;
    }

    /// <inheritdoc/>
    public string Name(int index)
    {
        Check(index);
        return $"built-in #{index}";
    }

    /// <inheritdoc/>
    public RgbImage Read(int index, int shorterSide = 0)
    {
        int label = Label(index);
        byte[] pixels = new byte[3 * _size * _size];
        Span<RenderedStroke> strokes = stackalloc RenderedStroke[RenderedScene.MaxStrokes];
        RenderedScene scene = new(label, new RandomStream(_seed, RandomPurpose.Rendering, 0, (ulong)index), strokes);
        for (int row = 0; row < _size; row++)
        {
            scene.Row(row, _size, pixels.AsSpan(3 * _size * row, 3 * _size));
        }

        return new RgbImage(_size, _size, pixels);
    }

    /// <inheritdoc/>
    int IRecordDataset.RecordLength => 3 * _size * _size;

    /// <inheritdoc/>
    string IKeyed.Key(int index) => string.Create(CultureInfo.InvariantCulture, $"built-in {_seed}#{index}");

    private void Check(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
    }
}
