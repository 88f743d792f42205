using Rectify.Evaluation;
using Rectify.Tensors;

namespace Rectify.Tests.Evaluation;

/// <summary>Tables of scores drawn at random: probabilities, some of them the same, some images unread.</summary>
internal static class RandomScores
{
    public static ScoreOrigin Origin(int seed) => new($"net{seed}", $"{seed:x64}", "photos/val", "1:abc", "10-view", [256, 512], "V512");

    /// <summary>A table: the same images and labels for every seed, other scores.</summary>
    /// <param name="images">How many.</param>
    /// <param name="classes">How many.</param>
    /// <param name="seed">Of the scores.</param>
    /// <param name="unreadEvery">Each image whose index is one less than a multiple of it is unread; 0 for none.</param>
    public static ScoreTable Table(int images, int classes, int seed, int unreadEvery = 7)
    {
        string[] names = [.. Enumerable.Range(0, images).Select(i => $"photos/val/é \"{i}\".jpg")];
        int[] labels = [.. Enumerable.Range(0, images).Select(i => i * 31 % classes)];
        ScoreTable table = new(Origin(seed), [.. Enumerable.Range(0, classes).Select(k => $"class {k}")], names, labels);
        RandomStream random = new(17, RandomPurpose.Testing, (uint)seed, 0);
        float[] row = new float[classes];
        for (int i = 0; i < images; i++)
        {
            for (int k = 0; k < classes; k++)
            {
                // Of a sixteenth each, so that ties occur; the label somewhat higher.
                row[k] = (random.NextInt(16) + (k == labels[i] ? 6 : 0) + (i % 3 == 0 ? 0 : random.NextSingle())) / 16 / classes;
            }

            if (unreadEvery == 0 || (i + 1) % unreadEvery != 0)
            {
                table.Set(i, row);
            }
        }

        return table;
    }

    /// <summary>Whether two tables hold the same scores to the bit, and the same images unread.</summary>
    public static bool AreSame(ScoreTable a, ScoreTable b) => a.Images == b.Images && a.Labels.SequenceEqual(b.Labels)
        && Enumerable.Range(0, a.Images).All(i => a.IsRead(i) == b.IsRead(i) && a.Scores(i).SequenceEqual(b.Scores(i)));

    /// <summary>The same scores with the classes in reverse order.</summary>
    public static ScoreTable Reversed(ScoreTable table, string? fingerprint = null)
    {
        int classes = table.Classes.Count;
        ScoreOrigin origin = table.Origin with { ImagesFingerprint = fingerprint ?? table.Origin.ImagesFingerprint };
        ScoreTable reversed = new(origin, [.. table.Classes.Reverse()], table.Names, [.. table.Labels.ToArray().Select(label => classes - 1 - label)]);
        for (int i = 0; i < table.Images; i++)
        {
            if (table.IsRead(i))
            {
                reversed.Set(i, [.. table.Scores(i).ToArray().Reverse()]);
            }
        }

        return reversed;
    }
}
