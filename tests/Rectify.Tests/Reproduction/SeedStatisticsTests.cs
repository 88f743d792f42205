using Rectify.Data;
using Rectify.Reproduction;
using Rectify.Reproduction.Experiments;

namespace Rectify.Tests.Reproduction;

/// <summary>Means, paired tests and ranks against numbers known from tables.</summary>
public sealed class SeedStatisticsTests
{
    [Theory]
    [InlineData(1.0, "p = 1")]
    [InlineData(0.0132351, "p = 0.0132")]
    [InlineData(0.0000127, "p = 1.27e-5")]
    [InlineData(1e-24, "p < 1e-15")]
    [InlineData(0.0, "p < 1e-15")]
    [InlineData(double.NaN, "no p")]
    public void Text_OfP_SaysHowSmall(double p, string text) => Assert.Equal(text, PValue.Text(p));

    [Fact]
    public void PairedDifference_OfOneToFive_HasTheKnownTest()
    {
        // Mean 3, s = √2.5, t = 3/√0.5 = 4.2426 with 4 degrees of freedom: p = 0.013235; t(0.975; 4) = 2.776445. All signs equal: 2 of 32.
        PairedDifference difference = PairedDifference.Of([1, 1, 1, 1, 1], [2, 3, 4, 5, 6]);
        Assert.Equal(3.0, difference.Mean, 1e-12);
        Assert.Equal(2.776445 * Math.Sqrt(0.5), difference.HalfInterval, 1e-6);
        Assert.Equal(0.013235, difference.PairedT, 1e-5);
        Assert.Equal(2.0 / 32, difference.SignFlip, 1e-12);
        Assert.True(difference.IsShown);
        Assert.Equal(-3.0, PairedDifference.Of([2, 3, 4, 5, 6], [1, 1, 1, 1, 1]).Mean, 1e-12);
    }

