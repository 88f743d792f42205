using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Kernels.Pooling;

/// <summary>The kernels of average pooling, fastest first.</summary>
internal static class AverageKernels
{
    /// <summary>y.</summary>
    public static KernelTable<AverageForwardKernel, AverageShape> Forward { get; } = new(
        new VectorForward<Lanes512>(), new VectorForward<Lanes256>(), new VectorForward<Lanes128>(), new VectorForward<Lanes1>(), new ReferenceForward());

    /// <summary>dx.</summary>
    public static KernelTable<AverageBackwardKernel, AverageShape> Backward { get; } = new(
        new VectorBackward<Lanes512>(), new VectorBackward<Lanes256>(), new VectorBackward<Lanes128>(), new VectorBackward<Lanes1>(), new ReferenceBackward());

    private sealed unsafe class VectorForward<V> : AverageForwardKernel
        where V : struct, ILanes<V>
    {
        public override string Name => $"vector-{V.Width * 32}";

        public override bool Supports(in AverageShape shape, Isa isa) => (int)isa >= V.Width && shape.Input.Pitch % MapShape.ChannelBlock == 0;

        public override void Run(in AverageShape shape, ReadOnlySpan<float> x, Span<float> y, KernelContext context)
        {
            fixed (float* xStart = x, yStart = y)
            {
                AverageForwardJob<V> job = new(shape, xStart, yStart);
                context.Workers.Run(job.Chunks, ref job);
            }
        }
    }

    private sealed unsafe class VectorBackward<V> : AverageBackwardKernel
        where V : struct, ILanes<V>
    {
        public override string Name => $"vector-{V.Width * 32}";

        public override bool Supports(in AverageShape shape, Isa isa) => (int)isa >= V.Width && shape.Input.Pitch % MapShape.ChannelBlock == 0;

        public override void Run(in AverageShape shape, ReadOnlySpan<float> dy, Span<float> dx, KernelContext context)
        {
            fixed (float* dyStart = dy, dxStart = dx)
            {
                AverageBackwardJob<V> job = new(shape, dyStart, dxStart);
                context.Workers.Run(job.Chunks, ref job);
            }
        }
    }

    private sealed class ReferenceForward : AverageForwardKernel
    {
        public override string Name => "reference";

        public override bool Supports(in AverageShape shape, Isa isa) => true;

        public override void Run(in AverageShape shape, ReadOnlySpan<float> x, Span<float> y, KernelContext context) => AverageReference<float>.Forward(shape, x, y);
    }

    private sealed class ReferenceBackward : AverageBackwardKernel
    {
        public override string Name => "reference";

        public override bool Supports(in AverageShape shape, Isa isa) => true;

        public override void Run(in AverageShape shape, ReadOnlySpan<float> dy, Span<float> dx, KernelContext context) => AverageReference<float>.Backward(shape, dy, dx);
    }
}
