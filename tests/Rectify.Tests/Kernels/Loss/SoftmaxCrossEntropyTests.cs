using Rectify.Kernels;
using Rectify.Kernels.Loss;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels.Loss;

public sealed class SoftmaxCrossEntropyTests
{
    public static TheoryData<int> Classes => [1, 2, 3, 15, 16, 17, 70, 1000];

    [Theory]
    [MemberData(nameof(Classes))]
    public void Run_AnyClasses_LossIsMinusLogProbability(int classes)
    {
        MapShape logits = MapShape.Map(5, 1, 1, classes);
        float[] z = [.. KernelTestBench.UniformMap(classes, 1, logits).Select(value => value * 6f)];
        int[] labels = Labels(logits);
        (double[] losses, _) = Run(logits, z, labels, 1.0);
        for (int i = 0; i < logits.N; i++)
        {
            // 1000 float64 terms: some 1e-13.
            Assert.Equal(NaiveLoss(logits, KernelTestBench.Doubles(z), labels, i), losses[i], 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void Run_AnyClasses_GradientEqualsCentralDifferences(int classes)
    {
        MapShape logits = MapShape.Map(3, 1, 1, Math.Min(classes, 70));
        double[] z = KernelTestBench.Doubles(KernelTestBench.UniformMap(classes, 1, logits));
        int[] labels = Labels(logits);
        const double Scale = 0.25;
        (_, float[] dz) = Run(logits, [.. z.Select(value => (float)value)], labels, Scale);

        // dz is rounded to float32: 6e-8 of at most 0.25, within the check's 1e-7. Its surplus lanes are zero, as is the quotient there.
        GradientCheck.Run("dz", z, KernelTestBench.Doubles(dz), () => Scale * Enumerable.Range(0, logits.N).Sum(i => NaiveLoss(logits, z, labels, i)));
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void Run_AnyClasses_GradientSumsToZero(int classes)
    {
        MapShape logits = MapShape.Map(4, 1, 1, classes);
        (_, float[] dz) = Run(logits, KernelTestBench.UniformMap(classes, 1, logits), Labels(logits), 1.0);
        for (int i = 0; i < logits.N; i++)
        {
            double[] row = KernelTestBench.Doubles(dz.AsSpan(i * logits.Pitch, logits.Pitch));

            // Each is rounded once: half an ε of itself.
            Assert.InRange(Math.Abs(row.Sum()), 0.0, KernelTestBench.Epsilon * row.Sum(Math.Abs));
            Assert.All(row[classes..], value => Assert.Equal(0.0, value));
        }
    }

    [Theory]
    [InlineData(1000f, 1001f, 1002f)]
    [InlineData(-1e4f, 0f, 1e4f)]
    [InlineData(1e4f, 1e4f, 1e4f)]
    [InlineData(-3e38f, 0f, 3e38f)]
    public void Run_HugeLogits_StaysFinite(float z0, float z1, float z2)
    {
        MapShape logits = MapShape.Map(3, 1, 1, 3);
        float[] z = new float[logits.Length];
        for (int i = 0; i < 3; i++)
        {
            (z[i * 16], z[(i * 16) + 1], z[(i * 16) + 2]) = (z0, z1, z2);
        }

        (double[] losses, float[] dz) = Run(logits, z, [0, 1, 2], 1.0);
        double tail = Math.Log(Math.Exp((double)z0 - z2) + Math.Exp((double)z1 - z2) + 1.0);
        double[] expected = [tail + ((double)z2 - z0), tail + ((double)z2 - z1), tail];
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(expected[i], losses[i], 1e-11 * Math.Max(1.0, expected[i]));
        }

        Assert.All(dz, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Run_MaximumNotSubtracted_WouldNotBeFinite() => Assert.False(double.IsFinite(Math.Log(Math.Exp(1000.0) + Math.Exp(1001.0))));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Run_NotANumber_LossIsNaN(float bad)
    {
        MapShape logits = MapShape.Map(2, 1, 1, 4);
        float[] z = new float[logits.Length];
        z[logits.Pitch + 2] = bad;
        (double[] losses, _) = Run(logits, z, [0, 0], 1.0);
        Assert.Equal(Math.Log(4.0), losses[0], 1e-12);
        Assert.True(double.IsNaN(losses[1]));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10)]
    [InlineData(16)]
    [InlineData(int.MinValue)]
    public void Run_LabelOutOfRange_Throws(int label)
    {
        MapShape logits = MapShape.Map(2, 1, 1, 10);
        Assert.Throws<ArgumentOutOfRangeException>(() => Run(logits, new float[logits.Length], [9, label], 1.0));
    }

    [Fact]
    public void Run_InPlaceAndAnyWorkers_SameBits()
    {
        MapShape logits = MapShape.Map(9, 1, 1, 21);
        float[] z = KernelTestBench.UniformMap(1, 1, logits);
        (double[] expectedLosses, float[] expected) = Run(logits, z, Labels(logits), 1.0 / 9);
        foreach (int count in KernelTestBench.WorkerCounts)
        {
            using Workers workers = new(count);
            double[] losses = new double[logits.N];
            GuardedFloats both = new(z);
            SoftmaxCrossEntropy.Run(logits, both.Span, Labels(logits), 1.0 / 9, losses, both.Span, new KernelContext(workers, IsaDetection.Widest));
            KernelTestBench.AssertSameBits(both.AssertIntact("dz"), expected, $"{count} workers");
            Assert.Equal(expectedLosses, losses);
            SoftmaxCrossEntropy.Run(logits, z, Labels(logits), 1.0 / 9, losses, default, new KernelContext(workers, IsaDetection.Widest));
            Assert.Equal(expectedLosses, losses);
        }
    }

    [Fact]
    public void Probabilities_AnyLogits_AreTheGradientPlusTheLabel()
    {
        MapShape logits = MapShape.Map(3, 1, 1, 18);
        float[] z = KernelTestBench.UniformMap(1, 1, logits);
        float[] p = new float[3 * 18];
        SoftmaxCrossEntropy.Probabilities(logits, z, p);
        int[] labels = Labels(logits);
        (_, float[] dz) = Run(logits, z, labels, 1.0);
        for (int i = 0; i < p.Length; i++)
        {
            float label = labels[i / 18] == i % 18 ? 1f : 0f;
            Assert.Equal(dz[(i / 18 * logits.Pitch) + (i % 18)] + label, p[i], 1e-7f);
        }
    }

    private static int[] Labels(MapShape logits) => [.. Enumerable.Range(0, logits.N).Select(i => i * 7 % logits.C)];

    private static double NaiveLoss(MapShape logits, double[] z, int[] labels, int image)
    {
        double[] exponentials = [.. z.Skip(image * logits.Pitch).Take(logits.C).Select(Math.Exp)];
        return -Math.Log(exponentials[labels[image]] / exponentials.Sum());
    }

    private static (double[] Losses, float[] Dz) Run(MapShape logits, float[] z, int[] labels, double scale)
    {
        using Workers workers = new(2);
        double[] losses = new double[logits.N];
        GuardedFloats dz = new(logits.Length);
        SoftmaxCrossEntropy.Run(logits, new GuardedFloats(z).Span, labels, scale, losses, dz.Span, new KernelContext(workers, IsaDetection.Widest));
        return (losses, dz.AssertIntact("dz"));
    }
}
