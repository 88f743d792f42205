using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Where one set of pictures lies, and how it is stored.</summary>
/// <param name="Kind">How it is stored.</param>
/// <param name="Name">What to call it in messages; a path that a user can write.</param>
/// <param name="Files">The folder, the archive, the CSV or the binary files.</param>
internal sealed record DatasetPlace(DatasetKind Kind, string Name, IReadOnlyList<string> Files)
{
    /// <summary>Opens it.</summary>
    /// <param name="decoder">Decodes its pictures.</param>
    /// <param name="indexing">How large archives get their index; null for the default.</param>
    /// <exception cref="RectifyException">It is missing or broken.</exception>
    public IDataset Open(IImageDecoder decoder, IndexingOptions? indexing = null) => Kind switch
    {
        DatasetKind.Folder when ShardNames.Any(Files[0]) => new ShardedDataset(Files[0], decoder),
        DatasetKind.Folder => new DirectoryDataset(Files[0], decoder),
        DatasetKind.Tar => new TarDataset(Files[0], decoder),
        DatasetKind.Csv => new CsvDataset(Files[0], decoder),
        DatasetKind.ImageNetTraining => new ImageNetTraining(Files[0], decoder, indexing ?? new IndexingOptions()),
        DatasetKind.ImageNetValidation => new ImageNetValidation(Files[0], decoder, indexing ?? new IndexingOptions()),
        _ => new CifarDataset(Files, Kind == DatasetKind.Cifar100),
    };

    /// <summary>The place that a single file is.</summary>
    /// <exception cref="RectifyException">The file is of no kind that is understood.</exception>
    public static DatasetPlace OfFile(string path)
    {
        string name = Path.GetFileName(path);
        if (EndsWith(name, ".tar"))
        {
            DatasetKind kind = name.Equals(ImageNetTraining.Archive, StringComparison.OrdinalIgnoreCase) ? DatasetKind.ImageNetTraining
                : name.Equals(ImageNetValidation.Archive, StringComparison.OrdinalIgnoreCase) ? DatasetKind.ImageNetValidation
                : DatasetKind.Tar;
            return new DatasetPlace(kind, path, [path]);
        }

        if (EndsWith(name, ".csv"))
        {
            return new DatasetPlace(DatasetKind.Csv, path, [path]);
        }

        if (EndsWith(name, ".bin"))
        {
            return new DatasetPlace(CifarDataset.KindOf(path), path, [path]);
        }

        string remedy = EndsWith(name, ".gz") || EndsWith(name, ".tgz")
            ? "decompress it first (gunzip), for a compressed archive cannot be read at random"
            : "name a folder or a .tar that holds a folder of pictures for each class, a .csv of path,label, or one of CIFAR's .bin files";
        throw new RectifyException($"{path} is neither a folder nor a .tar, .csv or .bin; {remedy}.");
    }

    private static bool EndsWith(string name, string extension) => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
}
