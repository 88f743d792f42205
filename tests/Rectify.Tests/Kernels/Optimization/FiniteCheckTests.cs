using Rectify.Kernels;
using Rectify.Kernels.Optimization;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;

namespace Rectify.Tests.Kernels.Optimization;

public sealed class FiniteCheckTests
{
    // A quiet and a signalling NaN, with either sign; both infinities.
    private static readonly float[] Bad =
    [
        float.NaN, float.PositiveInfinity, float.NegativeInfinity, BitConverter.Int32BitsToSingle(0x7F800001), BitConverter.Int32BitsToSingle(-1),
    ];

    // What a check by adding, multiplying or comparing could take for bad.
    private static readonly float[] Extreme = [float.MaxValue, float.MinValue, float.Epsilon, -float.Epsilon, 0f, -0f, 1e-39f];

    public static TheoryData<Isa> Widths => KernelTestBench.WidthData;

    [Theory]
    [MemberData(nameof(Widths))]
    public void AllFinite_BadNumberAnywhere_IsFound(Isa isa)
    {
        using Workers workers = new(1);
        KernelContext context = new(workers, isa);
        for (int length = 0; length <= 131; length++)
        {
            // One longer on both sides, with NaN: what is not asked about is not looked at.
            float[] values = [float.NaN, .. KernelTestBench.Uniform(length, 1, length), float.NaN];
            Span<float> inside = values.AsSpan(1, length);
            Assert.True(FiniteCheck.AllFinite(inside, context), $"{isa}, length {length}");
            for (int at = 0; at < length; at++)
            {
                float before = inside[at];
                inside[at] = Bad[(at + length) % Bad.Length];
                Assert.False(FiniteCheck.AllFinite(inside, context), $"{isa}, length {length}: {inside[at]} at {at} was missed");
                Assert.Equal(1, FiniteCheck.CountNotFinite(inside));
                inside[at] = before;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void AllFinite_ExtremeNumbers_AreFinite(Isa isa)
    {
        using Workers workers = new(2);
        KernelContext context = new(workers, isa);
        foreach (float value in Extreme)
        {
            float[] values = new float[1000];
            Array.Fill(values, value);
            Assert.True(FiniteCheck.AllFinite(values, context), $"{isa}: {value:R}");
            Assert.Equal(0, FiniteCheck.CountNotFinite(values));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void AllModest_BadOrLargeNumberAnywhere_IsFound(Isa isa)
    {
        using Workers workers = new(1);
        KernelContext context = new(workers, isa);
        float[] large = [.. Bad, FiniteCheck.ModestLimit, -FiniteCheck.ModestLimit, float.MaxValue, 1e19f, -1e20f];
        for (int length = 0; length <= 131; length++)
        {
            float[] values = [float.NaN, .. KernelTestBench.Uniform(length, 1, length), float.NaN];
            Span<float> inside = values.AsSpan(1, length);
            Assert.True(FiniteCheck.AllModest(inside, context), $"{isa}, length {length}");
            for (int at = 0; at < length; at++)
            {
                float before = inside[at];
                inside[at] = large[(at + length) % large.Length];
                Assert.False(FiniteCheck.AllModest(inside, context), $"{isa}, length {length}: {inside[at]} at {at} was missed");
                inside[at] = before;
            }
        }

        // What training sees is far from the limit, however many there are.
        float[] many = new float[(3 << 16) + 19];
        Array.Fill(many, -1e9f);
        Assert.True(FiniteCheck.AllModest(many, context));
        Assert.Equal(0, AllocatedBytes.Least(() => FiniteCheck.AllModest(many, context)));
    }

    // Around the ends of chunks, with more than one thread.
    [Theory]
    [MemberData(nameof(Widths))]
    public void AllFinite_ManyChunks_AgreesWithTheTwin(Isa isa)
    {
        foreach (int count in KernelTestBench.WorkerCounts)
        {
            using Workers workers = new(count);
            KernelContext context = new(workers, isa);
            float[] values = KernelTestBench.Uniform(7, 7, (3 << 16) + 19);
            Assert.True(FiniteCheck.AllFinite(values, context));
            foreach (int at in (int[])[0, (1 << 16) - 1, 1 << 16, (2 << 16) + 5, values.Length - 1])
            {
                float before = values[at];
                values[at] = Bad[at % Bad.Length];
                Assert.Equal(FiniteCheck.CountNotFinite(values) == 0, FiniteCheck.AllFinite(values, context));
                values[at] = before;
            }

            Assert.Equal(0, AllocatedBytes.Least(() => FiniteCheck.AllFinite(values, context)));
        }
    }
}
