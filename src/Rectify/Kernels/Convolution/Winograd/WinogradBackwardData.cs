using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>Backward-data of a 3×3 or 2×2 convolution of stride 1: a convolution of dy with the filters turned and transposed.</summary>
/// <remarks>Error and NaN as in <see cref="WinogradForward{V, TScheme}"/>.</remarks>
internal sealed unsafe class WinogradBackwardData<V, TScheme> : ConvolutionBackwardDataKernel
    where V : struct, ILanes<V>
    where TScheme : IWinograd
{
    public override string Name => $"{TScheme.Name}-{V.Width * 32}";

    public override bool Supports(in ConvolutionShape shape, Isa isa) => (int)isa >= V.Width && WinogradShapes.Supports<TScheme>(shape);

    public override bool Pays(in ConvolutionShape shape) => WinogradShapes.Pays<TScheme>(shape, TileGrid.Backward<TScheme>(shape));

    public override bool IsApproximate => true;

    public override long ScratchLength(in ConvolutionShape shape, int workers) =>
        shape.WeightLength + new WinogradPlan(TileGrid.Backward<TScheme>(shape), workers).ScratchLength(workers);

    public override void Run(in ConvolutionShape shape, ReadOnlySpan<float> dy, ReadOnlySpan<float> w, Span<float> dx, Span<float> scratch, KernelContext context)
    {
        fixed (float* dyStart = dy, wStart = w, dxStart = dx, scratchStart = scratch)
        {
            TurnFilters turn = new(shape, wStart, scratchStart);
            context.Workers.Run(turn.Chunks, ref turn);
            Epilogue<V> epilogue = new() { Y = dxStart };
            WinogradMultiply<V, TScheme>.Run(TileGrid.Backward<TScheme>(shape), scratchStart, dyStart, epilogue, scratchStart + shape.WeightLength, context.Workers);
        }
    }
}
