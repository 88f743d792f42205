using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>A folder of class folders of pictures. What lies in it is listed once, when it is opened; pictures are read when they are asked
/// for.</summary>
public sealed class DirectoryDataset : IDataset, IKeyed, IEncodedDataset
{
    private readonly string _root;
    private readonly SampleListing _listing;
    private readonly IImageDecoder _decoder;

    /// <summary>Lists a folder.</summary>
    /// <param name="path">A folder of class folders; .jpg, .jpeg and .png below them are the samples.</param>
    /// <param name="decoder">Decodes the pictures.</param>
    /// <exception cref="RectifyException">The folder is missing, unreadable, empty, has no class folder or one alone, a class folder has no
    /// pictures, or a link leads back to a folder that holds it.</exception>
    public DirectoryDataset(string path, IImageDecoder decoder)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(decoder);
        if (!Directory.Exists(path))
        {
            throw new RectifyException($"{path} is not a folder; name a folder that holds a folder of pictures for each class.");
        }

        (_root, _decoder) = (path, decoder);
        try
        {
            if (!Directory.EnumerateFileSystemEntries(path).Any())
            {
                throw new RectifyException($"{path} is empty; put a folder of pictures for each class into it.");
            }

            _listing = SampleListing.Create(
                path,
                Directory.EnumerateDirectories(path).Select(d => Path.GetFileName(d)),
                FolderWalk.Files(path).Where(SampleListing.IsSample));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RectifyException($"{path} cannot be listed: {e.Message.TrimEnd('.')}; check the folder's permissions.", e);
        }
    }

    /// <inheritdoc/>
    public int Count => _listing.Paths.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => _listing.Classes;

    /// <inheritdoc/>
    public int Label(int index) => _listing.Labels[index];

    /// <inheritdoc/>
    public string Name(int index) => Path.Combine(_root, _listing.Paths[index]);

    /// <inheritdoc/>
    public RgbImage Read(int index, int shorterSide = 0) => FileSpan.Decode(Name(index), _decoder, shorterSide);

    /// <inheritdoc/>
    string IKeyed.Key(int index) => _listing.Paths[index];

    /// <inheritdoc/>
    byte[] IEncodedDataset.ReadFile(int index) => FileSpan.Read(Name(index));

    /// <inheritdoc/>
    long IEncodedDataset.FileLength(int index) => FileSpan.Length(Name(index));
}
