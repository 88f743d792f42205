using Rectify.Kernels;
using Rectify.Kernels.Convolution;
using Rectify.Kernels.Linear;
using Rectify.Kernels.Optimization;
using Rectify.Kernels.Pooling;
using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels;

// Training's inner loop allocates nothing: no kernel but the references does once it has run.
public sealed class KernelAllocationTests
{
    private static readonly MapShape Map = MapShape.Map(2, 6, 5, 17);
    private static readonly ConvolutionShape Convolution = new(Map, 20, Window.Square(3, 1, 1));
    private static readonly LinearShape Linear = new(Map, 20);
    private static readonly RectifierShape Rectifier = new(Map, Rectification.ChannelSlopes);
    private static readonly PoolShape Pool = new(Map, Window.Square(2, 2), true);
    private static readonly PyramidShape Pyramid = new(Map, [2, 1]);

    // Long enough for every operand.
    private static readonly float[] A = new float[1 << 16], B = new float[1 << 16], C = new float[1 << 16], D = new float[1 << 16], Scratch = new float[1 << 20];

    [Fact]
    public void Run_Convolution_AllocatesNothing()
    {
        AssertNone(ConvolutionKernels.Forward, (kernel, context) => kernel.Run(Convolution, Operands(), context));
        AssertNone(ConvolutionKernels.BackwardData, (kernel, context) => kernel.Run(Convolution, A, B, C, Scratch, context));
        AssertNone(ConvolutionKernels.BackwardFilter, (kernel, context) => kernel.Run(Convolution, A, B, C, Scratch, context));
    }

    [Fact]
    public void Run_Linear_AllocatesNothing()
    {
        AssertNone(LinearKernels.Forward, (kernel, context) => kernel.Run(Linear, Operands(), context));
        AssertNone(LinearKernels.BackwardData, (kernel, context) => kernel.Run(Linear, A, B, C, Scratch, context));
        AssertNone(LinearKernels.BackwardFilter, (kernel, context) => kernel.Run(Linear, A, B, true, C, Scratch, context));
        AssertNone(LinearKernels.BackwardFilter, (kernel, context) => kernel.Update(Linear, A, B, C, D, new MomentumRule(0f, 0f, 0f), Scratch, context));
        AssertNone(LinearKernels.BackwardFilter, (kernel, context) => kernel.CountNotFinite(Linear, A, B, Scratch, context));
    }

    [Fact]
    public void Run_Rectifier_AllocatesNothing()
    {
        AssertNone(RectifierKernels.Forward, (kernel, context) => kernel.Run(Rectifier, A, B, C, context));
        AssertNone(RectifierKernels.Backward, (kernel, context) => kernel.Run(Rectifier, A, B, C, D.AsSpan(0, Map.Pitch), D.AsSpan(Map.Pitch, Map.Pitch), Scratch, context));
    }

    [Fact]
    public void Run_Pooling_AllocatesNothing()
    {
        AssertNone(PoolKernels.Forward, (kernel, context) => kernel.Run(Pool, A, B, C, context));
        AssertNone(PoolKernels.Backward, (kernel, context) => kernel.Run(Pool, A, B, C, context));
        AssertNone(PyramidKernels.Forward, (kernel, context) => kernel.Run(Pyramid, A, B, C, context));
        AssertNone(PyramidKernels.Backward, (kernel, context) => kernel.Run(Pyramid, A, B, C, context));
    }

    private static ConvolutionForwardOperands Operands() => new()
    {
        X = A,
        W = B,
        Bias = D,
        Y = C,
        Rectification = Rectification.ChannelSlopes,
        Slopes = D,
        Rectified = C,
        Scratch = Scratch,
    };

    private static void AssertNone<TKernel, TShape>(KernelTable<TKernel, TShape> table, Action<TKernel, KernelContext> run)
        where TKernel : Kernel<TShape>
        where TShape : struct
    {
        using Workers workers = new(2);
        KernelContext context = new(workers, IsaDetection.Widest);
        TKernel[] kernels = [.. table.Where(kernel => kernel != table.Reference && KernelTestBench.CanRun(kernel.Name))];
        Assert.NotEmpty(kernels);
        foreach (TKernel kernel in kernels)
        {
            long allocated = AllocatedBytes.Least(() => run(kernel, context));
            Assert.True(allocated == 0, $"{typeof(TKernel).Name} {kernel.Name} allocates {allocated} bytes a run.");
        }
    }
}
