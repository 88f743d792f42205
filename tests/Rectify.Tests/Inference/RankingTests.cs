using Rectify.Inference;
using Rectify.Tensors;

namespace Rectify.Tests.Inference;

public sealed class RankingTests
{
    [Fact]
    public void Top_EqualScores_TheFirstClassFirst()
    {
        IReadOnlyList<Prediction> top = Ranking.Top([1f, 3f, 3f, 0f], ["a", "b", "c", "d"], 3);
        Assert.Equal(["b", "c", "a"], top.Select(p => p.Name));
        double sum = 2 + Math.Exp(-2) + Math.Exp(-3);
        Assert.Equal([1 / sum, 1 / sum, Math.Exp(-2) / sum], top.Select(p => (double)p.Probability), (x, y) => Math.Abs(x - y) < 1e-7);
    }

    [Fact]
    public void Top_ZerosOfBothSigns_AreEqual() =>
        Assert.Equal(["c", "a", "b", "d"], Ranking.Top([-0f, 0f, 1f, -1f], ["a", "b", "c", "d"], 4).Select(p => p.Name));

    [Fact]
    public void Top_AThousandScores_AreSortedAsTheirNumbersAre()
    {
        RandomStream random = new(5, RandomPurpose.Testing, 0, 0);
        float[] scores = new float[1000];
        foreach (ref float score in scores.AsSpan())
        {
            // Few enough values that many are equal.
            score = (float)Math.Round(random.NextGaussian() * 20);
        }

        string[] classes = [.. scores.Select((_, k) => $"{k}")];
        string[] expected = [.. Enumerable.Range(0, 1000).OrderByDescending(k => scores[k]).ThenBy(k => k).Select(k => $"{k}")];
        Assert.Equal(expected, Ranking.Top(scores, classes, 1000).Select(p => p.Name));
    }

    [Fact]
    public void Top_MoreThanThereAre_GivesAll() =>
        Assert.Equal(["b", "a"], Ranking.Top([-1000f, 1000f], ["a", "b"], 5).Select(p => p.Name));
}
