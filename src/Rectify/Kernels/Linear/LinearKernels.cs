using Rectify.Kernels.Convolution;
using Rectify.Kernels.Optimization;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Linear;

/// <summary>The kernels of a fully connected layer's three passes, fastest first.</summary>
internal static class LinearKernels
{
    /// <summary>y from x.</summary>
    public static KernelTable<LinearForwardKernel, LinearShape> Forward { get; } = new(
        new BlockedForward<Lanes512>(), new BlockedForward<Lanes256>(), new BlockedForward<Lanes128>(), new BlockedForward<Lanes1>(), new ReferenceForward());

    /// <summary>dx from dy.</summary>
    public static KernelTable<LinearBackwardDataKernel, LinearShape> BackwardData { get; } = new(
        new BlockedBackwardData<Lanes512>(),
        new BlockedBackwardData<Lanes256>(),
        new BlockedBackwardData<Lanes128>(),
        new BlockedBackwardData<Lanes1>(),
        new ReferenceBackwardData());

    /// <summary>dw from x and dy.</summary>
    public static KernelTable<LinearBackwardFilterKernel, LinearShape> BackwardFilter { get; } = new(
        new OuterProductBackwardFilter<Lanes512>(),
        new OuterProductBackwardFilter<Lanes256>(),
        new OuterProductBackwardFilter<Lanes128>(),
        new OuterProductBackwardFilter<Lanes1>(),
        new ReferenceBackwardFilter());

    private sealed class ReferenceBackwardFilter : LinearBackwardFilterKernel
    {
        public override string Name => "reference";

        public override bool Supports(in LinearShape shape, Isa isa) => true;

        public override void Run(
            in LinearShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, bool accumulate, Span<float> dw, Span<float> scratch, KernelContext context)
        {
            if (!accumulate)
            {
                dw[..shape.WeightLength].Clear();
            }

            ConvolutionKernels.BackwardFilter.Reference.Run(shape.AsConvolution, x, dy, dw, scratch, context);
        }

        public override void Update(
            in LinearShape shape,
            ReadOnlySpan<float> x,
            ReadOnlySpan<float> dy,
            Span<float> w,
            Span<float> v,
            MomentumRule rule,
            Span<float> scratch,
            KernelContext context) => MomentumKernel.Run(w, Whole(shape, x, dy, scratch, context), v, rule, context);

        public override long CountNotFinite(in LinearShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> scratch, KernelContext context) =>
            FiniteCheck.CountNotFinite(Whole(shape, x, dy, scratch, context));

        private float[] Whole(in LinearShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> scratch, KernelContext context)
        {
            float[] dw = new float[shape.WeightLength];
            Run(shape, x, dy, false, dw, scratch, context);
            return dw;
        }
    }

    private sealed class ReferenceForward : LinearForwardKernel
    {
        public override string Name => "reference";

        public override bool Supports(in LinearShape shape, Isa isa) => true;

        public override void Run(in LinearShape shape, in ConvolutionForwardOperands operands, KernelContext context) =>
            ConvolutionKernels.Forward.Reference.Run(shape.AsConvolution, operands, context);
    }

    private sealed class ReferenceBackwardData : LinearBackwardDataKernel
    {
        public override string Name => "reference";

        public override bool Supports(in LinearShape shape, Isa isa) => true;

        public override void Run(in LinearShape shape, ReadOnlySpan<float> dy, ReadOnlySpan<float> w, Span<float> dx, Span<float> scratch, KernelContext context) =>
            ConvolutionKernels.BackwardData.Reference.Run(shape.AsConvolution, dy, w, dx, scratch, context);
    }
}
