using Rectify.Kernels;
using Rectify.Kernels.Convolution;
using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels.Convolution;

public sealed class ConvolutionKernelsTests
{
    private const int FewestCases = 5;
    private const long SmallWork = 10_000;

    public static TheoryData<string> Forward => KernelTestBench.Runnable(ConvolutionKernels.Forward);

    public static TheoryData<string> BackwardData => KernelTestBench.Runnable(ConvolutionKernels.BackwardData);

    public static TheoryData<string> BackwardFilter => KernelTestBench.Runnable(ConvolutionKernels.BackwardFilter);

    [Theory]
    [MemberData(nameof(Forward))]
    public void Forward_AnyShape_EqualsFloat64Reference(string name)
    {
        using Workers workers = new(2);
        KernelContext context = new(workers, IsaDetection.Widest);
        ConvolutionForwardKernel kernel = ConvolutionKernels.Forward.Named(name);
        int ran = 0;
        foreach (ConvolutionCase work in ConvolutionCase.All.Where(work => kernel.Supports(work.Shape, IsaDetection.Widest)))
        {
            // Small work is done in every variant, large work in two that change from case to case.
            IReadOnlyList<ForwardVariant> all = ForwardVariant.All;
            IEnumerable<ForwardVariant> variants = work.Shape.MultiplyAdds < SmallWork ? all : [all[work.Number % all.Count], all[(work.Number + 5) % all.Count]];
            foreach (ForwardVariant variant in variants)
            {
                AssertForward(kernel, work, variant, context);
            }

            ran++;
        }

        Assert.True(ran >= FewestCases, $"{name} ran on {ran} cases; give it some that it supports.");
    }

    [Theory]
    [MemberData(nameof(BackwardData))]
    public void BackwardData_AnyShape_EqualsFloat64ReferenceAndOverwrites(string name)
    {
        using Workers workers = new(2);
        KernelContext context = new(workers, IsaDetection.Widest);
        ConvolutionBackwardDataKernel kernel = ConvolutionKernels.BackwardData.Named(name);
        int ran = 0;
        foreach (ConvolutionCase work in ConvolutionCase.All.Where(work => kernel.Supports(work.Shape, IsaDetection.Widest)))
        {
            float[] dx = ConvolutionRuns.BackwardData(kernel, work, context);
            double[] magnitudes = Magnitudes(kernel, work.ExpectedDx.Magnitudes, work.SurplusOfDx);
            KernelTestBench.AssertNear(dx, work.ExpectedDx.Values, magnitudes, Terms(kernel, work.TermsOfDx), $"{name} on {work}");
            ran++;
        }

        Assert.True(ran >= FewestCases, $"{name} ran on {ran} cases; give it some that it supports.");
    }

    [Theory]
    [MemberData(nameof(BackwardFilter))]
    public void BackwardFilter_AnyShape_EqualsFloat64ReferenceAndAdds(string name)
    {
        using Workers workers = new(2);
        KernelContext context = new(workers, IsaDetection.Widest);
        ConvolutionBackwardFilterKernel kernel = ConvolutionKernels.BackwardFilter.Named(name);
        int ran = 0;
        foreach (ConvolutionCase work in ConvolutionCase.All.Where(work => kernel.Supports(work.Shape, IsaDetection.Widest)))
        {
            float[] dw = ConvolutionRuns.BackwardFilter(kernel, work, context);
            double[] magnitudes = Magnitudes(kernel, work.ExpectedDw.Magnitudes, work.SurplusOfDw);
            KernelTestBench.AssertNear(dw, work.ExpectedDw.Values, magnitudes, Terms(kernel, work.TermsOfDw), $"{name} on {work}");
            ran++;
        }

        Assert.True(ran >= FewestCases, $"{name} ran on {ran} cases; give it some that it supports.");
    }

    [Fact]
    public void Tables_EveryPass_EndInTheReferenceAndHaveUniqueNames()
    {
        AssertTable([.. ConvolutionKernels.Forward.Select(kernel => kernel.Name)]);
        AssertTable([.. ConvolutionKernels.BackwardData.Select(kernel => kernel.Name)]);
        AssertTable([.. ConvolutionKernels.BackwardFilter.Select(kernel => kernel.Name)]);

        static void AssertTable(string[] names)
        {
            Assert.Equal("reference", names[^1]);
            Assert.Equal(names.Length, names.Distinct().Count());
        }
    }

    [Fact]
    public void Choose_NarrowerCap_TakesNoWiderKernel()
    {
        ConvolutionCase work = new(4);
        Assert.Equal("winograd-f43-128", ConvolutionKernels.BackwardData.Choose(work.Shape, Isa.V128).Name);
        Assert.Equal("blocked-128", ConvolutionKernels.BackwardData.Choose(work.Shape, Isa.V128, exact: true).Name);
        Assert.Equal("blocked-32", ConvolutionKernels.BackwardData.Choose(work.Shape, Isa.Scalar).Name);
        Assert.Equal("reference", ConvolutionKernels.BackwardData.Choose(new ConvolutionCase(2).Shape, Isa.V512).Name);
    }

    [Fact]
    public void Choose_AnyBatch_TakesTheSameForwardKernel()
    {
        // The choice shows in the bits, and evaluation has the same bits for any batch.
        foreach (ConvolutionCase work in ConvolutionCase.All)
        {
            ConvolutionShape alone = work.Shape with { Input = work.Shape.Input.WithBatch(1) };
            ConvolutionShape many = work.Shape with { Input = work.Shape.Input.WithBatch(64) };
            Assert.Equal(ConvolutionKernels.Forward.Choose(alone, Isa.V512).Name, ConvolutionKernels.Forward.Choose(many, Isa.V512).Name);
        }
    }

