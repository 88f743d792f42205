using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>Backward-data of a 3×3 convolution of stride 1: a convolution of dy with the filters turned and transposed, by F(4×4, 3×3).</summary>
/// <remarks>Error and NaN as in <see cref="WinogradForward{V}"/>.</remarks>
internal sealed unsafe class WinogradBackwardData<V> : ConvolutionBackwardDataKernel
    where V : struct, ILanes<V>
{
    public override string Name => $"winograd-{V.Width * 32}";

    public override bool Supports(in ConvolutionShape shape, Isa isa) => (int)isa >= V.Width && WinogradShapes.Supports(shape);

    public override bool Pays(in ConvolutionShape shape) => WinogradShapes.Pays(shape, TileGrid.Backward(shape));

    public override bool IsApproximate => true;

    public override long ScratchLength(in ConvolutionShape shape, int workers) =>
        shape.WeightLength + new WinogradPlan(TileGrid.Backward(shape)).ScratchLength(workers);

    public override void Run(in ConvolutionShape shape, ReadOnlySpan<float> dy, ReadOnlySpan<float> w, Span<float> dx, Span<float> scratch, KernelContext context)
    {
        fixed (float* dyStart = dy, wStart = w, dxStart = dx, scratchStart = scratch)
        {
            TurnFilters turn = new(shape, wStart, scratchStart);
            context.Workers.Run(turn.Chunks, ref turn);
            Epilogue<V> epilogue = new() { Y = dxStart };
            WinogradMultiply<V>.Run(TileGrid.Backward(shape), scratchStart, dyStart, epilogue, scratchStart + shape.WeightLength, context.Workers);
        }
    }
}
