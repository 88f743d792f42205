using Rectify.Kernels;
using Rectify.Kernels.Optimization;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;

namespace Rectify.Tests.Kernels.Optimization;

public sealed class MomentumKernelTests
{
    private const float Momentum = 0.9f;
    private const float Decay = 0.0005f;

    // The rate falls by ten after the second step.
    private static readonly float[] Rates = [0.1f, 0.1f, 0.01f, 0.01f, 0.01f];

    public static TheoryData<Isa> Widths => KernelTestBench.WidthData;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Run_FiveStepsAndARateChange_EqualsFloat64(Isa isa)
    {
        foreach (int length in (int[])[.. Enumerable.Range(0, 71), (1 << 15) + 19, (1 << 16) + 1])
        {
            using Workers workers = new(2);
            (float[] w, float[] v) = Run(length, new KernelContext(workers, isa));
            (double[] expectedW, double[] expectedV, double[] magnitudes) = Float64(length, rateInside: true);
            string replay = $"{isa}, length {length}";
            KernelTestBench.AssertNear(w, expectedW, magnitudes, Rates.Length, $"{replay}, w");
            KernelTestBench.AssertNear(v, expectedV, magnitudes, Rates.Length, $"{replay}, v");
        }
    }

    // PyTorch's form agrees while the rate is constant, then its velocity is off by the ratio of the rates.
    [Fact]
    public void Run_RateOutsideTheVelocity_IsRefusedAfterTheRateChange()
    {
        (double[] expected, _, double[] magnitudes) = Float64(70, rateInside: true);
        (double[] other, _, _) = Float64(70, rateInside: false);
        Assert.False(KernelTestBench.IsNear([.. other.Select(value => (float)value)], expected, magnitudes, Rates.Length));

        (double[] before, _, double[] magnitudesBefore) = Float64(70, rateInside: true, steps: 2);
        (double[] otherBefore, _, _) = Float64(70, rateInside: false, steps: 2);
        Assert.True(KernelTestBench.IsNear([.. otherBefore.Select(value => (float)value)], before, magnitudesBefore, 2));
    }

    [Fact]
    public void Run_MissingDecay_IsRefused()
    {
        (double[] expected, _, double[] magnitudes) = Float64(70, rateInside: true);
        (double[] without, _, _) = Float64(70, rateInside: true, decay: 0.0);
        Assert.False(KernelTestBench.IsNear([.. without.Select(value => (float)value)], expected, magnitudes, Rates.Length));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Run_AnyNumberOfWorkers_SameBits(Isa isa)
    {
        float[][] results = [.. KernelTestBench.WorkerCounts.Select(count =>
        {
            using Workers workers = new(count);
            return Run((1 << 17) + 5, new KernelContext(workers, isa)).W;
        })];
        Assert.All(results, result => KernelTestBench.AssertSameBits(result, results[0], $"{isa}"));
    }

    // The same gradient every step would hide an error in its place: it turns.
    private static float Gradient(float drawn, int step) => step % 2 == 0 ? drawn : 0.3f - drawn;

    private static (float[] W, float[] V) Run(int length, KernelContext context)
    {
        GuardedFloats w = new(KernelTestBench.Uniform(length, 1, length)), v = new(KernelTestBench.Uniform(length, 2, length));
        float[] drawn = KernelTestBench.Uniform(length, 3, length);
        for (int step = 0; step < Rates.Length; step++)
        {
            float[] dw = [.. drawn.Select(value => Gradient(value, step))];
            MomentumKernel.Run(w.Span, new GuardedFloats(dw).Span, v.Span, new MomentumRule(Rates[step], Momentum, Decay), context);
        }

        return (w.AssertIntact("w"), v.AssertIntact("v"));
    }

    // Magnitudes: all that was ever added to w, which bounds every intermediate value.
    private static (double[] W, double[] V, double[] Magnitudes) Float64(int length, bool rateInside, int steps = 5, double decay = Decay)
    {
        double[] w = KernelTestBench.Doubles(KernelTestBench.Uniform(length, 1, length));
        double[] v = KernelTestBench.Doubles(KernelTestBench.Uniform(length, 2, length));
        float[] drawn = KernelTestBench.Uniform(length, 3, length);
        double[] magnitudes = new double[length];
        for (int i = 0; i < length; i++)
        {
            // Outside, the velocity is in units of the gradient.
            v[i] = rateInside ? v[i] : v[i] / Rates[0];
            magnitudes[i] = Math.Abs(w[i]);
            for (int step = 0; step < steps; step++)
            {
                double gradient = Gradient(drawn[i], step) + (decay * w[i]);
                v[i] = (Momentum * v[i]) + (rateInside ? Rates[step] * gradient : gradient);
                double change = rateInside ? v[i] : Rates[step] * v[i];
                w[i] -= change;
                magnitudes[i] += Math.Abs(change);
            }
        }

        return (w, v, magnitudes);
    }
}
