using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Rectifiers;

/// <summary>The kernels of rectifiers that no neighbour does on its way, fastest first.</summary>
internal static class RectifierKernels
{
    /// <summary>f(y).</summary>
    public static KernelTable<RectifierForwardKernel, RectifierShape> Forward { get; } = new(
        new VectorForward<Lanes512>(), new VectorForward<Lanes256>(), new VectorForward<Lanes128>(), new VectorForward<Lanes1>(), new ReferenceForward());

    /// <summary>dy, da, db.</summary>
    public static KernelTable<RectifierBackwardKernel, RectifierShape> Backward { get; } = new(
        new VectorBackward<Lanes512>(), new VectorBackward<Lanes256>(), new VectorBackward<Lanes128>(), new VectorBackward<Lanes1>(), new ReferenceBackward());

    private sealed class ReferenceForward : RectifierForwardKernel
    {
        public override string Name => "reference";

        public override bool Supports(in RectifierShape shape, Isa isa) => true;

        public override void Run(in RectifierShape shape, Span<float> y, ReadOnlySpan<float> slopes, Span<float> rectified, KernelContext context) =>
            RectifierReference<float>.Forward(shape.Map, shape.Rectification, y, slopes, rectified);
    }

    private sealed class ReferenceBackward : RectifierBackwardKernel
    {
        public override string Name => "reference";

        public override bool Supports(in RectifierShape shape, Isa isa) => true;

        public override void Run(
            in RectifierShape shape,
            ReadOnlySpan<float> y,
            ReadOnlySpan<float> slopes,
            Span<float> gradient,
            Span<float> da,
            Span<float> db,
            Span<float> scratch,
            KernelContext context) =>
            RectifierReference<float>.Backward(shape.Map, shape.Rectification, y, slopes, gradient, da, db);
    }
}
