using Rectify.Diagnostics;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Reproduction;
using Rectify.Reproduction.Experiments;

namespace Rectify.Tests.Reproduction;

/// <summary>Experiments that train nothing: their tests, and what they rest on.</summary>
public sealed class MeasurementTests
{
    [Fact]
    public void Ratio_OfPairs_IsGeometricWithTheIntervalOfLogarithms()
    {
        // Quotients 2, 4, 8: the mean logarithm is that of 4, its half interval t(0.975; 2)·ln 2/√3 = 4.30265·0.40019.
        RatioInterval ratio = RatioInterval.Of([1, 2, 3], [2, 8, 24]);
        Assert.Equal(4.0, ratio.Ratio, 1e-9);
        Assert.Equal(4.0 * Math.Exp(4.302653 * Math.Log(2) / Math.Sqrt(3)), ratio.High, 1e-4);
        Assert.Equal(16.0, ratio.Low * ratio.High, 1e-6);
        Assert.Equal("4.00 (0.71 to 22.38)", ratio.ToString());
        Assert.Equal("2.00", RatioInterval.Of([1], [2]).ToString());
        Assert.True(double.IsNaN(RatioInterval.Of([1], [2]).PairedT));
    }

    [Theory]
    [InlineData(1.0, 1.0, 0.9, 1.1, Judgement.Agrees)]
    [InlineData(1.05, 0.95, 0.5, 1.5, Judgement.Agrees)]
    [InlineData(1.0, 1.2, 0.9, 1.5, Judgement.Undecided)]
    [InlineData(1.0, 1.3, 1.2, 1.4, Judgement.Contradicts)]
    [InlineData(1.0, 0.7, 0.6, 0.8, Judgement.Contradicts)]
    [InlineData(1.2, 1.0, 0.9, 1.1, Judgement.Contradicts)]
    public void JudgeTheory_PredictionAndInterval_AsFixed(double predicted, double measured, double low, double high, Judgement expected) =>
        Assert.Equal(expected, TheoryNumbers.Judge(3.0, 3.0 * predicted, 3.0 * measured, 3.0 * low, 3.0 * high));

    [Fact]
    public void Complexities_NearAndFar_AsFixed()
    {
        Assert.Equal(Judgement.Agrees, Table3.Complexities([1.963, 1.906, 2.322, 5.346]).Judgement);
        Assert.Equal(Judgement.Undecided, Table3.Complexities([1.963, 1.906, 2.322, 5.40]).Judgement);
        Assert.Equal(Judgement.Contradicts, Table3.Complexities([1.963, 1.906, 2.322, 5.60]).Judgement);
    }

    [Fact]
    public void FasterThanVgg_OneTurn_IsUndecided()
    {
        Assert.Equal(Judgement.Undecided, Table3.FasterThanVgg(RatioInterval.Of([1], [2])).Judgement);
        Assert.Equal(Judgement.Agrees, Table3.FasterThanVgg(RatioInterval.Of([1, 1, 1], [1.2, 1.21, 1.19])).Judgement);
        Assert.Equal(Judgement.Contradicts, Table3.FasterThanVgg(RatioInterval.Of([1.2, 1.21, 1.19], [1, 1, 1])).Judgement);
    }

    [Fact]
    public void Scaling_FewerCoresThanAsked_IsUndecidedWhateverIsReckoned()
    {
        JudgedClaim claim = Scaling.Claim(8, 6.0, null, 7.5);
        Assert.Equal(Judgement.Undecided, claim.Judgement);
        Assert.Contains("reckoned 7.50 on 8", claim.Ours, StringComparison.Ordinal);
        Assert.Equal(Judgement.Agrees, Scaling.Claim(4, 3.8, RatioInterval.Of([1, 1, 1], [3.7, 3.8, 3.9]), 3.9).Judgement);
        Assert.Equal(Judgement.Contradicts, Scaling.Claim(4, 3.8, RatioInterval.Of([1, 1, 1], [3.0, 3.01, 3.02]), 3.9).Judgement);
    }

    [Fact]
    public void Chain_ReluAfterEachLayer_HasTheQuotientOfChannels()
    {
        using Network network = SignalDraws.Chain(16, 32, 48, 64);
        Assert.Equal(32.0 / 64.0, Propagation.Predict(network, SignalDraws.Rule("he-out")).ForwardProduct, 1e-12);
        Assert.Equal(64.0 / 32.0, Propagation.Predict(network, SignalDraws.Rule("he-in")).BackwardProduct, 1e-12);
    }

    [Fact]
    public void Measure_Draws_AreRepeatableAndDifferByScheme()
    {
        using Workers workers = new(2);
        SignalDraws draws = new(new KernelContext(workers, IsaDetection.Widest));
        using Network network = SignalDraws.Chain(16, 32, 32);
        double[] he = draws.Measure(network, "he-in", 3, (measured, _) => measured.Layers[^1].Response.Rms);
        double[] xavier = draws.Measure(network, "xavier", 3, (measured, _) => measured.Layers[^1].Response.Rms);
        Assert.Equal(he, draws.Measure(network, "he-in", 3, (measured, _) => measured.Layers[^1].Response.Rms));
        Assert.Equal(3, he.Distinct().Count());

        // With equal draws all quotients would be 2 exactly.
        Assert.All(he.Zip(xavier, (h, x) => h / x), quotient => Assert.NotEqual(2.0, quotient, 1e-4));
    }
}
