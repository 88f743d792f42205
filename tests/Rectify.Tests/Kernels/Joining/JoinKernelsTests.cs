using Rectify.Kernels;
using Rectify.Kernels.Joining;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;
using Rectify.Tests.Execution;

namespace Rectify.Tests.Kernels.Joining;

public sealed class JoinKernelsTests
{
    public static TheoryData<Isa> Widths => [.. new[] { Isa.Scalar, Isa.V128, Isa.V256, Isa.V512 }.Where(isa => isa <= IsaDetection.Widest)];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Sum_EveryLength_IsEachElementsAndTouchesNoMore(Isa isa)
    {
        using Workers workers = new(2);
        KernelContext context = new(workers, isa);
        RandomStream random = new(1, RandomPurpose.Testing, 0, 0);
        foreach (int length in (int[])[.. Enumerable.Range(0, 70), (1 << 15) - 1, (1 << 15) + 17, (1 << 17) + 5])
        {
            float[] a = Packed.Gaussian(ref random, length);
            float[] b = Packed.Gaussian(ref random, length);
            float[] y = new float[length + 1];
            y[length] = 7f;
            SumKernel.Run(a, b, y.AsSpan(0, length), context);
            Assert.Equal(7f, y[length]);
            Assert.Equal(a.Zip(b, (p, q) => p + q), y[..length]);
            SumKernel.Run(a, b, a, context);
            Assert.Equal(y[..length], a);
        }
    }

    [Fact]
    public void Sum_NotFinite_StaysSo()
    {
        using Workers workers = new(1);
        float[] y = new float[3];
        SumKernel.Run([float.NaN, float.PositiveInfinity, -0f], [1f, 2f, -0f], y, new KernelContext(workers, IsaDetection.Widest));
        Assert.Equal([float.NaN, float.PositiveInfinity, -0f], y);
    }

    [Fact]
    public void Sum_LengthsDiffer_Throws()
    {
        using Workers workers = new(1);
        KernelContext context = new(workers, IsaDetection.Widest);
        Assert.Throws<ArgumentException>(() => SumKernel.Run(new float[3], new float[4], new float[4], context));
        Assert.Throws<ArgumentException>(() => SumKernel.Run(new float[4], new float[3], new float[4], context));
    }

    [Theory]
    [InlineData(3, 3, 0, 20, 5, 3)]
    [InlineData(20, 32, 4, 16, 0, 16)]
    [InlineData(33, 48, 0, 40, 7, 33)]
    [InlineData(300, 304, 10, 600, 310, 290)]
    public void ChannelCopy_SomeChannels_LeavesTheOthersAndClearsTheSurplusAfterTheLast(int fromC, int fromPitch, int fromChannel, int toC, int toChannel, int count)
    {
        using Workers workers = new(2);
        MapShape from = new(2, 13, 7, fromC, fromPitch);
        MapShape to = MapShape.Map(2, 13, 7, toC);
        RandomStream random = new(2, RandomPurpose.Testing, 0, 0);
        float[] x = Packed.Gaussian(ref random, from.Length);
        float[] before = Packed.Gaussian(ref random, to.Length);
        float[] y = [.. before];
        ChannelCopyKernel.Run(from, fromChannel, x, to, toChannel, y, count, new KernelContext(workers, IsaDetection.Widest));
        for (int i = 0; i < y.Length; i++)
        {
            (int pixel, int lane) = (i / to.Pitch, i % to.Pitch);
            float expected = lane >= toChannel && lane < toChannel + count ? x[(pixel * from.Pitch) + fromChannel + lane - toChannel]
                : lane >= to.C && toChannel + count == to.C ? 0f
                : before[i];
            Assert.Equal(expected, y[i]);
        }
    }

    [Fact]
    public void ChannelCopy_Misfit_Throws()
    {
        using Workers workers = new(1);
        KernelContext context = new(workers, IsaDetection.Widest);
        MapShape map = MapShape.Map(1, 2, 2, 4);
        float[] x = new float[map.Length];
        Assert.Throws<ArgumentException>(() => ChannelCopyKernel.Run(map, 0, x, map, 1, x, 4, context));
        Assert.Throws<ArgumentException>(() => ChannelCopyKernel.Run(map, 1, x, map, 0, x, 4, context));
        Assert.Throws<ArgumentException>(() => ChannelCopyKernel.Run(map, 0, x, MapShape.Map(1, 2, 3, 4), 0, new float[100], 4, context));
        Assert.Throws<ArgumentException>(() => ChannelCopyKernel.Run(map, 0, x.AsSpan(1), map, 0, x, 4, context));
    }
}
