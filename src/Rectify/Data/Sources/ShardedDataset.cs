using Microsoft.Win32.SafeHandles;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>The shards of a packed set as one: samples and classes in the order that a folder with all of their content would have.</summary>
internal sealed class ShardedDataset : IDataset, IKeyed, IEncodedDataset, IDisposable
{
    private readonly string[] _files;
    private readonly SafeFileHandle?[] _handles;
    private readonly SampleListing _listing;
    private readonly (int Shard, long Offset, long Length)[] _places;
    private readonly IImageDecoder _decoder;

    /// <summary>Indexes the shards of a folder; keeps them open until disposal.</summary>
    /// <exception cref="RectifyException">A shard is missing or broken, or together they are no data set.</exception>
    public ShardedDataset(string folder, IImageDecoder decoder)
    {
        _decoder = decoder;
        _files = [.. ShardNames.In(folder)];
        _handles = new SafeFileHandle?[_files.Length];
        try
        {
            HashSet<string> folders = new(StringComparer.Ordinal);
            Dictionary<string, (int Shard, long Offset, long Length)> all = new(StringComparer.Ordinal);
            for (int i = 0; i < _files.Length; i++)
            {
                SafeFileHandle file = _handles[i] = File.OpenHandle(_files[i], options: FileOptions.RandomAccess);
                TarBounds.Check(file, _files[i]);
                Dictionary<string, (long Offset, long Length)> entries = new(StringComparer.Ordinal);
                TarDataset.Index(_files[i], folders, entries);
                foreach ((string name, (long offset, long length)) in entries)
                {
                    all[name] = (i, offset, length);
                }
            }

            _listing = SampleListing.Create(folder, folders, all.Keys);
            _places = Array.ConvertAll(_listing.Paths, path => all[path]);
        }
        catch (Exception e)
        {
            Dispose();
            throw e is IOException or UnauthorizedAccessException ? Unreadable(folder, e) : e;
        }
    }

    /// <inheritdoc/>
    public int Count => _listing.Paths.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => _listing.Classes;

    /// <inheritdoc/>
    public int Label(int index) => _listing.Labels[index];

    /// <inheritdoc/>
    public string Name(int index) => $"{_files[_places[index].Shard]}/{_listing.Paths[index]}";

    /// <inheritdoc/>
    public RgbImage Read(int index, int shorterSide = 0)
    {
        (int shard, long offset, long length) = _places[index];
        try
        {
            return FileSpan.Decode(_handles[shard]!, offset, length, _decoder, Name(index), shorterSide);
        }
        catch (IOException e)
        {
            throw Unreadable(Name(index), e);
        }
    }

    /// <inheritdoc/>
    string IKeyed.Key(int index) => _listing.Paths[index];

    /// <inheritdoc/>
    byte[] IEncodedDataset.ReadFile(int index)
    {
        (int shard, long offset, long length) = _places[index];
        try
        {
            return FileSpan.Read(_handles[shard]!, offset, length, Name(index));
        }
        catch (IOException e)
        {
            throw Unreadable(Name(index), e);
        }
    }

    /// <inheritdoc/>
    long IEncodedDataset.FileLength(int index) => _places[index].Length;

    /// <summary>Closes the shards.</summary>
    public void Dispose()
    {
        foreach (SafeFileHandle? handle in _handles)
        {
            handle?.Dispose();
        }
    }

    private static RectifyException Unreadable(string name, Exception e) =>
        new($"{name} cannot be read: {e.Message.TrimEnd('.')}; check the disk that holds the shards.", e);
}
