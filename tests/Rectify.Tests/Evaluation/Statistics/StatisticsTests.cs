using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Rectify.Evaluation;

namespace Rectify.Tests.Evaluation;

public sealed class StatisticsTests
{
    // R. G. Newcombe, Two-sided confidence intervals for the single proportion (1998), Table I, method 3.
    [Theory]
    [InlineData(81, 263, 25.53, 36.62)]
    [InlineData(15, 148, 6.24, 16.05)]
    [InlineData(0, 20, 0.00, 16.11)]
    [InlineData(1, 29, 0.61, 17.18)]
    public void Wilson_PublishedExamples_AreTheSame(int errors, int images, double lower, double upper)
    {
        WilsonInterval interval = WilsonInterval.Of(errors, images);
        Assert.Equal((lower, upper), (Math.Round(interval.Lower, 2), Math.Round(interval.Upper, 2)));
    }

    // Where its bounds lie, the observed share is exactly z standard deviations away: (p − q)² = z² q(1−q)/n.
    [Fact]
    public void Wilson_Bounds_SolveItsEquation() => Prop.ForAll<ushort, ushort>((a, b) =>
    {
        int images = 1 + Math.Max(a, b);
        int errors = Math.Min(a, b);
        WilsonInterval interval = WilsonInterval.Of(errors, images);
        double p = errors / (double)images;
        bool Solves(double percent)
        {
            double q = percent / 100;
            return Math.Abs(((p - q) * (p - q)) - (1.959963984540054 * 1.959963984540054 * q * (1 - q) / images)) < 1e-12;
        }

        return Solves(interval.Lower) && Solves(interval.Upper) && interval.Lower <= 100 * p && interval.Upper >= 100 * p && interval.Lower >= 0 && interval.Upper <= 100;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Wilson_ErrorsOfOtherCounts_MirrorAndRefuse()
    {
        WilsonInterval low = WilsonInterval.Of(3, 10);
        WilsonInterval high = WilsonInterval.Of(7, 10);
        Assert.Equal(100 - low.Lower, high.Upper, 10);
        Assert.Equal((0.0, 100.0), (WilsonInterval.Of(0, 1).Lower, WilsonInterval.Of(1, 1).Upper));
        Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(-1, 1));
    }

    // 6 and 16: Fagerland, Lydersen and Laake, The McNemar test for binary matched-pairs data (2013): exact p = 0.052.
    [Theory]
    [InlineData(6, 16, 0.052, 3)]
    [InlineData(0, 5, 0.0625, 12)]
    [InlineData(0, 6, 0.03125, 12)]
    [InlineData(1, 0, 1, 12)]
    [InlineData(0, 0, 1, 12)]
    [InlineData(9, 9, 1, 12)]
    public void McNemar_KnownExamples_AreTheSame(int b, int c, double p, int digits)
    {
        Assert.Equal(p, McNemarTest.Of(b, c).P, digits);
        Assert.Equal(McNemarTest.Of(b, c).P, McNemarTest.Of(c, b).P);
    }

    [Fact]
    public void McNemar_AnyCounts_IsTheBinomialSumInWholeNumbers() => Prop.ForAll<byte, byte>((b, c) =>
    {
        int n = b + c;
        BigInteger sum = BigInteger.Zero;
        BigInteger term = BigInteger.One;
        for (int k = 0; k <= Math.Min(b, c); k++)
        {
            sum += term;
            term = term * (n - k) / (k + 1);
        }

        double twin = Math.Min(1, Math.Exp(BigInteger.Log(2 * sum) - (n * Math.Log(2))));
        return Math.Abs(McNemarTest.Of(b, c).P - twin) <= 1e-10 * twin;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void McNemar_ManyImages_StaysExact()
    {
        // Against the normal limit with its continuity correction, which is good here to some parts in a thousand.
        Assert.Equal(0.0461, McNemarTest.Of(24_777, 25_224).P, 3);
        Assert.Equal(0, McNemarTest.Of(0, 50_000).P);
        Assert.InRange(McNemarTest.Of(25_000, 25_001).P, 0.99, 1);
    }

    [Fact]
    public void McNemar_BetweenTables_CountsImagesOfOneAlone()
    {
        ScoreTable first = RandomScores.Table(300, 9, 1);
        ScoreTable second = RandomScores.Table(300, 9, 2, unreadEvery: 5);
        foreach (int top in (int[])[1, 5])
        {
            McNemarTest test = McNemarTest.Between(first, RandomScores.Reversed(second), top);
            ErrorCounts a = ErrorCounts.Of(first);
            ErrorCounts b = ErrorCounts.Of(RandomScores.Reversed(second));
            Assert.True(test.FirstOnly > 0 && test.SecondOnly > 0);

            // Of scores that are the same the first class is the higher: the order of the first table counts.
            Assert.Equal(a.Errors(top) - ErrorCounts.Of(second).Errors(top), test.FirstOnly - test.SecondOnly);
            Assert.Equal(300, b.Images);
        }

        Assert.Equal(1, McNemarTest.Between(first, first, 1).P);
    }

    [Fact]
    public void ErrorCounts_OfATable_AreThoseCountedByHand()
    {
        ScoreTable table = new(RandomScores.Origin(1), ["a", "b", "c", "d", "e", "f"], ["0", "1", "2", "3"], [0, 5, 1, 2]);
        table.Set(0, [0.5f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f]);
        table.Set(1, [0.5f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f]);
        table.Set(2, [0.5f, 0.5f, 0, 0, 0, 0]);
        ErrorCounts counts = ErrorCounts.Of(table);
        Assert.Equal((4, 3, 2, 1), (counts.Images, counts.Top1Errors, counts.Top5Errors, counts.Unreadable));
        Assert.Equal((75.0, 50.0), (counts.Top1ErrorPercent, counts.Top5ErrorPercent));
        Assert.Equal((Math.Log(2) + Math.Log(10) + Math.Log(2)) / 3, counts.MeanLoss, 6);
        Assert.Equal(WilsonInterval.Of(3, 4), counts.Interval(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => counts.Errors(3));
    }

    [Fact]
    public void ClassErrors_AndConfusions_AddUpToTheWhole()
    {
        ScoreTable table = RandomScores.Table(400, 9, 4);
        ErrorCounts counts = ErrorCounts.Of(table);
        IReadOnlyList<ClassErrors> classes = ClassErrors.Of(table);
        Assert.Equal((counts.Images, counts.Top1Errors, counts.Top5Errors), (classes.Sum(c => c.Images), classes.Sum(c => c.Top1Errors), classes.Sum(c => c.Top5Errors)));
        ConfusionMatrix matrix = ConfusionMatrix.Of(table);
        foreach (ClassErrors each in classes)
        {
            Assert.Equal(each.Images, Enumerable.Range(0, 9).Sum(answer => matrix[each.Class, answer]) + matrix.Unreadable(each.Class));
            Assert.Equal(each.Top1Errors, matrix.Mistakes(each.Class).Sum(mistake => mistake.Images) + matrix.Unreadable(each.Class));
            Assert.Equal(each.Top5Errors, ClassErrors.WrongImages(table, each.Class, 5).Count);
            int[] mistakes = [.. matrix.Mistakes(each.Class).Select(mistake => mistake.Images)];
            Assert.Equal(mistakes.OrderDescending(), mistakes);
        }

        double[] ascending = [.. ClassErrors.Ascending(classes, 1).Select(c => c.ErrorPercent(1))];
        Assert.Equal(ascending.Order(), ascending);
    }

    [Fact]
    public void ClassErrors_ClassWithoutImages_IsLeftOutOfTheOrder()
    {
        ScoreTable table = new(RandomScores.Origin(1), ["a", "b", "c"], ["0", "1"], [2, 0]);
        table.Set(1, [1, 0, 0]);
        IReadOnlyList<ClassErrors> classes = ClassErrors.Of(table);
        Assert.True(double.IsNaN(classes[1].ErrorPercent(1)));
        Assert.Equal(["a", "c"], ClassErrors.Ascending(classes, 1).Select(c => c.Name));
        Assert.Equal([0], ClassErrors.WrongImages(table, 2, 1));
    }

    [Fact]
    public void ClassComparison_OfTwo_CountsClassesAsFigure7()
    {
        ScoreTable Of(params float[] rightOf)
        {
            ScoreTable table = new(RandomScores.Origin(1), ["a", "b", "c", "d"], ["0", "1", "2", "3", "4", "5"], [0, 0, 1, 1, 2, 2]);
            for (int i = 0; i < 6; i++)
            {
                float[] row = [0.3f, 0.3f, 0.3f, 0.3f];
                row[table.Labels[i]] = rightOf[i];
                table.Set(i, row);
            }

            return table;
        }

        ClassComparison comparison = ClassComparison.Of(Of(0, 0, 1, 0, 1, 1), Of(1, 1, 0, 1, 0, 1), 1);
        Assert.Equal((1, 1, 1), (comparison.Improved, comparison.Unchanged, comparison.Worse));
        Assert.Equal([("c", -50.0), ("b", 0.0), ("a", 100.0)], comparison.Classes.Select(each => (each.Name, each.Reduction)));
    }

    [Fact]
    public void HumanError_BelongsToImageNetAlone()
    {
        string[] ids = [.. Enumerable.Range(0, 1000).Select(k => $"n{k:D8}")];
        Assert.True(HumanError.Applies(ids));
        Assert.False(HumanError.Applies(ids[..999]));
        Assert.False(HumanError.Applies([.. ids[..999], "tench"]));
    }
}
