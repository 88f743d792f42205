using Rectify.Evaluation;
using Rectify.Reproduction;
using Rectify.Reproduction.Experiments;
using Rectify.Tests.Data;

namespace Rectify.Tests.Reproduction;

/// <summary>The tests of tables 4 to 7 and figures 4 to 7, on scores that are thought out.</summary>
public sealed class VariantTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 10, Judgement.Contradicts)]
    [InlineData(10, 0, Judgement.Agrees)]
    [InlineData(10, 8, Judgement.Undecided)]
    public void Of_OneSeed_IsMcNemarOverTheImages(int firstAloneWrong, int secondAloneWrong, Judgement expected)
    {
        VariantDifference found = VariantDifference.Of([Scores("a", 40, 0, firstAloneWrong)], [Scores("b", 40, firstAloneWrong, secondAloneWrong)], 1);
        Assert.Equal(2.5 * (secondAloneWrong - firstAloneWrong), found.Points, 9);
        Assert.Equal(McNemarTest.Of(firstAloneWrong, secondAloneWrong).P, found.P, 12);
        Assert.Equal(expected, found.JudgeLess());
    }

    [Fact]
    public void Of_SeveralSeeds_IsThePairedTOverThem()
    {
        ViewScores[] first = [Scores("a1", 100, 0, 50), Scores("a2", 100, 0, 52), Scores("a3", 100, 0, 51)];
        ViewScores[] second = [Scores("b1", 100, 0, 45), Scores("b2", 100, 0, 46), Scores("b3", 100, 0, 46)];
        VariantDifference found = VariantDifference.Of(first, second, 1);
        Assert.Equal(PairedDifference.Of([50, 52, 51], [45, 46, 46]).PairedT, found.P, 12);
        Assert.Equal(-16.0 / 3, found.Points, 9);
        Assert.Equal(Judgement.Agrees, found.JudgeLess());
        Assert.Equal(Judgement.Contradicts, VariantDifference.Of(second, first, 1).JudgeLess());
    }

    [Fact]
    public void Differ_ByHand_IsChiSquared()
    {
        // 30 errors of 100 images: expected 15 and 15, so χ² = (10² + 10²)/(0.3·0.7·50) = 19.05; one degree of freedom.
        JudgedClaim claim = Figure6.Differ([new ClassErrors(0, "easy", 50, 5, 0), new ClassErrors(1, "hard", 50, 25, 0)], 1);
        Assert.Contains("χ² = 19.0, p = 1.27e-5", claim.Ours, StringComparison.Ordinal);
        Assert.Equal(Judgement.Agrees, claim.Judgement);
        Assert.Equal(Judgement.Undecided, Figure6.Differ([new ClassErrors(0, "one", 50, 12, 0), new ClassErrors(1, "other", 50, 14, 0)], 1).Judgement);
        Assert.Equal(Judgement.Undecided, Figure6.Differ([new ClassErrors(0, "one", 50, 0, 0), new ClassErrors(1, "other", 50, 0, 0)], 1).Judgement);
    }

    [Theory]
    [InlineData(824, 127, 49, Judgement.Agrees)]
    [InlineData(49, 127, 824, Judgement.Contradicts)]
    [InlineData(5, 2, 3, Judgement.Undecided)]
    public void Reduced_SignTest(int improved, int unchanged, int worse, Judgement expected) => Assert.Equal(expected, Figure7.Reduced(improved, unchanged, worse).Judgement);

    [Theory]
    [InlineData(2470, Judgement.Undecided)]
    [InlineData(2400, Judgement.Agrees)]
    [InlineData(2700, Judgement.Contradicts)]
    public void Human_ByWilsonsInterval(int errors, Judgement expected) =>
        Assert.Equal(expected, Table7.Human(new ErrorCounts(50_000, 2 * errors, errors, 0.5, 0)).Judgement);

    [Fact]
    public void DenseFor_PaperCrop_HasThePapersScales()
    {
        Assert.Equal([256, 384, 480], TestView.DenseFor(224).Scales);
        Assert.Equal([73, 110, 137], TestView.DenseFor(64).Scales);
    }

    // Scores of images of two classes, of which some in a row are wrong.
    private ViewScores Scores(string name, int images, int firstWrong, int wrong)
    {
        ScoreOrigin origin = new(name, name, "thought out", "", "center", [32], "");
        ScoreTable table = new(origin, ["yes", "no"], [.. Enumerable.Range(0, images).Select(i => $"{i}.png")], new int[images]);
        for (int i = 0; i < images; i++)
        {
            table.Set(i, i >= firstWrong && i < firstWrong + wrong ? [0.2f, 0.8f] : [0.8f, 0.2f]);
        }

        string path = _folder.At($"{name}{ScoreFile.Extension}");
        ScoreFile.Save(table, path);
        return new ViewScores(path, ErrorCounts.Of(table));
    }
}
