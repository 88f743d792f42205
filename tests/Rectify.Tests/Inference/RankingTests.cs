using Rectify.Inference;

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
    public void Top_MoreThanThereAre_GivesAll() =>
        Assert.Equal(["b", "a"], Ranking.Top([-1000f, 1000f], ["a", "b"], 5).Select(p => p.Name));
}