    [Fact]
    public void PairedDifference_OfOneSeed_ShowsNothing()
    {
        PairedDifference difference = PairedDifference.Of([1.0], [3.0]);
        Assert.False(difference.IsShown);
        Assert.Equal(Judgement.Undecided, ErrorTable.JudgeSign(difference, 1));
        Assert.Equal(Judgement.Undecided, InitAccuracy.Judge(difference));
    }

    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(2.0, 0.0)]
    public void PairedDifference_WithoutSpread_IsSureOrNothing(double shift, double p) =>
        Assert.Equal(p, PairedDifference.Of([1, 2, 3], [1 + shift, 2 + shift, 3 + shift]).PairedT, 1e-12);

    [Fact]
    public void PairedDifference_OfDifferentCounts_IsRefused() => Assert.Throws<ArgumentException>(() => PairedDifference.Of([1.0], [1.0, 2.0]));

    [Fact]
    public void MeanInterval_OfTenValues_UsesStudentsT()
    {
        // s² = 82.5/9, t(0.975; 9) = 2.262157.
        MeanInterval mean = MeanInterval.Of([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        Assert.Equal(5.5, mean.Mean, 1e-12);
        Assert.Equal(2.262157 * Math.Sqrt(82.5 / 90), mean.HalfInterval, 1e-5);
        Assert.Equal("5.50 ± 2.17", mean.ToString());
    }

    [Fact]
    public void KendallTest_OfFalling_IsMinusOneWithTwoOfAllOrders()
    {
        KendallTest test = KendallTest.Of([4, 3, 2, 1]);
        Assert.Equal(-1.0, test.Tau, 1e-12);
        Assert.Equal(2.0 / 24, test.PValue, 1e-12);
    }

    [Fact]
    public void KendallTest_OfFourWithOneSwap_CountsAllOrdersAsFar()
    {
        // Inversions of 4 values: 1, 3, 5, 6, 5, 3, 1 orders. One inversion: 1 + 3 at either end.
        KendallTest test = KendallTest.Of([1, 2, 4, 3]);
        Assert.Equal(4.0 / 6, test.Tau, 1e-12);
        Assert.Equal(8.0 / 24, test.PValue, 1e-12);
    }

    [Fact]
    public void KendallTest_OfEleven_HasThePublishedCriticalValue()
    {
        // Tables of Kendall's S for n = 11: P(S ≥ 27) = 0.020 and P(S ≥ 25) = 0.030; S = 27 is 14 inversions.
        KendallTest test = KendallTest.Of([5, 4, 3, 2, 1, 8, 7, 6, 9, 11, 10]);
        Assert.Equal(27.0 / 55, test.Tau, 1e-12);
        Assert.InRange(test.PValue, 0.039, 0.042);
    }

    [Fact]
    public void Guessing_OfBalancedClasses_IsLnKAndAllButOne()
    {
        Guessing guessing = Guessing.Of(new RenderedDataset(100, 16, 1));
        Assert.Equal(Math.Log(10), guessing.Loss, 1e-12);
        Assert.Equal(90.0, guessing.ErrorPercent, 1e-12);
        RenderedDataset twice = new(20, 16, 1);
        int[] some = [.. Enumerable.Range(0, 20).OrderBy(twice.Label).Take(3)];

        // Two of one class, one of another.
        Guessing uneven = Guessing.Of(new SubsetDataset(twice, some));
        Assert.Equal(100.0 / 3, uneven.ErrorPercent, 1e-12);
        Assert.Equal(Math.Log(3) - (2.0 / 3 * Math.Log(2)), uneven.Loss, 1e-12);
    }

    [Theory]
    [InlineData(new[] { 1.9 }, Judgement.Agrees)]
    [InlineData(new[] { 1.9, 2.2 }, Judgement.Undecided)]
    [InlineData(new[] { 2.2, 2.3 }, Judgement.Contradicts)]
    public void Figure3_HesLoss_IsJudgedByTheRule(double[] losses, Judgement judgement) =>
        Assert.Equal(judgement, Figure3.Converges(losses, Math.Log(10)).Judgement);

    [Theory]
    [InlineData(new[] { 2.303, 2.31 }, Judgement.Agrees)]
    [InlineData(new[] { 2.303, 2.2 }, Judgement.Undecided)]
    [InlineData(new[] { 2.303, 1.5 }, Judgement.Contradicts)]
    public void Figure3_XaviersLoss_IsJudgedByTheRule(double[] losses, Judgement judgement) =>
        Assert.Equal(judgement, Figure3.Stalls(losses, Math.Log(10)).Judgement);

    [Theory]
    [InlineData(1e-4, Judgement.Agrees)]
    [InlineData(0.01, Judgement.Undecided)]
    [InlineData(0.5, Judgement.Contradicts)]
    public void Figure3_Gradients_AreJudgedByTheRule(double ratio, Judgement judgement) => Assert.Equal(judgement, Figure3.Diminishes([ratio]).Judgement);

    [Fact]
    public void Figure2_WhoIsEarlier_IsJudgedByTheFirstHalf()
    {
        double[] early = [80, 60, 50, 50];
        double[] late = [90, 80, 40, 40];
        Assert.Equal(Judgement.Agrees, Figure2.Earlier([early], [late]).Judgement);
        Assert.Equal(Judgement.Contradicts, Figure2.Earlier([late], [early]).Judgement);
        Assert.Equal(Judgement.Undecided, Figure2.Earlier([early, late], [late, early]).Judgement);
        Assert.Equal(Judgement.Agrees, Figure2.BothConverge([early], [late], 90).Judgement);
        Assert.Equal(Judgement.Contradicts, Figure2.BothConverge([early], [[90, 90]], 90).Judgement);
        Assert.Equal(Judgement.Undecided, Figure2.BothConverge([early, [90, 90]], [late, late], 90).Judgement);
    }

    [Fact]
    public void Table1_FirstLayerAndDepth_AreJudgedBySeedsAndRanks()
    {
        Table1.LayerSlopes[] falling = [.. Enumerable.Range(1, 6).Select(i => Layer(i, 1.0 / i))];
        Assert.Equal(Judgement.Agrees, Table1.FirstIsLargest(falling, "", "").Judgement);
        Assert.Equal(Judgement.Agrees, Table1.DeeperIsSmaller(falling).Judgement);
        Table1.LayerSlopes[] rising = [.. Enumerable.Range(1, 6).Select(i => Layer(i, 0.1 * i))];
        Assert.Equal(Judgement.Contradicts, Table1.FirstIsLargest(rising, "", "").Judgement);
        Assert.Equal(Judgement.Contradicts, Table1.DeeperIsSmaller(rising).Judgement);
        Assert.Contains("conv6", Table1.FirstIsLargest(rising, "", "").Ours, StringComparison.Ordinal);
    }

    [Fact]
    public void InitAccuracy_NoDifference_NeedsANarrowInterval()
    {
        Assert.Equal(Judgement.Agrees, InitAccuracy.Judge(new PairedDifference(10, 0.1, 0.5, 0.6, 0.6)));
        Assert.Equal(Judgement.Undecided, InitAccuracy.Judge(new PairedDifference(10, 0.4, 0.9, 0.3, 0.3)));
        Assert.Equal(Judgement.Contradicts, InitAccuracy.Judge(new PairedDifference(10, 0.4, 0.2, 0.01, 0.01)));
    }

    [Fact]
    public void Judgements_OfSeveral_TakesTheWorst()
    {
        Assert.Equal(Judgement.Contradicts, Judgements.Of([Judgement.Agrees, Judgement.Contradicts, Judgement.Undecided]));
        Assert.Equal(Judgement.Undecided, Judgements.Of([Judgement.Agrees, Judgement.Undecided]));
        Assert.Equal(Judgement.Shown, Judgements.Of([]));
    }

    // A hundredth more with each seed, so that nothing is without spread.
    private static Table1.LayerSlopes Layer(int number, double mean) =>
        new($"conv{number}.rectifier", [mean, mean + (0.01 * number), mean - (0.01 * number)], mean, mean);
}
