using System.Globalization;
using System.Text.RegularExpressions;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>The shards of a packed set: shard-00000-of-00003.tar and so on, together in a folder with nothing else that is a data set.</summary>
internal static partial class ShardNames
{
    /// <summary>A shard's file name.</summary>
    public static string Of(int shard, int count) => string.Create(CultureInfo.InvariantCulture, $"shard-{shard:00000}-of-{count:00000}.tar");

    /// <summary>Whether a folder holds shards.</summary>
    public static bool Any(string folder) => Directory.EnumerateFiles(folder, "shard-*.tar").Any(file => Pattern().IsMatch(Path.GetFileName(file)));

    /// <summary>The shards of a folder, in order.</summary>
    /// <exception cref="RectifyException">One is missing, or they are of two packs.</exception>
    public static IReadOnlyList<string> In(string folder)
    {
        (int Shard, int Count)[] found = [.. Directory.EnumerateFiles(folder, "shard-*.tar")
            .Select(file => Pattern().Match(Path.GetFileName(file))).Where(match => match.Success).Select(match => (Number(match, 1), Number(match, 2))).Order()];
        int count = found[0].Count;
        if (found.FirstOrDefault(shard => shard.Count != count) is { Count: > 0 } other)
        {
            throw new RectifyException($"{folder} holds shards of two packs (of {count} and of {other.Count}); remove one of them.");
        }

        for (int i = 0; i < count; i++)
        {
            if (i >= found.Length || found[i].Shard != i)
            {
                throw new RectifyException($"{folder} lacks {Of(i, count)}; copy it there, or run the same rectify dataset pack again to its end.");
            }
        }

        return [.. Enumerable.Range(0, count).Select(i => Path.Combine(folder, Of(i, count)))];
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^shard-(\d{5})-of-(\d{5})\.tar$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
