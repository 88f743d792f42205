namespace Rectify.Data.Checking;

/// <summary>The shards of a packed set.</summary>
internal sealed class ShardedSource : CheckSource
{
    private readonly List<(TarSource Shard, int Index)> _places = [];

    public ShardedSource(string folder)
    {
        foreach (string file in ShardNames.In(folder))
        {
            TarSource shard = new(file);
            Findings.AddRange(shard.Findings);
            Classes.UnionWith(shard.Classes);
            Entries.AddRange(shard.Entries);
            _places.AddRange(Enumerable.Range(0, shard.Entries.Count).Select(i => (shard, i)));
        }
    }

    public override ExaminedFile Examine(int index, IImageDecoder decoder, DatasetCheckOptions options) =>
        _places[index].Shard.Examine(_places[index].Index, decoder, options);
}
