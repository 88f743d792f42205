using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Kernels.Pooling;

/// <summary>The kernels of max pooling with a sliding window, fastest first.</summary>
internal static class PoolKernels
{
    /// <summary>y and the winners.</summary>
    public static KernelTable<PoolForwardKernel, PoolShape> Forward { get; } = new(
        new VectorForward<Lanes512>(), new VectorForward<Lanes256>(), new VectorForward<Lanes128>(), new VectorForward<Lanes1>(), new ReferenceForward());

    /// <summary>dx.</summary>
    public static KernelTable<PoolBackwardKernel, PoolShape> Backward { get; } = new(
        new VectorBackward<Lanes512>(), new VectorBackward<Lanes256>(), new VectorBackward<Lanes128>(), new VectorBackward<Lanes1>(), new ReferenceBackward());

    private sealed unsafe class VectorForward<V> : PoolForwardKernel
        where V : struct, ILanes<V>
    {
        public override string Name => $"vector-{V.Width * 32}";

        public override bool Supports(in PoolShape shape, Isa isa) => (int)isa >= V.Width && shape.Input.Pitch % MapShape.ChannelBlock == 0;

        public override void Run(in PoolShape shape, ReadOnlySpan<float> x, Span<float> y, Span<float> winners, KernelContext context)
        {
            fixed (float* xStart = x, yStart = y, winnersStart = winners)
            {
                WindowForwardJob<V> job = new(shape, xStart, yStart, winnersStart);
                context.Workers.Run(job.Chunks, ref job);
            }
        }
    }

    private sealed unsafe class VectorBackward<V> : PoolBackwardKernel
        where V : struct, ILanes<V>
    {
        public override string Name => $"vector-{V.Width * 32}";

        public override bool Supports(in PoolShape shape, Isa isa) => (int)isa >= V.Width && shape.Input.Pitch % MapShape.ChannelBlock == 0;

        public override void Run(in PoolShape shape, ReadOnlySpan<float> dy, ReadOnlySpan<float> winners, Span<float> dx, KernelContext context)
        {
            fixed (float* dyStart = dy, winnersStart = winners, dxStart = dx)
            {
                WindowBackwardJob<V> job = new(shape, dyStart, winnersStart, dxStart);
                context.Workers.Run(job.Chunks, ref job);
            }
        }
    }

    private sealed class ReferenceForward : PoolForwardKernel
    {
        public override string Name => "reference";

        public override bool Supports(in PoolShape shape, Isa isa) => true;

        public override void Run(in PoolShape shape, ReadOnlySpan<float> x, Span<float> y, Span<float> winners, KernelContext context) =>
            PoolingReference<float>.Forward(shape.Input, PoolingReference<float>.Rectangles(shape), x, y, winners);
    }

    private sealed class ReferenceBackward : PoolBackwardKernel
    {
        public override string Name => "reference";

        public override bool Supports(in PoolShape shape, Isa isa) => true;

        public override void Run(in PoolShape shape, ReadOnlySpan<float> dy, ReadOnlySpan<float> winners, Span<float> dx, KernelContext context) =>
            PoolingReference<float>.Backward(shape.Input, shape.Output.H * shape.Output.W, dy, winners, dx);
    }
}
