using System.Formats.Tar;
using Microsoft.Win32.SafeHandles;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>A .tar of class folders of pictures: indexed once, when it is opened, and then read at random without unpacking.</summary>
/// <remarks>Numbers its samples as a folder with the same content would be numbered. A name that is in the archive twice means its last entry, as
/// it does to tar. A hard link is the file that it names.</remarks>
public sealed class TarDataset : IDataset, IKeyed, IEncodedDataset, IDisposable
{
    private readonly string _path;
    private readonly SampleListing _listing;
    private readonly (long Offset, long Length)[] _places;
    private readonly SafeFileHandle _file;
    private readonly IImageDecoder _decoder;

    /// <summary>Indexes an archive; keeps it open until disposal.</summary>
    /// <param name="path">An uncompressed tar of class folders; .jpg, .jpeg and .png below them are the samples.</param>
    /// <param name="decoder">Decodes the pictures.</param>
    /// <exception cref="RectifyException">The archive is missing, unreadable, cut short or no tar, has no class folder or one alone, a class
    /// folder has no pictures, or a hard link names no file before it.</exception>
    public TarDataset(string path, IImageDecoder decoder)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(decoder);
        if (!File.Exists(path))
        {
            throw new RectifyException($"{path} is not a file; name a .tar that holds a folder of pictures for each class.");
        }

        (_path, _decoder) = (path, decoder);
        _file = Open(path);
        try
        {
            TarBounds.Check(_file, path);
            Dictionary<string, (long Offset, long Length)> files = new(StringComparer.Ordinal);
            HashSet<string> folders = new(StringComparer.Ordinal);
            Index(path, folders, files);
            CheckParts(path, [.. files.Keys]);
            _listing = SampleListing.Create(path, folders, files.Keys);
            _places = Array.ConvertAll(_listing.Paths, p => files[p]);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public int Count => _listing.Paths.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => _listing.Classes;

    /// <inheritdoc/>
    public int Label(int index) => _listing.Labels[index];

    /// <inheritdoc/>
    public string Name(int index) => $"{_path}/{_listing.Paths[index]}";

    /// <inheritdoc/>
    public RgbImage Read(int index, int shorterSide = 0)
    {
        string name = Name(index);
        try
        {
            (long offset, long length) = _places[index];
            return FileSpan.Decode(_file, offset, length, _decoder, name, shorterSide);
        }
        catch (IOException e)
        {
            throw new RectifyException($"{name} cannot be read: {e.Message.TrimEnd('.')}; check the disk that holds the archive.", e);
        }
    }

    /// <inheritdoc/>
    string IKeyed.Key(int index) => _listing.Paths[index];

    /// <inheritdoc/>
    byte[] IEncodedDataset.ReadFile(int index)
    {
        try
        {
            return FileSpan.Read(_file, _places[index].Offset, _places[index].Length, Name(index));
        }
        catch (IOException e)
        {
            throw new RectifyException($"{Name(index)} cannot be read: {e.Message.TrimEnd('.')}; check the disk that holds the archive.", e);
        }
    }

    /// <inheritdoc/>
    long IEncodedDataset.FileLength(int index) => _places[index].Length;

    /// <summary>Closes the archive.</summary>
    public void Dispose() => _file.Dispose();

    internal static void Index(string path, HashSet<string> folders, Dictionary<string, (long Offset, long Length)> files)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            using TarReader reader = new(stream);
            TarPlaces places = new(files);
            while (reader.GetNextEntry() is TarEntry entry)
            {
                string name = TarPlaces.NameOf(entry.Name);
                if (entry.EntryType == TarEntryType.Directory && name.Length > 0)
                {
                    _ = folders.Add(name.Split('/')[0]);
                }
                else if (!places.Add(entry) && SampleListing.IsSample(name))
                {
                    throw TarScan.LinkToNothing(path, name, entry.LinkName);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or FormatException or InvalidOperationException
            or ArgumentException or OverflowException)
        {
            throw Unreadable(path, e);
        }
    }

    private static SafeFileHandle Open(string path)
    {
        try
        {
            return File.OpenHandle(path, options: FileOptions.RandomAccess);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    private static RectifyException Unreadable(string path, Exception e) =>
        new($"{path} cannot be read as a tar: {e.Message.TrimEnd('.')}; check it with \"tar tf\", and make or copy it again.", e);

    // train/cat/1.jpg and test/cat/1.jpg are not two classes called "train" and "test".
    private static void CheckParts(string path, string[] files)
    {
        if (files.Length > 0 && Array.TrueForAll(files, f => f.Split('/') is { Length: > 2 } parts && PartNames.Of(parts[0]) is not null))
        {
            throw new RectifyException($"{path} holds parts ({string.Join(", ", files.Select(f => f.Split('/')[0]).Distinct())}) and not classes; "
                + "unpack it, or make a .tar of each part.");
        }
    }
}
