using Microsoft.Win32.SafeHandles;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>ImageNet's validation pictures as they are given out, all in one: ILSVRC2012_img_val.tar, or a folder into which it was unpacked.</summary>
/// <remarks>Their classes come from <see cref="ValidationLabels"/>. Samples are ordered by class, then by name, and have the keys WNID/NAME: as if they lay in class
/// folders.</remarks>
internal sealed class ImageNetValidation : IDataset, IKeyed, IEncodedDataset, IDisposable
{
    /// <summary>The archive's name.</summary>
    public const string Archive = "ILSVRC2012_img_val.tar";

    private readonly string _path;
    private readonly IImageDecoder _decoder;
    private readonly SafeFileHandle? _file;
    private readonly TarGroup _pictures;
    private readonly int[] _order;
    private readonly int[] _labels;

    /// <summary>Opens the archive or the folder, and reads the labels beside it.</summary>
    /// <exception cref="RectifyException">The pictures or the labels are missing or broken, or do not belong together.</exception>
    public ImageNetValidation(string path, IImageDecoder decoder, IndexingOptions indexing)
    {
        (_path, _decoder) = (path, decoder);
        bool folder = Directory.Exists(path);
        ValidationLabels labels = LabelsOf(path);
        if (folder)
        {
            _pictures = FlatFolder.List(path);
        }
        else
        {
            (_file, TarIndex index) = OpenArchive.Open(path, nested: false, indexing);
            _pictures = index.Groups[0];
        }

        try
        {
            _labels = new int[_pictures.Count];
            _order = new int[_pictures.Count];
            for (int i = 0; i < _order.Length; i++)
            {
                (_order[i], _labels[i]) = (i, labels.Of(_pictures.NameOf(i), path));
            }

            // From a folder pictures may be taken away; an archive with fewer is cut short.
            if (_pictures.Count == 0 || (!folder && _pictures.Count != labels.Count))
            {
                throw labels.Lacking(path, _pictures.Count);
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        Array.Sort(_order, (a, b) => _labels[a] != _labels[b] ? _labels[a].CompareTo(_labels[b]) : a.CompareTo(b));
        Classes = labels.Classes;
    }

    /// <inheritdoc/>
    public int Count => _order.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The labels that belong to an archive or a folder.</summary>
    /// <exception cref="RectifyException">They are missing or broken.</exception>
    public static ValidationLabels LabelsOf(string path)
    {
        string beside = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))) ?? path;
        return Directory.Exists(path) ? ValidationLabels.Beside(path, beside, path) : ValidationLabels.Beside(path, beside);
    }

    /// <inheritdoc/>
    public int Label(int index) => _labels[_order[index]];

    /// <inheritdoc/>
    public string Name(int index) => Path.Combine(_path, _pictures.NameOf(_order[index]));

    /// <inheritdoc/>
    public RgbImage Read(int index, int shorterSide = 0) => _file is null
        ? FileSpan.Decode(Name(index), _decoder, shorterSide)
        : OpenArchive.Decode(_file, _pictures, _order[index], _decoder, Name(index), shorterSide);

    /// <inheritdoc/>
    string IKeyed.Key(int index) => $"{Classes[Label(index)]}/{_pictures.NameOf(_order[index])}";

    /// <inheritdoc/>
    byte[] IEncodedDataset.ReadFile(int index) => _file is null ? FileSpan.Read(Name(index)) : OpenArchive.Read(_file, _pictures, _order[index], Name(index));

    /// <inheritdoc/>
    long IEncodedDataset.FileLength(int index) => _file is null ? FileSpan.Length(Name(index)) : _pictures.Lengths[_order[index]];

    /// <summary>Closes the archive.</summary>
    public void Dispose() => _file?.Dispose();
}
