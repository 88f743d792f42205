using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Rectify.Evaluation;

namespace Rectify.Tests.Evaluation;

public sealed class McNemarTestTests
{
    // 1 and 7: Fagerland, Lydersen and Laake, The McNemar test for binary matched-pairs data (2013): exact p = 0.070. The others by hand: 110056 / 2²¹, 2 / 2⁵, 2 / 2⁶.
    [Theory]
    [InlineData(1, 7, 0.070, 3)]
    [InlineData(6, 16, 0.052478790283203125, 12)]
    [InlineData(0, 5, 0.0625, 12)]
    [InlineData(0, 6, 0.03125, 12)]
    [InlineData(1, 0, 1, 12)]
    [InlineData(0, 0, 1, 12)]
    [InlineData(9, 9, 1, 12)]
    public void Of_KnownExamples_AreTheSame(int b, int c, double p, int digits)
    {
        Assert.Equal(p, McNemarTest.Of(b, c).P, digits);
        Assert.Equal(McNemarTest.Of(b, c).P, McNemarTest.Of(c, b).P);
    }

    [Fact]
    public void Of_AnyCounts_IsTheBinomialSumInWholeNumbers() => Prop.ForAll<byte, byte>((b, c) =>
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
    public void Of_ManyImages_StaysExact()
    {
        // Against the normal limit with its continuity correction, which is good here to some parts in a thousand.
        Assert.Equal(0.0461, McNemarTest.Of(24_777, 25_224).P, 3);
        Assert.Equal(0, McNemarTest.Of(0, 50_000).P);
        Assert.InRange(McNemarTest.Of(25_000, 25_001).P, 0.99, 1);
    }

    [Fact]
    public void Between_Tables_CountsImagesOfOneAlone()
    {
        ScoreTable first = RandomScores.Table(300, 9, 1);
        ScoreTable second = RandomScores.Table(300, 9, 2, unreadEvery: 5);
        foreach (int top in (int[])[1, 5])
        {
            McNemarTest test = McNemarTest.Between(first, RandomScores.Reversed(second), top);
            Assert.True(test.FirstOnly > 0 && test.SecondOnly > 0);

            // Of scores that are the same the first class is the higher: the order of the first table counts.
            Assert.Equal(ErrorCounts.Of(first).Errors(top) - ErrorCounts.Of(second).Errors(top), test.FirstOnly - test.SecondOnly);
        }

        Assert.Equal(1, McNemarTest.Between(first, first, 1).P);
    }
}
