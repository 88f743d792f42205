using Rectify.Kernels;
using Rectify.Kernels.Convolution;
using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;

namespace Rectify.Tests.Kernels.Convolution;

public sealed class ConvolutionDeterminismTests
{
    private static readonly ForwardVariant Variant = new(Rectification.ChannelSlopes, InPlace: false, Bias: true);

    public static TheoryData<string> Forward => KernelTestBench.Runnable(ConvolutionKernels.Forward);

    public static TheoryData<string> BackwardData => KernelTestBench.Runnable(ConvolutionKernels.BackwardData);

    public static TheoryData<string> BackwardFilter => KernelTestBench.Runnable(ConvolutionKernels.BackwardFilter);

    // Every other case: those with several chunks are among them.
    private static IEnumerable<ConvolutionCase> Cases => ConvolutionCase.All.Where(work => work.Number < 14 || work.Number % 2 == 0 || work.Number >= ConvolutionCase.FirstSquare);

    [Theory]
    [MemberData(nameof(Forward))]
    public void Forward_AnyNumberOfWorkers_SameBits(string name)
    {
        ConvolutionForwardKernel kernel = ConvolutionKernels.Forward.Named(name);
        AssertSameBits(name, work => kernel.Supports(work.Shape, IsaDetection.Widest), (work, context) => ConvolutionRuns.Forward(kernel, work, Variant, context).Rectified);
    }

    [Theory]
    [MemberData(nameof(BackwardData))]
    public void BackwardData_AnyNumberOfWorkers_SameBits(string name)
    {
        ConvolutionBackwardDataKernel kernel = ConvolutionKernels.BackwardData.Named(name);
        AssertSameBits(name, work => kernel.Supports(work.Shape, IsaDetection.Widest), (work, context) => ConvolutionRuns.BackwardData(kernel, work, context));
    }

    [Theory]
    [MemberData(nameof(BackwardFilter))]
    public void BackwardFilter_AnyNumberOfWorkers_SameBits(string name)
    {
        ConvolutionBackwardFilterKernel kernel = ConvolutionKernels.BackwardFilter.Named(name);
        AssertSameBits(name, work => kernel.Supports(work.Shape, IsaDetection.Widest), (work, context) => ConvolutionRuns.BackwardFilter(kernel, work, context));
    }

    [Theory]
    [MemberData(nameof(Forward))]
    public void Forward_ImageAlone_SameBitsAsInTheBatch(string name)
    {
        ConvolutionForwardKernel kernel = ConvolutionKernels.Forward.Named(name);
        AssertImages(
            name, work => kernel.Supports(work.Shape, IsaDetection.Widest), (work, context) => ConvolutionRuns.Forward(kernel, work, Variant, context).Rectified);
    }

    [Theory]
    [MemberData(nameof(BackwardData))]
    public void BackwardData_ImageAlone_SameBitsAsInTheBatch(string name)
    {
        ConvolutionBackwardDataKernel kernel = ConvolutionKernels.BackwardData.Named(name);
        AssertImages(name, work => kernel.Supports(work.Shape, IsaDetection.Widest), (work, context) => ConvolutionRuns.BackwardData(kernel, work, context));
    }

    private static void AssertSameBits(string name, Func<ConvolutionCase, bool> supports, Func<ConvolutionCase, KernelContext, float[]> run)
    {
        Dictionary<int, float[]> expected = [];
        foreach (int count in KernelTestBench.WorkerCounts)
        {
            using Workers workers = new(count);
            foreach (ConvolutionCase work in Cases.Where(supports))
            {
                float[] actual = run(work, new KernelContext(workers, IsaDetection.Widest));
                expected.TryAdd(work.Number, actual);
                KernelTestBench.AssertSameBits(actual, expected[work.Number], $"{name} with {count} workers on {work}");
            }
        }

        Assert.NotEmpty(expected);
    }

    private static void AssertImages(string name, Func<ConvolutionCase, bool> supports, Func<ConvolutionCase, KernelContext, float[]> run)
    {
        using Workers workers = new(2);
        KernelContext context = new(workers, IsaDetection.Widest);
        int compared = 0;
        foreach (ConvolutionCase work in Cases.Where(work => work.Shape.Input.N > 1 && supports(work)))
        {
            float[] batch = run(work, context);
            for (int image = 0; image < work.Shape.Input.N; image++, compared++)
            {
                float[] alone = run(work.Image(image), context);
                KernelTestBench.AssertSameBits(alone, batch.AsSpan(image * alone.Length, alone.Length), $"{name}, image {image} of {work}");
            }
        }

        Assert.True(compared > 5);
    }
}
