using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Kernels.Pooling;

/// <summary>The kernels of spatial pyramid pooling, fastest first.</summary>
internal static class PyramidKernels
{
    /// <summary>y and the winners.</summary>
    public static KernelTable<PyramidForwardKernel, PyramidShape> Forward { get; } = new(
        new VectorForward<Lanes512>(), new VectorForward<Lanes256>(), new VectorForward<Lanes128>(), new VectorForward<Lanes1>(), new ReferenceForward());

    /// <summary>dx.</summary>
    public static KernelTable<PyramidBackwardKernel, PyramidShape> Backward { get; } = new(
        new VectorBackward<Lanes512>(), new VectorBackward<Lanes256>(), new VectorBackward<Lanes128>(), new VectorBackward<Lanes1>(), new ReferenceBackward());

    private sealed unsafe class VectorForward<V> : PyramidForwardKernel
        where V : struct, ILanes<V>
    {
        public override string Name => $"vector-{V.Width * 32}";

        public override bool Supports(in PyramidShape shape, Isa isa) => (int)isa >= V.Width && shape.Input.Pitch % MapShape.ChannelBlock == 0;

        public override void Run(in PyramidShape shape, ReadOnlySpan<float> x, Span<float> y, Span<float> winners, KernelContext context)
        {
            Span<PixelRectangle> bins = stackalloc PixelRectangle[shape.Bins];
            shape.Rectangles(bins);
            fixed (PixelRectangle* binsStart = bins)
            fixed (float* xStart = x, yStart = y, winnersStart = winners)
            {
                PoolingForwardJob<V, PyramidBins> job = new(shape.Input, new PyramidBins(binsStart, bins.Length), xStart, yStart, winnersStart);
                context.Workers.Run(job.Chunks, ref job);
            }
        }
    }

    private sealed unsafe class VectorBackward<V> : PyramidBackwardKernel
        where V : struct, ILanes<V>
    {
        public override string Name => $"vector-{V.Width * 32}";

        public override bool Supports(in PyramidShape shape, Isa isa) => (int)isa >= V.Width && shape.Input.Pitch % MapShape.ChannelBlock == 0;

        public override void Run(in PyramidShape shape, ReadOnlySpan<float> dy, ReadOnlySpan<float> winners, Span<float> dx, KernelContext context)
        {
            fixed (float* dyStart = dy, winnersStart = winners, dxStart = dx)
            {
                PoolingBackwardJob<V> job = new(shape.Input, shape.Bins, dyStart, winnersStart, dxStart);
                context.Workers.Run(job.Chunks, ref job);
            }
        }
    }

    private sealed class ReferenceForward : PyramidForwardKernel
    {
        public override string Name => "reference";

        public override bool Supports(in PyramidShape shape, Isa isa) => true;

        public override void Run(in PyramidShape shape, ReadOnlySpan<float> x, Span<float> y, Span<float> winners, KernelContext context)
        {
            PixelRectangle[] bins = new PixelRectangle[shape.Bins];
            shape.Rectangles(bins);
            PoolingReference<float>.Forward(shape.Input, bins, x, y, winners);
        }
    }

    private sealed class ReferenceBackward : PyramidBackwardKernel
    {
        public override string Name => "reference";

        public override bool Supports(in PyramidShape shape, Isa isa) => true;

        public override void Run(in PyramidShape shape, ReadOnlySpan<float> dy, ReadOnlySpan<float> winners, Span<float> dx, KernelContext context) =>
            PoolingReference<float>.Backward(shape.Input, shape.Bins, dy, winners, dx);
    }
}
