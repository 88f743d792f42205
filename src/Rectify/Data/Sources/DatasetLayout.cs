using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>What lies at a path: one set of pictures, or parts for training, validation and testing.</summary>
/// <remarks>
/// One set: a folder of class folders; a .tar of class folders; a .csv of path,label; one of CIFAR's .bin files. Parts: a folder that holds train, val (or
/// validation) and test, each a folder of class folders, a .tar or a .csv of that name; or a folder with CIFAR-10's data_batch_*.bin and test_batch.bin, or
/// with CIFAR-100's train.bin and test.bin; or one with ImageNet's archives of 2012, or with val unpacked but not sorted. What could be read in two ways is
/// refused.
/// </remarks>
public sealed class DatasetLayout
{
    private readonly IReadOnlyDictionary<DatasetPart, DatasetPlace> _places;

    internal DatasetLayout(string path, IReadOnlyDictionary<DatasetPart, DatasetPlace> places) => (Path, _places) = (path, places);

    /// <summary>The path that was looked at.</summary>
    public string Path { get; }

    /// <summary>Whether there are parts; otherwise there is just <see cref="DatasetPart.Whole"/>.</summary>
    public bool IsDivided => !Has(DatasetPart.Whole);

    /// <summary>The part to evaluate on: validation, else test; null where there is neither.</summary>
    public DatasetPart? EvaluationPart => Has(DatasetPart.Validation) ? DatasetPart.Validation : Has(DatasetPart.Test) ? DatasetPart.Test : null;

    /// <summary>The part to train on: the whole where it is not divided.</summary>
    public DatasetPart TrainingPart => IsDivided ? DatasetPart.Training : DatasetPart.Whole;

    /// <summary>The parts that are there, training first.</summary>
    public IEnumerable<DatasetPart> Parts => _places.Keys.Order();

    /// <summary>Looks at a path; opens nothing.</summary>
    /// <exception cref="RectifyException">The path is empty or missing, is of no kind that is understood, or could be read in two ways.</exception>
    public static DatasetLayout Find(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new RectifyException("The path of the data is empty; name a folder or a .tar that holds a folder of pictures for each class.");
        }

        if (Directory.Exists(path))
        {
            return new DatasetLayout(path, LayoutSearch.InFolder(path));
        }

        if (!File.Exists(path))
        {
            throw new RectifyException($"{path} does not exist; name a folder or a .tar that holds a folder of pictures for each class.");
        }

        return new DatasetLayout(path, new Dictionary<DatasetPart, DatasetPlace> { [DatasetPart.Whole] = DatasetPlace.OfFile(path) });
    }

    /// <summary>Whether a part is there.</summary>
    public bool Has(DatasetPart part) => _places.ContainsKey(part);

    /// <summary>Where a part lies: a path that can be given in place of the whole's.</summary>
    /// <exception cref="RectifyException">The part is not there.</exception>
    public string PathOf(DatasetPart part) => Place(part).Name;

    /// <summary>Opens a part.</summary>
    /// <param name="part">Which.</param>
    /// <param name="decoder">Decodes its pictures.</param>
    /// <param name="indexing">How large archives get their index; null for the default.</param>
    /// <exception cref="RectifyException">The part is not there or is broken.</exception>
    public IDataset Open(DatasetPart part, IImageDecoder decoder, IndexingOptions? indexing = null)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        return Place(part).Open(decoder, indexing);
    }

    internal DatasetPlace Place(DatasetPart part)
    {
        if (_places.TryGetValue(part, out DatasetPlace? place))
        {
            return place;
        }

        string there = string.Join(" and ", Parts.Select(p => _places[p].Name));
        throw new RectifyException(part == DatasetPart.Whole
            ? $"{Path} is divided into parts ({there}); name the one that is meant."
            : $"{Path} has no part for {PartNames.InWords(part)}; there is {there}.");
    }
}