    [Fact]
    public void Choose_MapsThatFillNoTile_AvoidsWinograd()
    {
        Window window = Window.Square(3, 1, 1);
        Assert.Equal("blocked-512", ConvolutionKernels.Forward.Choose(new ConvolutionShape(MapShape.Map(1, 2, 2, 16), 16, window), Isa.V512).Name);
        Assert.Equal("blocked-512", ConvolutionKernels.Forward.Choose(new ConvolutionShape(MapShape.Map(1, 4, 4, 15), 16, window), Isa.V512).Name);
        Assert.Equal("blocked-512", ConvolutionKernels.Forward.Choose(new ConvolutionShape(MapShape.Map(1, 4, 4, 16), 16, window), Isa.V512, exact: true).Name);
        Assert.Equal("blocked-512", ConvolutionKernels.BackwardFilter.Choose(new ConvolutionShape(MapShape.Map(1, 8, 8, 16), 16, Window.Square(3, 2, 1)), Isa.V512).Name);
    }

    [Theory]
    [InlineData(56, 128, "winograd-f43-512")]
    [InlineData(28, 128, "winograd-f43-512")]
    [InlineData(14, 128, "winograd-f53-512")]
    [InlineData(14, 127, "winograd-f43-512")]
    [InlineData(10, 16, "winograd-f53-512")]
    [InlineData(7, 512, "winograd-f43-512")]
    [InlineData(5, 16, "winograd-f53-512")]
    [InlineData(4, 16, "winograd-f43-512")]
    public void Choose_ThreeByThree_TakesLargeTilesWhereTheySaveEnough(int size, int channels, string name)
    {
        ConvolutionShape shape = new(MapShape.Map(1, size, size, channels), 128, Window.Square(3, 1, 1));
        Assert.Equal(name, ConvolutionKernels.Forward.Choose(shape, Isa.V512).Name);
        Assert.Equal(name, ConvolutionKernels.BackwardData.Choose(shape, Isa.V512).Name);
        Assert.Equal(name, ConvolutionKernels.BackwardFilter.Choose(shape, Isa.V512).Name);
    }

    [Theory]
    [InlineData(35, 1, "winograd-f42-512", "winograd-f42-512")]
    [InlineData(36, 0, "winograd-f42-512", "winograd-f42-512")]
    [InlineData(17, 1, "winograd-f32-512", "winograd-f32-512")]
    [InlineData(15, 0, "winograd-f32-512", "winograd-f32-512")]
    [InlineData(4, 0, "winograd-f32-512", "winograd-f42-512")]
    [InlineData(5, 1, "winograd-f32-512", "blocked-512")]
    public void Choose_TwoByTwo_TakesTheFormWithTheFewestProducts(int size, int pad, string forward, string backward)
    {
        ConvolutionShape shape = new(MapShape.Map(1, size, size, 16), 16, Window.Square(2, 1, pad));
        Assert.Equal(forward, ConvolutionKernels.Forward.Choose(shape, Isa.V512).Name);
        Assert.Equal(backward, ConvolutionKernels.BackwardData.Choose(shape, Isa.V512).Name);
        Assert.Equal(forward, ConvolutionKernels.BackwardFilter.Choose(shape, Isa.V512).Name);
        Assert.Equal("blocked-512", ConvolutionKernels.Forward.Choose(shape, Isa.V512, exact: true).Name);
    }

    // What an element's error is measured by: its own terms; for an approximate kernel, which mixes those of its neighbours, the largest element's.
    private static double[] Magnitudes(Kernel<ConvolutionShape> kernel, double[] magnitudes, bool[] surplus)
    {
        double largest = magnitudes.Max();
        return kernel.IsApproximate ? [.. surplus.Select(zero => zero ? 0.0 : largest)] : [.. magnitudes];
    }

    // An approximate kernel rounds a tile's 36 products too, however few terms an element has.
    private static int Terms(Kernel<ConvolutionShape> kernel, int terms) => kernel.IsApproximate ? terms + 36 : terms;

    private static void AssertForward(ConvolutionForwardKernel kernel, ConvolutionCase work, ForwardVariant variant, KernelContext context)
    {
        string replay = $"{kernel.Name} {variant} on {work}";
        (float[] y, float[] rectified) = ConvolutionRuns.Forward(kernel, work, variant, context);
        float[] slopes = ConvolutionRuns.Slopes(work, variant);
        double[] expected = [.. work.ExpectedY.Values];
        double[] magnitudes = Magnitudes(kernel, work.ExpectedY.Magnitudes, work.SurplusOfY);
        int pitch = work.Shape.Output.Pitch;
        for (int i = 0; i < expected.Length; i++)
        {
            double bias = variant.Bias ? work.Bias[i % pitch] : 0.0;
            expected[i] += bias;
            magnitudes[i] += Math.Abs(bias);
        }

        if (variant.Rectification == Rectification.None || !variant.InPlace)
        {
            KernelTestBench.AssertNear(y, expected, magnitudes, Terms(kernel, work.TermsOfY + 1), $"{replay}, y");
        }

        if (variant.Rectification != Rectification.None)
        {
            // f stretches an error by |a| at most.
            for (int i = 0; i < expected.Length; i++)
            {
                double slope = slopes.Length switch { 0 => 0.0, 1 => slopes[0], _ => slopes[i % pitch] };
                expected[i] = expected[i] <= 0.0 ? slope * expected[i] : expected[i];
                magnitudes[i] *= Math.Max(1.0, Math.Abs(slope));
            }

            KernelTestBench.AssertNear(rectified, expected, magnitudes, Terms(kernel, work.TermsOfY + 1), $"{replay}, f(y)");
        }
    }
}
