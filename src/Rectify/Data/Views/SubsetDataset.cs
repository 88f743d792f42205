namespace Rectify.Data;

/// <summary>Some samples of another data set, in an order of one's own. Classes and labels are the other's.</summary>
public sealed class SubsetDataset : IDataset, IKeyed, IDatasetView
{
    private readonly IDataset _data;
    private readonly int[] _indices;

    /// <summary>A view of <paramref name="data"/>.</summary>
    /// <param name="data">The whole.</param>
    /// <param name="indices">Samples of the whole, in the order wanted; copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is not one of the whole's.</exception>
    public SubsetDataset(IDataset data, ReadOnlySpan<int> indices)
    {
        ArgumentNullException.ThrowIfNull(data);
        foreach (int index in indices)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index, nameof(indices));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, data.Count, nameof(indices));
        }

        (_data, _indices) = (data, indices.ToArray());
    }

    /// <inheritdoc/>
    public int Count => _indices.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => _data.Classes;

    /// <summary>The sample's index in the whole.</summary>
    public int Origin(int index) => _indices[index];

    /// <inheritdoc/>
    public int Label(int index) => _data.Label(_indices[index]);

    /// <inheritdoc/>
    public string Name(int index) => _data.Name(_indices[index]);

    /// <inheritdoc/>
    public RgbImage Read(int index, int shorterSide = 0) => _data.Read(_indices[index], shorterSide);

    /// <inheritdoc/>
    string IKeyed.Key(int index) => (_data as IKeyed)?.Key(_indices[index]) ?? _data.Name(_indices[index]);

    /// <inheritdoc/>
    IDataset IDatasetView.Whole => _data;

    /// <inheritdoc/>
    int IDatasetView.IndexInWhole(int index) => _indices[index];
}
