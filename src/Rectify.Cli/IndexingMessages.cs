using System.Diagnostics;
using System.Globalization;
using Rectify.Data;

namespace Rectify.Cli;

/// <summary>Says how far the index of a large archive is, every few seconds.</summary>
internal static class IndexingMessages
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Options whose messages go to people; silent for null.</summary>
    public static IndexingOptions To(TextWriter? people)
    {
        if (people is null)
        {
            return new IndexingOptions();
        }

        IndexingOptions options = new();
        long shown = Stopwatch.GetTimestamp();
        return options with
        {
            Warn = sentence => CommandTree.Tell(people, sentence),
            Progress = (archive, done, all) =>
            {
                if (Stopwatch.GetElapsedTime(shown) >= Interval)
                {
                    shown = Stopwatch.GetTimestamp();
                    CommandTree.Tell(people, string.Create(
                        CultureInfo.InvariantCulture, $"indexing {archive}: {100.0 * done / all:F0} % (done once; kept in {options.CacheFolder})"));
                }
            },
        };
    }
}
