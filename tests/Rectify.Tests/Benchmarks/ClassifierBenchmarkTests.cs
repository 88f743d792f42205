using Rectify.Benchmarks;
using Rectify.Kernels.Benchmarks;

namespace Rectify.Tests.Benchmarks;

public sealed class ClassifierBenchmarkTests
{
    [Fact]
    public void Measure_SeveralCallers_LetsThemAskAtOnce()
    {
        using Barrier together = new(3);
        int asked = 0;
        ClassifierMeasurement m = ClassifierBenchmark.Measure(
            _ =>
            {
                // The first three questions are answered only when all three callers ask.
                if (Interlocked.Increment(ref asked) <= 3)
                {
                    together.SignalAndWait();
                }
            },
            callers: 3,
            TimeSpan.FromMilliseconds(5));
        Assert.Equal(3, m.Callers);
        Assert.InRange(m.Pictures, 3, asked);
    }

    [Fact]
    public void Measure_ACallerThatFails_Throws() => Assert.Throws<InvalidOperationException>(() =>
        ClassifierBenchmark.Measure(question => throw new InvalidOperationException($"{question}"), 2, TimeSpan.FromMilliseconds(5)));

    [Theory]
    [InlineData(0.5, 2)]
    [InlineData(0.51, 3)]
    [InlineData(0.99, 4)]
    [InlineData(1.0, 4)]
    [InlineData(0.01, 1)]
    public void Quantile_OfFour_IsTheOneThatTheShareStaysBelow(double share, double expected) =>
        Assert.Equal(expected, Repetition.Quantile([3, 1, 4, 2], share));
}
