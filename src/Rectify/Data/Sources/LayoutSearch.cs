using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>The rules by which a folder is one set of class folders, or a set in parts.</summary>
internal static class LayoutSearch
{
    private const string Advice = "name the folder or file that is meant";

    /// <summary>The sets that a folder holds.</summary>
    /// <exception cref="RectifyException">The folder cannot be listed, or it could be read in two ways.</exception>
    public static Dictionary<DatasetPart, DatasetPlace> InFolder(string path)
    {
        try
        {
            string[] folders = Visible(Directory.EnumerateDirectories(path));
            string[] files = Visible(Directory.EnumerateFiles(path));
            return InFolder(path, folders, files);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RectifyException($"{path} cannot be listed: {e.Message.TrimEnd('.')}; check the folder's permissions.", e);
        }
    }

    private static Dictionary<DatasetPart, DatasetPlace> InFolder(string path, string[] folders, string[] files)
    {
        Dictionary<DatasetPart, DatasetPlace> ten = Cifar10(path, files), hundred = Cifar100(path, files);
        DatasetPlace[] named = [.. folders.Where(f => PartNames.Of(f) is not null).Select(f => Place(path, f, KindOf(path, f))), .. NamedFiles(path, files)];
        DatasetPlace[] parts = [.. named.Where(p => p.Kind != DatasetKind.Folder || HoldsFolders(p.Files[0]) || ShardNames.Any(p.Files[0]))];
        string[] readings = [.. new[] { ten, hundred }.Where(d => d.Count > 0).Select(d => d.Values.First().Files[0]), .. parts.Take(1).Select(p => p.Name)];
        if (readings.Length > 1)
        {
            throw new RectifyException($"{path} holds more than one data set ({string.Join(" and ", readings.Select(r => Path.GetFileName(r)))}); {Advice}.");
        }

        if (ten.Count + hundred.Count > 0)
        {
            return ten.Count > 0 ? ten : hundred;
        }

        if (parts.Length > 0)
        {
            return Divided(path, parts, folders);
        }

        // Pictures straight in train/ and test/: two classes called "train" and "test" are what nobody wants.
        if (folders.Length > 0 && folders.All(f => PartNames.Of(f) is not null))
        {
            throw new RectifyException(
                $"{named[0].Name} holds no class folders; put each class's pictures into a folder named after the class, such as "
                + $"{Path.Combine(named[0].Name, "cat", "1.jpg")}.");
        }

        DatasetKind kind = folders.All(Devkit.IsFolder) && FlatFolder.Is(path) ? DatasetKind.ImageNetValidation : DatasetKind.Folder;
        return new() { [DatasetPart.Whole] = new DatasetPlace(kind, path, [path]) };
    }

    private static Dictionary<DatasetPart, DatasetPlace> Divided(string path, DatasetPlace[] parts, string[] folders)
    {
        Dictionary<DatasetPart, DatasetPlace> places = [];
        foreach (DatasetPlace place in parts)
        {
            if (!places.TryAdd(PartNames.Of(Path.GetFileNameWithoutExtension(place.Name))!.Value, place))
            {
                string other = places[PartNames.Of(Path.GetFileNameWithoutExtension(place.Name))!.Value].Name;
                throw new RectifyException($"{path} holds both {Path.GetFileName(other)} and {Path.GetFileName(place.Name)}; keep one of them there.");
            }
        }

        // A CSV's pictures lie in folders of any name; beside ImageNet's archives no folder is a class.
        string[] strangers = [.. folders.Where(f => !Devkit.IsFolder(f) && !parts.Any(p => Path.GetFileName(p.Name) == f))];
        if (strangers.Length > 0 && !parts.Any(p => p.Kind is DatasetKind.Csv or DatasetKind.ImageNetTraining or DatasetKind.ImageNetValidation))
        {
            string more = strangers.Length > 3 ? ", …" : "";
            throw new RectifyException(
                $"{path} holds {Path.GetFileName(parts[0].Name)} beside other folders ({string.Join(", ", strangers.Take(3))}{more}), so it is unclear whether "
                + "these are classes or parts of a set; move the others away, call the parts train, val and test, or name one folder.");
        }

        return places;
    }

    private static Dictionary<DatasetPart, DatasetPlace> Cifar10(string path, string[] files)
    {
        Dictionary<DatasetPart, DatasetPlace> places = [];
        string[] training = [.. files.Where(CifarDataset.IsTrainingBatch).Select(f => Path.Combine(path, f))];
        if (training.Length > 0)
        {
            places[DatasetPart.Training] = new DatasetPlace(DatasetKind.Cifar10, Path.Combine(path, "data_batch_*.bin"), training);
        }

        if (files.Contains(CifarDataset.TestBatch))
        {
            places[DatasetPart.Test] = Place(path, CifarDataset.TestBatch, DatasetKind.Cifar10);
        }

        return places;
    }

    private static Dictionary<DatasetPart, DatasetPlace> Cifar100(string path, string[] files)
    {
        Dictionary<DatasetPart, DatasetPlace> places = [];
        if (files.Contains(CifarDataset.Train100))
        {
            places[DatasetPart.Training] = Place(path, CifarDataset.Train100, DatasetKind.Cifar100);
        }

        if (files.Contains(CifarDataset.Test100))
        {
            places[DatasetPart.Test] = Place(path, CifarDataset.Test100, DatasetKind.Cifar100);
        }

        return places;
    }

    private static IEnumerable<DatasetPlace> NamedFiles(string path, string[] files)
    {
        foreach (string file in files.Where(f => PartNames.Of(Path.GetFileNameWithoutExtension(f)) is not null))
        {
            string extension = Path.GetExtension(file);
            if (extension.Equals(".tar", StringComparison.OrdinalIgnoreCase) || extension.Equals(".csv", StringComparison.OrdinalIgnoreCase))
            {
                yield return DatasetPlace.OfFile(Path.Combine(path, file));
            }
        }
    }

    private static DatasetPlace Place(string path, string name, DatasetKind kind) => new(kind, Path.Combine(path, name), [Path.Combine(path, name)]);

    private static DatasetKind KindOf(string path, string folder)
    {
        string whole = Path.Combine(path, folder);
        return PartNames.Of(folder) == DatasetPart.Validation && !HoldsFolders(whole) && FlatFolder.Is(whole) ? DatasetKind.ImageNetValidation : DatasetKind.Folder;
    }

    private static bool HoldsFolders(string path) => Visible(Directory.EnumerateDirectories(path)).Length > 0;

    private static string[] Visible(IEnumerable<string> paths) =>
        [.. paths.Select(p => Path.GetFileName(p)).Where(n => !n.StartsWith('.')).Order(StringComparer.Ordinal)];
}
