using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution;

/// <summary>Backward-data by blocked implicit GEMM: a convolution of dy with the filters turned and transposed, which are made in the scratch memory.</summary>
/// <remarks>With a stride above 1, dy is read as if spread with zeros: correct for any shape, wasteful by the stride squared.</remarks>
internal sealed unsafe class BlockedBackwardData<V> : ConvolutionBackwardDataKernel
    where V : struct, ILanes<V>
{
    private const int Block = MapShape.ChannelBlock;

    public override string Name => $"blocked-{V.Width * 32}";

    // A packed photo has no gradient to speak of, and no room for whole vectors.
    public override bool Supports(in ConvolutionShape shape, Isa isa) => (int)isa >= V.Width && shape.Input.Pitch % Block == 0;

    public override long ScratchLength(in ConvolutionShape shape, int workers) =>
        shape.WeightLength + (workers * PatchMultiply<V>.SlabLength(TurnedDepth(shape)));

    public override void Run(in ConvolutionShape shape, ReadOnlySpan<float> dy, ReadOnlySpan<float> w, Span<float> dx, Span<float> scratch, KernelContext context)
    {
        fixed (float* dyStart = dy, wStart = w, dxStart = dx, scratchStart = scratch)
        {
            TurnFilters turn = new(shape, wStart, scratchStart);
            context.Workers.Run(turn.Chunks, ref turn);
            PatchMultiply<V> job = new(
                PatchSource.Backward(shape, dyStart), scratchStart, dxStart, shape.Input.Pixels, shape.Input.Pitch / Block, default, scratchStart + shape.WeightLength);
            context.Workers.Run(job.Chunks, ref job);
        }
    }

    private static int TurnedDepth(in ConvolutionShape shape) => shape.Window.R * shape.Window.S * shape.Output.Pitch;
}
