using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Pictures named by a .csv of path,label: UTF-8, RFC 4180, a header "path,label" allowed, paths relative to the CSV's folder.</summary>
/// <remarks>Classes are the labels in ordinal order, samples are in the ordinal order of their paths, whatever the order of the rows; so a CSV of a folder's
/// class folders numbers its samples as the folder does.</remarks>
public sealed class CsvDataset : IDataset, IKeyed, IEncodedDataset
{
    private readonly string _root;
    private readonly string[] _paths;
    private readonly int[] _labels;
    private readonly IImageDecoder _decoder;

    /// <summary>Reads the CSV; the pictures are read when they are asked for.</summary>
    /// <param name="path">The CSV.</param>
    /// <param name="decoder">Decodes the pictures.</param>
    /// <exception cref="RectifyException">The file cannot be read; a row is not path,label, is too long or names a picture again; there are not two
    /// labels. The message has the line.</exception>
    public CsvDataset(string path, IImageDecoder decoder)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(decoder);
        _decoder = decoder;
        _root = Path.GetDirectoryName(path) ?? "";
        List<CsvListing.Row> rows = CsvListing.Read(path, (line, problem) => throw new RectifyException($"{path}, line {line}, {problem}."));
        rows.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        string[] classes = [.. rows.Select(r => r.Label).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (classes.Length < 2)
        {
            throw new RectifyException(classes.Length == 0
                ? $"{path} names no pictures; write a row path,label for each."
                : $"{path} has a single label, \"{classes[0]}\", and a classifier needs two; add a class.");
        }

        Classes = classes;
        _paths = [.. rows.Select(r => r.Path)];
        _labels = [.. rows.Select(r => Array.BinarySearch(classes, r.Label, StringComparer.Ordinal))];
    }

    /// <inheritdoc/>
    public int Count => _paths.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public int Label(int index) => _labels[index];

    /// <inheritdoc/>
    public string Name(int index) => Path.Combine(_root, _paths[index]);

    /// <inheritdoc/>
    public RgbImage Read(int index, int shorterSide = 0) => FileSpan.Decode(Name(index), _decoder, shorterSide);

    /// <inheritdoc/>
    string IKeyed.Key(int index) => _paths[index];

    /// <inheritdoc/>
    byte[] IEncodedDataset.ReadFile(int index) => FileSpan.Read(Name(index));

    /// <inheritdoc/>
    long IEncodedDataset.FileLength(int index) => FileSpan.Length(Name(index));
}
