using Microsoft.Win32.SafeHandles;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>ILSVRC2012_img_train.tar: a tar of a tar of pictures for each class, read at random without unpacking.</summary>
/// <remarks>Classes are the inner tars' names, WNIDs, in ordinal order. Samples are numbered as in a folder of class folders with the same pictures, and have the
/// same keys. Names are made when they are asked for.</remarks>
internal sealed class ImageNetTraining : IDataset, IKeyed, IEncodedDataset, IDisposable
{
    /// <summary>The archive's name.</summary>
    public const string Archive = "ILSVRC2012_img_train.tar";

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly TarIndex _index;
    private readonly IImageDecoder _decoder;

    /// <summary>Opens the archive, and indexes it where that has not been done.</summary>
    /// <exception cref="RectifyException">The archive cannot be read, is cut short, or is no tar of tars of pictures.</exception>
    public ImageNetTraining(string path, IImageDecoder decoder, IndexingOptions indexing)
    {
        (_path, _decoder) = (path, decoder);
        (_file, _index) = OpenArchive.Open(path, nested: true, indexing);
        Classes = Array.ConvertAll(_index.Groups, g => g.Name);
    }

    /// <inheritdoc/>
    public int Count => _index.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public int Label(int index) => _index.Find(index).Group;

    /// <inheritdoc/>
    public string Name(int index)
    {
        (TarGroup group, int i) = Find(index);
        return $"{_path}/{group.Name}.tar/{group.NameOf(i)}";
    }

    /// <inheritdoc/>
    public RgbImage Read(int index, int shorterSide = 0)
    {
        (TarGroup group, int i) = Find(index);
        return OpenArchive.Decode(_file, group, i, _decoder, Name(index), shorterSide);
    }

    /// <inheritdoc/>
    string IKeyed.Key(int index)
    {
        (TarGroup group, int i) = Find(index);
        return $"{group.Name}/{group.NameOf(i)}";
    }

    /// <inheritdoc/>
    byte[] IEncodedDataset.ReadFile(int index)
    {
        (TarGroup group, int i) = Find(index);
        return OpenArchive.Read(_file, group, i, Name(index));
    }

    /// <inheritdoc/>
    long IEncodedDataset.FileLength(int index)
    {
        (TarGroup group, int i) = Find(index);
        return group.Lengths[i];
    }

    /// <summary>Closes the archive.</summary>
    public void Dispose() => _file.Dispose();

    private (TarGroup Group, int Index) Find(int index)
    {
        (int group, int i) = _index.Find(index);
        return (_index.Groups[group], i);
    }
}
