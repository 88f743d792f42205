using System.Globalization;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>The classes of the devkit's meta.mat: which WordNet id (WNID) an ILSVRC id stands for. The two orders have nothing to do with each other.</summary>
/// <remarks>meta.mat holds a tree: its leaves (num_children 0) are the classes, with the ids 1 to their number; inner nodes have ids above.</remarks>
internal sealed class SynsetTable
{
    private readonly string[] _wnids;

    private SynsetTable(string[] wnids, Dictionary<string, string> words) => (_wnids, Words) = (wnids, words);

    /// <summary>Classes; their ids are 1 to this.</summary>
    public int Count => _wnids.Length;

    /// <summary>What each class is called, by WNID: "tench, Tinca tinca".</summary>
    public IReadOnlyDictionary<string, string> Words { get; }

    /// <summary>The WNID of an ILSVRC id.</summary>
    public string Wnid(int id) => _wnids[id - 1];

    /// <summary>Reads meta.mat.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="RectifyException">It is damaged, or its leaves do not have the ids 1 to their number and different WNIDs.</exception>
    public static SynsetTable Read(ReadOnlySpan<byte> file, string name)
    {
        MatStructs synsets = MatStructs.Read(file, name, "synsets");
        int[] leaves = [.. Enumerable.Range(0, synsets.Count).Where(i => synsets.Number(i, "num_children") == 0)];
        string[] wnids = new string[leaves.Length];
        Dictionary<string, string> words = new(StringComparer.Ordinal);
        foreach (int leaf in leaves)
        {
            int id = synsets.Number(leaf, "ILSVRC2012_ID");
            string wnid = synsets.Text(leaf, "WNID");
            if (id < 1 || id > wnids.Length || wnids[id - 1] is not null)
            {
                throw MatElements.Broken(name, string.Create(
                    CultureInfo.InvariantCulture, $"its {wnids.Length} classes should have the ids 1 to {wnids.Length}, each once, and {wnid} has {id}"));
            }

            if (wnid.Length == 0 || !words.TryAdd(wnid, synsets.Text(leaf, "words")))
            {
                throw MatElements.Broken(name, string.Create(CultureInfo.InvariantCulture, $"id {id} has {(wnid.Length == 0 ? "no WNID" : $"the WNID {wnid} of another")}"));
            }

            wnids[id - 1] = wnid;
        }

        return wnids.Length >= 2 ? new SynsetTable(wnids, words) : throw MatElements.Broken(name, "it has no classes (synsets without children)");
    }
}
