using Rectify.Kernels;
using Rectify.Kernels.Linear;
using Rectify.Kernels.Pooling;
using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels;

// Large results in aligned memory are written past the caches; the other tests' memory is neither large nor aligned. The bits must be the same.
public sealed unsafe class StreamedResultTests
{
    private const int SmallestStreamed = 1 << 20;

    public static TheoryData<string> PoolForward => KernelTestBench.Runnable(PoolKernels.Forward);

    public static TheoryData<string> PoolBackward => KernelTestBench.Runnable(PoolKernels.Backward);

    public static TheoryData<string> RectifierForward => KernelTestBench.Runnable(RectifierKernels.Forward);

    public static TheoryData<string> LinearBackwardFilter => KernelTestBench.Runnable(LinearKernels.BackwardFilter);

    [Theory]
    [MemberData(nameof(PoolForward))]
    public void PoolForward_LargeMap_SameBitsAligned(string name)
    {
        PoolShape shape = new(MapShape.Map(1, 65, 63, 1088), Window.Square(2, 2), true);
        PoolForwardKernel kernel = PoolKernels.Forward.Named(name);
        float[] x = KernelTestBench.UniformMap(1, 1, shape.Input);
        AssertSameBits(name, shape.Output.Length, (y, context) => kernel.Run(shape, x, y, [], context));
        AssertSameBits(name, shape.Output.Length, (winners, context) =>
        {
            // y and winners stream together or not at all: both are of one kind of memory.
            using NativeBuffer buffer = new(shape.Output.Length + 1);
            fixed (float* start = winners)
            {
                kernel.Run(shape, x, buffer.Slice((nint)start % 64 == 0 ? 0 : 1, shape.Output.Length), winners, context);
            }
        });
    }

    [Theory]
    [MemberData(nameof(PoolBackward))]
    public void PoolBackward_LargeMap_SameBitsAligned(string name)
    {
        PoolShape shape = new(MapShape.Map(2, 37, 35, 512), Window.Square(3, 2, 1), false);
        PoolBackwardKernel kernel = PoolKernels.Backward.Named(name);
        float[] x = KernelTestBench.UniformMap(1, 1, shape.Input);
        float[] dy = KernelTestBench.UniformMap(1, 2, shape.Output);
        float[] winners = new float[shape.Output.Length];
        using Workers workers = new(1);
        PoolKernels.Forward.Choose(shape, IsaDetection.Widest).Run(shape, x, new float[shape.Output.Length], winners, new KernelContext(workers, IsaDetection.Widest));
        AssertSameBits(name, shape.Input.Length, (dx, context) => kernel.Run(shape, dy, winners, dx, context));
    }

    [Theory]
    [MemberData(nameof(RectifierForward))]
    public void RectifierForward_LargeMap_SameBitsAligned(string name)
    {
        RectifierForwardKernel kernel = RectifierKernels.Forward.Named(name);
        foreach (Rectification rectification in Enum.GetValues<Rectification>())
        {
            RectifierShape shape = new(MapShape.Map(3, 37, 41, 240), rectification);
            float[] y = KernelTestBench.UniformMap(1, 1, shape.Map);
            float[] slopes = KernelTestBench.Slopes(1, 2, shape);
            AssertSameBits($"{name}, {rectification}", shape.Map.Length, (rectified, context) => kernel.Run(shape, y, slopes, rectified, context));
        }
    }

    [Theory]
    [MemberData(nameof(LinearBackwardFilter))]
    public void LinearBackwardFilter_LargeWeights_SameBitsAligned(string name)
    {
        LinearBackwardFilterKernel kernel = LinearKernels.BackwardFilter.Named(name);
        foreach (int images in (int[])[3, 257])
        {
            // More images than a block make the naive kernel slow; it streams nothing.
            if (images > 256 && kernel == LinearKernels.BackwardFilter.Reference)
            {
                continue;
            }

            LinearShape shape = new(MapShape.Map(images, 1, 1, 4099), 265);
            float[] x = KernelTestBench.UniformMap(1, 1, shape.Input);
            float[] dy = KernelTestBench.UniformMap(1, 2, shape.Output);
            AssertSameBits($"{name}, {images} images", shape.WeightLength, (dw, context) =>
                kernel.Run(shape, x, dy, false, dw, new float[kernel.ScratchLength(shape, context.Workers.Count)], context));
        }
    }

    private static void AssertSameBits(string replay, int length, RunInto run)
    {
        Assert.True(length >= SmallestStreamed, $"{replay}: {length} floats are too few.");
        using Workers workers = new(2);
        KernelContext context = new(workers, IsaDetection.Widest);
        using NativeBuffer aligned = new(length);
        using NativeBuffer shifted = new(length + 1L);
        aligned.Slice(0, length).Fill(float.NaN);
        shifted.Slice(0, length + 1).Fill(float.NaN);
        run(aligned.Slice(0, length), context);
        run(shifted.Slice(1, length), context);
        KernelTestBench.AssertSameBits(aligned.Slice(0, length), shifted.Slice(1, length), replay);
        Assert.True(float.IsNaN(shifted.Slice(0, 1)[0]), replay);
    }

    private delegate void RunInto(Span<float> result, KernelContext context);
}
