using System.Globalization;
using System.Text;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>The classes of ImageNet's validation pictures, whose names do not tell them.</summary>
/// <remarks>
/// Either from the devkit: line i of its ground truth holds the ILSVRC id of picture i, ILSVRC2012_val_0000000i.JPEG, and meta.mat says which WNID an id
/// stands for. Or from <see cref="ListFile"/>, where there is one: a line "ILSVRC2012_val_00000001.JPEG n01751748" for each picture. Ids are never taken
/// for positions among the sorted WNIDs.
/// </remarks>
internal sealed class ValidationLabels
{
    /// <summary>The list of names and WNIDs that is taken in place of the devkit.</summary>
    public const string ListFile = "ILSVRC2012_validation_wnids.txt";

    private const string NameStart = "ILSVRC2012_val_";
    private const int Digits = 8;
    private const long MaxList = 64L << 20;

    private readonly string _source;
    private readonly int[] _byNumber;
    private readonly Dictionary<string, int> _byName;

    private ValidationLabels(string source, string[] classes, int[] byNumber, Dictionary<string, int> byName) =>
        (_source, Classes, _byNumber, _byName) = (source, classes, byNumber, byName);

    /// <summary>WNIDs of the classes, in ordinal order.</summary>
    public string[] Classes { get; }

    /// <summary>Pictures that have a label.</summary>
    public int Count => _byNumber.Length + _byName.Count;

    /// <summary>Reads the labels that lie beside pictures.</summary>
    /// <param name="pictures">The pictures' archive or folder, for messages.</param>
    /// <param name="folders">Where to look: the first folder that has the list or the devkit.</param>
    /// <exception cref="RectifyException">There is neither, or it is damaged.</exception>
    public static ValidationLabels Beside(string pictures, params ReadOnlySpan<string> folders)
    {
        foreach (string folder in folders)
        {
            string list = Path.Combine(folder, ListFile);
            if (File.Exists(list))
            {
                return FromList(list);
            }

            if (Devkit.In(folder) is { } devkit)
            {
                return FromDevkit(devkit);
            }
        }

        throw new RectifyException(
            $"{pictures} holds pictures without their classes; put ImageNet's {Devkit.Archive}, or {ListFile} with a line NAME WNID for each picture, into {folders[0]}.");
    }

    /// <summary>The label of a picture, by its file name.</summary>
    /// <param name="name">The file name.</param>
    /// <param name="pictures">The pictures' archive or folder, for messages.</param>
    /// <exception cref="RectifyException">The picture has no label.</exception>
    public int Of(string name, string pictures)
    {
        if (_byNumber.Length == 0)
        {
            return _byName.TryGetValue(name, out int label) ? label : throw new RectifyException($"{_source} has no line for {pictures}/{name}; add it.");
        }

        string stem = Path.GetFileNameWithoutExtension(name);
        if (stem.Length != NameStart.Length + Digits || !stem.StartsWith(NameStart, StringComparison.OrdinalIgnoreCase)
            || !int.TryParse(stem.AsSpan(NameStart.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < 1)
        {
            throw new RectifyException(
                $"{pictures}/{name} has no name like {NameStart}00000001.JPEG, which says which label is its own; take the file away or give it its name again.");
        }

        return number <= _byNumber.Length
            ? _byNumber[number - 1]
            : throw new RectifyException(string.Create(
                CultureInfo.InvariantCulture, $"{_source} has {_byNumber.Length} lines, and {pictures}/{name} is picture {number}; take the devkit that belongs to the pictures."));
    }

    /// <summary>What is said where some of the labelled pictures are not there.</summary>
    public RectifyException Lacking(string pictures, int count) => new(string.Create(
        CultureInfo.InvariantCulture, $"{pictures} holds {count} pictures, and {_source} has labels for {Count}; download the archive again."));

    private static ValidationLabels FromDevkit(Devkit devkit)
    {
        SynsetTable table = SynsetTable.Read(devkit.Meta, devkit.MetaName);
        string[] classes = [.. Enumerable.Range(1, table.Count).Select(table.Wnid).Order(StringComparer.Ordinal)];
        int[] labelOfId = [.. Enumerable.Range(1, table.Count).Select(id => Array.BinarySearch(classes, table.Wnid(id), StringComparer.Ordinal))];
        string[] lines = Encoding.UTF8.GetString(devkit.Truth).TrimEnd().Split('\n');
        int[] labels = new int[lines.Length];
        for (int i = 0; i < lines.Length; i++)
        {
            string text = lines[i].Trim();
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int id) || id < 1 || id > table.Count)
            {
                throw new RectifyException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{devkit.TruthName}, line {i + 1}, holds \"{(text.Length > 20 ? text[..20] : text)}\", "
                    + $"and the classes of meta.mat have the ids 1 to {table.Count}; take both from one devkit."));
            }

            labels[i] = labelOfId[id - 1];
        }

        return new ValidationLabels(devkit.TruthName, classes, labels, []);
    }

    private static ValidationLabels FromList(string path)
    {
        Dictionary<string, string> wnids = new(StringComparer.Ordinal);
        try
        {
            if (new FileInfo(path).Length > MaxList)
            {
                throw new RectifyException($"{path} is far too long; write a line NAME WNID for each validation picture.");
            }

            int number = 0;
            foreach (string line in File.ReadLines(path))
            {
                number++;
                string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                if (words.Length != 0 && (words.Length != 2 || !wnids.TryAdd(words[0], words[1])))
                {
                    throw new RectifyException(string.Create(
                        CultureInfo.InvariantCulture, $"{path}, line {number}, {(words.Length == 2 ? $"names {words[0]} again" : "is not NAME WNID")}; mend it."));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RectifyException($"{path} cannot be read: {e.Message.TrimEnd('.')}; check that it may be read.", e);
        }

        string[] classes = [.. wnids.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return classes.Length >= 2
            ? new ValidationLabels(path, classes, [], wnids.ToDictionary(p => p.Key, p => Array.BinarySearch(classes, p.Value, StringComparer.Ordinal), StringComparer.Ordinal))
            : throw new RectifyException($"{path} names {classes.Length} classes, and a classifier needs two; write a line NAME WNID for each validation picture.");
    }
}
