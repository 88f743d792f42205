namespace Rectify.Data;

/// <summary>Keeps decoded pictures in memory up to a budget: small pictures are decoded once instead of once an epoch.</summary>
/// <remarks>
/// Pictures stay in the order in which they are first read until the budget is spent; the rest are read anew each time. What is read is the same
/// either way. Two threads may decode the same picture at the same time, once. Callers must not write into the pixels.
/// </remarks>
public sealed class CachedDataset : IDataset, IKeyed, IDatasetView
{
    // The objects' headers and fields beside the pixels, roughly.
    private const long Overhead = 96;

    private readonly IDataset _data;
    private readonly RgbImage?[] _pictures;
    private long _left;

    /// <summary>Puts a cache before a data set.</summary>
    /// <param name="data">Where the pictures come from.</param>
    /// <param name="budgetBytes">How much memory they may take, in bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="budgetBytes"/> is negative.</exception>
    public CachedDataset(IDataset data, long budgetBytes)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegative(budgetBytes);
        (_data, _left) = (data, budgetBytes);
        _pictures = new RgbImage?[data.Count];
    }

    /// <inheritdoc/>
    public int Count => _data.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => _data.Classes;

    /// <summary>How much of the budget is left, in bytes.</summary>
    public long BytesLeft => Interlocked.Read(ref _left);

    /// <inheritdoc/>
    public int Label(int index) => _data.Label(index);

    /// <inheritdoc/>
    public string Name(int index) => _data.Name(index);

    /// <inheritdoc/>
    public RgbImage Read(int index, int shorterSide = 0)
    {
        if (Volatile.Read(ref _pictures[index]) is { } cached)
        {
            return cached;
        }

        RgbImage image = _data.Read(index, shorterSide);
        long cost = image.Pixels.Length + Overhead;
        if (Interlocked.Add(ref _left, -cost) < 0)
        {
            // Too big for what is left: give it back, so that a smaller one may fit.
            _ = Interlocked.Add(ref _left, cost);
            return image;
        }

        if (Interlocked.CompareExchange(ref _pictures[index], image, null) is { } other)
        {
            _ = Interlocked.Add(ref _left, cost);
            return other;
        }

        return image;
    }

    /// <inheritdoc/>
    string IKeyed.Key(int index) => (_data as IKeyed)?.Key(index) ?? _data.Name(index);

    /// <inheritdoc/>
    IDataset IDatasetView.Whole => _data;

    /// <inheritdoc/>
    int IDatasetView.IndexInWhole(int index) => index;
}
